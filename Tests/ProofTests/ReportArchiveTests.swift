import Core
import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Proof
@testable import Report

@Suite struct ReportArchiveTests {
  static let archive = ReportArchive(files: [
    .init(kind: .notebook, path: "周报 & \"1\".md", content: Data("# 你好\n".utf8)),
    .init(kind: .lock, path: "n.lock.json", content: Data("{}".utf8)),
    .init(kind: .data, path: "data/空.csv", content: Data()),
    .init(kind: .data, path: "data/random.bin", content: Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 * $0) })),
  ])

  static let page = "<!DOCTYPE html>\n<html><body>\n\(archive.files.html.source)</body></html>\n"

  @Test func aPageGivesBackWhatItCarries() throws {
    let read = try ReportArchive(page: Data(Self.page.utf8), file: "r.html")
    #expect(read.files.map(\.path) == Self.archive.files.map(\.path))
    #expect(read.files.map(\.kind) == Self.archive.files.map(\.kind))
    #expect(read.files.map(\.content) == Self.archive.files.map(\.content))
  }

  @Test func theSameFilesGiveTheSamePage() {
    #expect(Self.archive.files.html.source == Self.archive.files.html.source)
    #expect(PageCheck(Self.page).problems.isEmpty)
  }

  static let edits: [(what: String, edit: @Sendable (String) -> String, error: String)] = [
    (
      "another page", { _ in "<html></html>" },
      "r.html: the page carries no notebook"
    ),
    (
      "a changed byte", { $0.replacingOccurrences(of: "\neN", with: "\neM") },
      "r.html: 周报 & \"1\".md in the report is damaged: its content doesn't match its digest"
    ),
    (
      "another digest",
      { $0.replacing(/data-sha256="[0-9a-f]{4}/, with: "data-sha256=\"0000", maxReplacements: 1) },
      "r.html: 周报 & \"1\".md in the report is damaged: its content doesn't match its digest"
    ),
    (
      "a page cut short", { String($0.dropLast(60)) },
      "r.html: data/random.bin in the report is damaged: its content doesn't match its digest"
    ),
    (
      "a lying size", { $0.replacingOccurrences(of: "data-bytes=\"9\"", with: "data-bytes=\"10\"") },
      "r.html: 周报 & \"1\".md in the report is damaged: its content doesn't match its digest"
    ),
    (
      "an enormous size", { $0.replacingOccurrences(of: "data-bytes=\"9\"", with: "data-bytes=\"99999999999999\"") },
      "r.html: 周报 & \"1\".md in the report would be unpacked to 99999999999999 bytes, more than a report may carry"
    ),
    (
      "a path that leads out", { $0.replacingOccurrences(of: "data/random.bin", with: "../random.bin") },
      "r.html: \"../random.bin\" in the report would be written outside the folder that it is unpacked to"
    ),
    (
      "a path that leads out in the middle", { $0.replacingOccurrences(of: "data/random.bin", with: "a/../../b") },
      "r.html: \"a/../../b\" in the report would be written outside the folder that it is unpacked to"
    ),
    (
      "an absolute path", { $0.replacingOccurrences(of: "data/random.bin", with: "/etc/passwd") },
      "r.html: \"/etc/passwd\" in the report would be written outside the folder that it is unpacked to"
    ),
  ]

  @Test(arguments: edits.indices)
  func whatIsNotAsWrittenIsRefused(index: Int) {
    let row = Self.edits[index]
    let edited = row.edit(Self.page)
    #expect(edited != Self.page, "\(row.what)")
    #expect {
      _ = try ReportArchive(page: Data(edited.utf8), file: "r.html")
    } throws: { error in
      let error = error as? InputError
      return error.map { "\($0.place?.description ?? ""): \($0.cause)" } == row.error && error?.remedy != nil
    }
  }

  @Test func noPageMakesTheReaderCrash() {
    var generator = SeededGenerator(seed: 1)
    let bytes = [UInt8](Self.page.utf8)
    for _ in 0..<2000 {
      var edited = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = edited.indices.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: edited[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: edited.removeSubrange(place..<min(edited.count, place + Int.random(in: 1...400, using: &generator)))
        default: edited.insert(contentsOf: edited[place...].prefix(100), at: place)
        }
      }
      if let archive = try? ReportArchive(page: Data(edited), file: "r.html") {
        for file in archive.files {
          #expect(ReportArchive.isInside(file.path))
        }
      }
    }
  }

  // MARK: Unpacking

  @Test func unpackingReplacesNothingUnlessItMay() throws {
    let folder = try TemporaryFolder("test")
    let paths = try Self.archive.unpack(to: folder.url, replace: false)
    #expect(paths == Self.archive.files.map(\.path))
    #expect(try Data(contentsOf: folder.url.appendingPathComponent("data/空.csv")).isEmpty)
    // Unpacking the same files again is allowed.
    _ = try Self.archive.unpack(to: folder.url, replace: false)
    let lock = folder.url.appendingPathComponent("n.lock.json")
    try Data("mine".utf8).write(to: lock)
    let random = folder.url.appendingPathComponent("data/random.bin")
    try FileManager.default.removeItem(at: random)
    #expect(throws: NotebookError.self) { try Self.archive.unpack(to: folder.url, replace: false) }
    #expect(try String(contentsOf: lock, encoding: .utf8) == "mine")
    #expect(!FileManager.default.fileExists(atPath: random.path), "nothing is written when something is in the way")
    _ = try Self.archive.unpack(to: folder.url, replace: true)
    #expect(try String(contentsOf: lock, encoding: .utf8) == "{}")
  }

  @Test func unpackingFollowsNoLinkOutOfTheFolder() throws {
    let folder = try TemporaryFolder("test")
    let outside = try TemporaryFolder("outside")
    try FileManager.default.createSymbolicLink(
      at: folder.url.appendingPathComponent("data"), withDestinationURL: outside.url)
    #expect(throws: NotebookError.self) { try Self.archive.unpack(to: folder.url, replace: true) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: outside.url.path).isEmpty)
  }
}
