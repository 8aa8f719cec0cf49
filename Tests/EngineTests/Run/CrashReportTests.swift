import Testing

@testable import Engine

@Suite struct CrashReportTests {
  @Test func theInnermostFrameOfTheCellGivesTheLine() {
    let report = CrashReport(
      standardError: """
        mine

        *** Signal 4: Backtracing from 0x55... done ***

        *** Program crashed: Illegal instruction at 0x000055f337fe8e59 ***

        Thread 0 "cell" crashed:

          0 [inlined] [system] 0x000055f337fe8e59 subscript.get in cell at //<compiler-generated>
          1 [inlined]          0x000055f337fe8e59 f in cell at /tmp/x/Declarations.swift:17:40
          2                    0x000055f337fe8e59 main + 217 in cell at /tmp/x/main.swift:102:7
        """)
    #expect(report.line == 17)
    #expect(report.message == nil)
    #expect(report.rest == "mine")
  }

  @Test(arguments: [
    ("Swift/ContiguousArrayBuffer.swift:600: Fatal error: Index out of range\n", "Index out of range"),
    ("main/main.swift:3: Fatal error: oh 不\n", "oh 不"),
    (
      "Could not cast value of type 'Swift.Int' (0x7f45b99da698) to 'Swift.String' (0x7f45b99d7ca0).\n",
      "a value of type Swift.Int can't be cast to Swift.String"
    ),
    ("Fatal error: Error raised at top level: latency.csv:3: bad\n  Fix it.\n", "latency.csv:3: bad\n  Fix it."),
  ])
  func messages(text: String, message: String) {
    #expect(CrashReport(standardError: text).message == message)
    #expect(CrashReport(standardError: "before\n" + text).rest == "before")
  }
}
