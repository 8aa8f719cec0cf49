import Basics
import Testing

@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("plain 你好 👩‍👩‍👧 é", "plain 你好 👩‍👩‍👧 é"), ("\u{1B}[2J", "<U+001B>[2J"), ("a\r\nb", "a<U+000D><U+000A>b"),
    ("\u{7}\u{8}\u{0}", "<U+0007><U+0008><U+0000>"),
    ("\u{7F}\u{9B}31m", "<U+007F><U+009B>31m"), ("\u{202E}evil\u{2066}", "<U+202E>evil<U+2066>"),
    ("\u{200F}\u{61C}\u{2028}", "<U+200F><U+061C><U+2028>"),
  ])
  func controlsAreSeen(text: String, expected: String) {
    #expect(text.visible == expected)
  }

  @Test func linesStayLines() {
    #expect("a\n\tb\u{1B}\r\n".visibleLines == "a\n\tb<U+001B><U+000D>\n")
  }

  @Test func nothingThatMovesACursorIsLeft() {
    let all = String(String.UnicodeScalarView((0...0xFFFF).compactMap { Unicode.Scalar(UInt32($0)) }))
    #expect(all.visible.visible == all.visible)
    #expect(!all.visible.unicodeScalars.contains { $0.properties.generalCategory == .control })
    #expect(!all.visible.unicodeScalars.contains { $0.properties.isBidiControl })
  }
}
