import Testing

@testable import Report

@Suite struct PrintedTextTests {
  @Test(arguments: [
    ("a\nb\n", ["a", "b"]),
    ("1 %\r50 %\r100 %\ndone\r\n", ["100 %", "done"]),
    ("\u{1B}[1;31mred\u{1B}[0m \u{1B}]8;;x\u{07}link", ["red link"]),
    ("a\n\n\n", ["a"]),
    ("", []),
  ])
  func linesAsATerminalLeavesThem(text: String, lines: [String]) {
    #expect(PrintedText.lines(text) == lines)
  }

  @Test func twoLinesMoreAreNotWorthFolding() {
    let text = (1...18).map(String.init).joined(separator: "\n")
    #expect(PrintedText(text).folded.isEmpty)
    #expect(PrintedText(text + "\n19").folded.count == 3)
  }

  @Test func ofAVeryLongOutputBeginningAndEndStay() {
    let printed = PrintedText((1...5_000).map(String.init).joined(separator: "\n"))
    #expect(printed.leftOut == 3_000)
    #expect(printed.folded[printed.foldedBeforeGap - 1] == "1000")
    #expect(printed.folded[printed.foldedBeforeGap] == "4001")
    #expect(printed.folded.last == "5000")
  }
}
