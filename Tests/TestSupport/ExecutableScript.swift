import Foundation

/// Scripts that tests write and then start.
public enum ExecutableScript {
  /// Writes an executable script, or replaces one.
  ///
  /// Another process writes it: a process that a concurrent test starts at this moment inherits the files that this one
  /// has open for writing, and as long as it has the script open, the script can't be started ("Text file busy").
  public static func write(_ text: String, to path: String) throws {
    let draft = "\(path).\(UUID().uuidString)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: draft))
    defer { try? FileManager.default.removeItem(atPath: draft) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/install")
    process.arguments = ["-m", "755", draft, path]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}
