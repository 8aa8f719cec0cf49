import Foundation
import Wire

/// A folder in which notebooks of all folders keep what the compiler made of them, so that equal cells are compiled
/// once. The environment variable `LABBOOK_PROGRAMS` names it, as `make quick-test` does; there is none otherwise.
///
/// Nothing in it is checked against a digest, so it must be a folder that only its user writes to.
struct CommonPrograms: Sendable {
  private let folder: URL

  static let variable = "LABBOOK_PROGRAMS"

  /// - Returns: nil if the variable isn't set.
  init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
    guard let path = environment[Self.variable], !path.isEmpty else { return nil }
    folder = URL(fileURLWithPath: path)
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func executable(_ programs: String, _ linkArguments: [String]) -> URL {
    folder.appendingPathComponent(SHA256.hex(([programs] + linkArguments).joined(separator: "\0")) + ".program")
  }

  /// Copies the executable of these programs.
  /// - Returns: Whether there is one.
  func copy(programs: String, to file: URL, _ linkArguments: [String]) -> Bool {
    (try? FileManager.default.copyItem(at: executable(programs, linkArguments), to: file)) != nil
  }

  func keep(_ file: URL, programs: String, _ linkArguments: [String]) {
    keep(executable(programs, linkArguments)) { try FileManager.default.copyItem(at: file, to: $0) }
  }

  func check(_ key: String) -> NotebookCompiler.Check? {
    FileManager.default.contents(atPath: folder.appendingPathComponent("\(key).check").path)
      .flatMap { try? JSONDecoder().decode(NotebookCompiler.Check.self, from: $0) }
  }

  func keep(_ check: NotebookCompiler.Check, as key: String) {
    keep(folder.appendingPathComponent("\(key).check")) { try JSONEncoder().encode(check).write(to: $0) }
  }

  /// Others may read and write the same file at the same time, so it appears whole or not at all.
  private func keep(_ file: URL, _ write: (URL) throws -> Void) {
    let new = folder.appendingPathComponent(".\(UUID().uuidString)")
    guard (try? write(new)) != nil else { return }
    if rename(new.path, file.path) != 0 { try? FileManager.default.removeItem(at: new) }
  }
}

extension NotebookCompiler {
  var common: CommonPrograms? { CommonPrograms() }
}
