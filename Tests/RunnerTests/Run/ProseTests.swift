import Foundation
import TestSupport
import Testing

@testable import Engine

/// The prose runs like a cell: with the same limits, and with a report of failures.
@Suite(.waiting) struct ProseTests {
  @Test func aTimeOutHoldsForTheProse() throws {
    let notebook = try TemporaryNotebook(
      """
      ---
      formats: [gfm]
      ---

      ```swift {#a}
      func loop() -> Int { while cellThreads > 0 { usleep(1000) }; return 1 }
      ```

      Good `{swift} 1 + 1`, bad `{swift} loop()`, after `{swift} 2 + 2`.
      """)
    let ending = try notebook.labbook("run", "--timeout", "2s", "n.md")
    #expect(ending.code == 124)
    #expect(ending.errors.contains("text  failed: n.md:9:"))
    #expect(ending.errors.contains("ran longer than its timeout of 2 s"))
    let report = try notebook.text("reports/n/report.md")
    #expect(report.contains("Good 2") && report.contains("after 4"))
  }

  @Test func aFailureInTheProseIsTold() throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      let list = [1]
      ```

      Good `{swift} 1 + 1`, bad `{swift} list[5]`.
      """)
    let ending = try notebook.labbook("run", "n.md", "--json")
    #expect(ending.code == 1)
    #expect(ending.errors.contains("text  failed: n.md:5:"))
    #expect(ending.output.contains("{\"cell\":\"text\",\"state\":\"failed\""))
  }
}
