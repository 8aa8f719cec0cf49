import ArgumentParser
import Engine
import Foundation
import Proof
import Wire

/// `labbook unpack`: gives back the notebook, the lock and the data that a report carries.
struct UnpackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpack",
    abstract: "Gives back the notebook that a report carries, its lock and its small data files.",
    discussion: "Data files that the report only names are listed with their SHA-256.")

  @Argument(help: "The report, an HTML file that Labbook wrote.")
  var report: String

  @Argument(help: "The folder to write to; it is made if need be.")
  var folder: String

  @Flag(help: "Replace files of other content.")
  var force = false

  func run() async throws {
    try await reportingErrors {
      let archive = try ReportArchive(reading: report)
      let lock = try archive.lock(file: report)
      let target = URL(fileURLWithPath: folder, isDirectory: true)
      for line in try archive.unpack(to: target, replace: force) { print("\(folder)/\(line)") }
      for file in lock.files where !archive.files.contains(where: { $0.kind == .data && $0.path == file.path }) {
        let size = file.bytes.map { ", \($0) bytes" } ?? ""
        print("not in the report: \(file.path)\(size), sha256 \(file.sha256)")
      }
    }
  }
}

extension ReportArchive {
  /// Writes the files into a folder.
  /// - Returns: Their paths in it.
  /// - Throws: `NotebookError` when files of other content are in the way; then none is written.
  func unpack(to folder: URL, replace: Bool) throws -> [String] {
    // Links in the folder may lead out of it.
    let root = folder.resolvingSymlinksInPath().standardizedFileURL.path
    var obstacles: [Diagnostic] = []
    for file in files {
      let url = folder.appendingPathComponent(file.path)
      let parent = url.deletingLastPathComponent().resolvingSymlinksInPath().standardizedFileURL.path
      if parent != root, !parent.hasPrefix(root + "/") {
        obstacles.append(.error("\(url.path) leads out of the folder by a link"))
      } else if !replace, let content = FileManager.default.contents(atPath: url.path), content != file.content {
        obstacles.append(
          .error(
            "\(url.path) is there already, and is another file",
            remedy: "Unpack to a new folder, or replace it by --force."))
      }
    }
    if !obstacles.isEmpty { throw NotebookError(obstacles) }
    for file in files {
      let url = folder.appendingPathComponent(file.path)
      do {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try file.content.writeDurably(to: url, replace: true)
      } catch {
        throw NotebookError("\(url.path) can't be written: \(error)")
      }
    }
    return files.map(\.path)
  }
}
