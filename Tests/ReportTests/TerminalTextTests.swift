import Core
import Numerics
import Testing

@testable import Report

@Suite struct TerminalTextTests {
  @Test(arguments: [
    // Escape sequences without visible effect: character sets, modes, strings, colours with colons, in 7 and in 8
    // bits.
    ("\u{1B}(Bplain\u{1B}[m", ["plain"]), ("\u{1B}=a\u{1B}>b\u{1B}#8c\u{1B}%Gd", ["abcd"]),
    ("\u{1B}Ppayload\u{1B}\\a\u{1B}_x\u{1B}\\b\u{1B}^y\u{1B}\\c", ["abc"]),
    ("\u{9B}31mred\u{9B}0m \u{90}q\u{9C}on", ["red on"]), ("\u{1B}[38:5:208morange\u{1B}[0m", ["orange"]),
    ("\u{1B}[?25lhidden\u{1B}[?25h", ["hidden"]), ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{7}", ["link"]),
    ("bell\u{7}, null\0, delete\u{7F}", ["bell, null, delete"]),
    // Truncated sequences.
    ("a \u{1B}]0;title\nnext", ["a ", "next"]), ("cut \u{1B}[3", ["cut "]), ("cut \u{1B}", ["cut "]),
    // Cursor movements.
    ("0.50\u{8}\u{8}\u{8}\u{8}0.25", ["0.25"]), ("N\u{8}NA\u{8}A", ["NA"]), ("long line\rnew", ["newg line"]),
    ("long line\r\u{1B}[Knew", ["new"]), ("a\u{1B}7b\u{1B}8c", ["ac"]), ("a\u{1B}[3Cb", ["a   b"]),
    ("abc\u{1B}[1Gx", ["xbc"]),
    ("a: 1 %\nb: 1 %\n\u{1B}[2Aa: 9 %\nb: 8 %\n", ["a: 9 %", "b: 8 %"]),
    ("1\n2\n\u{1B}[1A\u{1B}[2K3\n", ["1", "3"]), ("one\n\u{1B}[2J\u{1B}[Htwo", ["two"]),
    ("abc\u{1B}[2D\u{1B}[P!", ["a!"]),
    ("abc\r\u{1B}[2@", ["  abc"]), ("a\nb\u{1B}[1A\u{1B}[L!", ["!", "a", "b"]), ("a\nb\u{1B}M\u{1B}[M", ["b"]),
    // Wide characters take two columns.
    ("进度 50%\r进度 99%", ["进度 99%"]), ("进度\rab", ["ab度"]), ("进度\ra", ["a 度"]), ("进\u{8}\u{8}x", ["x "]),
    ("a\tb\rX", ["X       b"]), ("a\tb", ["a\tb"]),
  ])
  func isWhatATerminalShows(text: String, lines: [String]) {
    #expect(TerminalText.lines(text) == lines)
  }

  /// For any output, no control character remains, and no line is longer than a screen.
  @Test func nothingOfRandomSequencesIsLeft() {
    var generator = SeededGenerator(seed: 5)
    let parts = [
      "\u{1B}", "[", "9999", ";", "A", "B", "C", "@", "L", "M", "J", "K", "\n", "\r", "\u{8}", "x", "进", "\u{9B}", "P",
      "\t",
    ]
    for _ in 0..<300 {
      let text = (0..<200).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
      let lines = TerminalText.lines(text + "\r")
      #expect(lines.count <= 1_300)
      #expect(
        lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) } })
    }
  }
}
