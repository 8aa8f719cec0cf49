import Basics
import Core
import Foundation
import Report
import Wire

/// Restricts the paths that a report may be unpacked to: its notebook, its lock, its results and its data, and no
/// names that another program would run or read as its settings.
extension ReportArchive {
  /// The reason why a file with this path must not be written; nil if it may be.
  package static func objection(to path: String) -> String? {
    guard isInside(path) else { return "would be written outside the folder that it is unpacked to" }
    if path.unicodeScalars.contains(where: { $0.visibleForm != nil }) { return "has invisible characters" }
    if path.utf8.count > 1_000 { return "is longer than file systems allow" }
    if path.utf8.count(where: { $0 == UInt8(ascii: "/") }) > 32 { return "is more than 32 folders deep" }
    for part in path.split(separator: "/") {
      if part.utf8.count > 200 { return "has a name that is longer than file systems allow" }
      if part.hasPrefix(".") { return "has a hidden name, as settings of programs have" }
      if part.hasSuffix(".") || part.hasSuffix(" ") || part.hasPrefix(" ") {
        return "has a name that begins or ends with a space or a dot"
      }
      if part.contains("\\") || part.contains(":") { return "has a name that is a path on other systems" }
      if reserved.contains(part.lowercased()) || isDevice(part) {
        return "has a name that another program would use"
      }
    }
    return nil
  }

  /// Names under which other programs look for files to run, and Labbook's own names.
  private static let reserved: Set<String> = [
    "package.swift", "makefile", "gnumakefile", "justfile", "cmakelists.txt", "rakefile", "gemfile", "package.json",
    "setup.py", "setup.cfg", "pyproject.toml", "conftest.py", "sitecustomize.py", "cargo.toml", "build.gradle",
    "dockerfile", "vagrantfile", "autorun.inf", "desktop.ini", "reports",
  ]

  /// Whether Windows reads the name as a device, whatever its extension.
  private static func isDevice(_ name: Substring) -> Bool {
    let stem = name.prefix { $0 != "." }.uppercased()
    return ["CON", "PRN", "AUX", "NUL"].contains(stem)
      || (stem.count == 4 && (stem.hasPrefix("COM") || stem.hasPrefix("LPT")) && stem.last?.isNumber == true)
  }

  /// - Throws: `InputError` where files have the same name, block each other's path, or don't belong in a report.
  package func requireSoundness(file: String) throws {
    func refuse(_ what: String) -> InputError { .forged(what, file) }
    for file in files {
      if let objection = Self.objection(to: file.path) {
        throw refuse("\"\(file.path.visible)\" in the report \(objection)")
      }
    }
    for kind in [CarriedFile.Kind.notebook, .lock, .results] where files.count(where: { $0.kind == kind }) > 1 {
      throw refuse("the report contains more than one \(kind.rawValue)")
    }
    // Paths are compared as by file systems that ignore case and Unicode normalisation.
    let paths = files.map { $0.path.precomposedStringWithCanonicalMapping.lowercased() }
    var seen: Set<String> = []
    for (path, file) in zip(paths, files) where !seen.insert(path).inserted {
      throw refuse("the report contains two files named \(file.path.visible)")
    }
    for (path, file) in zip(paths, files) {
      var parts = path.split(separator: "/").dropLast()
      while !parts.isEmpty {
        guard !seen.contains(parts.joined(separator: "/")) else {
          throw refuse("in the report, \(file.path.visible) is inside another file instead of a folder")
        }
        parts = parts.dropLast()
      }
    }
    for file in files where file.kind != .data {
      guard !file.path.contains("/") else {
        throw refuse("the \(file.kind.rawValue) in the report would be written to another folder: \(file.path.visible)")
      }
    }
    let endings: [CarriedFile.Kind: String] = [.notebook: ".md", .lock: ".lock.json", .results: ".results.json"]
    for file in files {
      let name = file.path.lowercased()
      let isRight = endings[file.kind].map { name.hasSuffix($0) } ?? !endings.values.contains { name.hasSuffix($0) }
      guard isRight else { throw refuse("\(file.path.visible) in the report has a wrong name for its kind of file") }
    }
  }

  /// Requires that the notebook and the data are the files that the lock names.
  package func requireAgreement(with lock: ReportLock, file: String) throws {
    let digests = Dictionary(lock.files.map { ($0.path, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    for carried in files {
      let isNamed =
        switch carried.kind {
        case .notebook: SHA256.hex(carried.content) == lock.notebook.sha256
        case .data: SHA256.hex(carried.content) == digests[carried.path]
        case .lock, .results: true
        }
      guard isNamed else {
        throw InputError(
          "\(carried.path.visible) in the report is not the file that the results were made from",
          at: Place(file: file), remedy: "The report was changed after it was written; get it again from where it came."
        )
      }
    }
  }
}

extension InputError {
  /// An error in a report that Labbook didn't write, or that was changed later.
  static func forged(_ what: String, _ file: String) -> InputError {
    InputError(what, at: Place(file: file), remedy: "Labbook never writes such a report: don't trust it.")
  }
}
