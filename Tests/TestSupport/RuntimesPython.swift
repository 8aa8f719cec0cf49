import Foundation

/// The Python with the real runtimes: from the environment that `make runtimes` makes, or LABBOOK_RUNTIMES; nil if
/// there is none.
public enum RuntimesPython {
  public static let path: String? = {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let made = root.appendingPathComponent(".build/runtimes/bin/python").path
    return [ProcessInfo.processInfo.environment["LABBOOK_RUNTIMES"], made].compactMap(\.self)
      .first(where: FileManager.default.isExecutableFile)
  }()
}
