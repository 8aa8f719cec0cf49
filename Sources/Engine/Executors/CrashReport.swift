import Foundation

/// The Swift runtime's text on standard error after a trap: an optional message, then a backtrace.
package struct CrashReport: Hashable, Sendable {
  /// The text that follows `Fatal error: `, the text of the error that was thrown to the top level, or the runtime's
  /// words on a failed cast.
  package var message: String?
  /// The line of the innermost frame in a cell's program. Line numbers there are the notebook's.
  package var line: Int?
  /// The text that the program itself had written before.
  package var rest: String?

  /// Settings of `SWIFT_BACKTRACE` under which `init` can read the report.
  package static let backtraceSettings =
    "enable=yes,color=no,interactive=no,registers=none,images=none,threads=crashed,limit=64,cache=no,output-to=stderr"

  package init(standardError: String) {
    // The runtime's remarks on its own backtrace don't concern the program, and differ from run to run.
    var lines = standardError.components(separatedBy: "\n").filter { !$0.hasPrefix("swift-runtime: ") }
    let marks = ["*** Signal ", "*** Program crashed", "Backtracing from "]
    if let start = lines.firstIndex(where: { line in marks.contains { line.contains($0) } }) {
      line = lines[start...].lazy.compactMap(Self.cellLine).first
      lines.removeSubrange(start...)
      // The backtracer's own lines follow an empty line.
      while lines.last?.isEmpty ?? false { lines.removeLast() }
    }
    if let index = lines.lastIndex(where: { $0.contains("Fatal error: ") }),
      let range = lines[index].range(of: "Fatal error: ")
    {
      let text = String(lines[index][range.upperBound...])
      let thrown = "Error raised at top level: "
      message = text
      if text.hasPrefix(thrown) {
        // A thrown error's text may have several lines. The place where the runtime traps is not the place of the
        // error.
        let rest = lines[(index + 1)...].filter { !$0.isEmpty }
        message = ([String(text.dropFirst(thrown.count))] + rest).joined(separator: "\n")
        line = nil
      }
      lines.removeSubrange(index...)
    } else if let index = lines.lastIndex(where: { $0.hasPrefix(Self.failedCast) }),
      let types = lines[index].firstMatch(of: #/type '([^']+)' \([^)]*\) to '([^']+)'/#)
    {
      // The runtime also prints the types' addresses, which differ from run to run.
      message = "a value of type \(types.1) can't be cast to \(types.2)"
      lines.remove(at: index)
    }
    let remaining = lines.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    rest = remaining.isEmpty ? nil : remaining
  }

  private static let failedCast = "Could not cast value of type "

  /// The line of a frame such as `1 [inlined] 0x… f in cell at /tmp/main.swift:12:40`.
  private static func cellLine(_ frame: String) -> Int? {
    let pattern = #/ at .*?([^/]+):(\d+):\d+$/#
    guard let match = try? pattern.firstMatch(in: frame), let line = Int(match.2), line > 0,
      ["main.swift", "Declarations.swift"].contains(match.1) || match.1.hasSuffix(".md")
    else { return nil }
    return line
  }
}
