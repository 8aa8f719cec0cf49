import Foundation
import Testing

/// Compares a text with the one stored in `Snapshots` of the test's target. With `LABBOOK_RECORD=1` in the
/// environment, it stores the text anew.
package func expectSnapshot(
  _ text: String, named name: String, filePath: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(fileURLWithPath: filePath).deletingLastPathComponent().appendingPathComponent("Snapshots/\(name)")
  if ProcessInfo.processInfo.environment["LABBOOK_RECORD"] == "1" {
    try text.write(to: file, atomically: true, encoding: .utf8)
    return
  }
  let stored = try String(contentsOf: file, encoding: .utf8)
  guard text != stored else { return }
  let lines = zip(
    text.split(separator: "\n", omittingEmptySubsequences: false),
    stored.split(separator: "\n", omittingEmptySubsequences: false))
  let difference = lines.enumerated().first { $1.0 != $1.1 }
  let place = difference.map { number, lines in
    " at line \(number + 1):\n  now    \(lines.0)\n  stored \(lines.1)"
  }
  Issue.record(
    """
    \(name) differs\(place ?? " in length")
    Look at the change and store it with LABBOOK_RECORD=1.
    """, sourceLocation: sourceLocation)
}
