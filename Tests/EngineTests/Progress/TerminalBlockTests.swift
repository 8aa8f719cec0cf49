import Testing

@testable import Engine

/// The terminal's screen after each frame.
@Suite struct TerminalBlockTests {
  /// A minimal terminal emulator with the escape sequences that the frames use.
  private struct Screen {
    var lines = [""]
    var row = 0
    var showsCursor = true

    mutating func write(_ text: String) {
      var rest = Substring(text)
      while let character = rest.popFirst() {
        switch character {
        case "\r": break
        case "\n":
          row += 1
          if row == lines.count { lines.append("") }
        case "\u{1B}":
          rest = rest.dropFirst()
          let parameters = rest.prefix { !$0.isLetter }
          rest = rest.dropFirst(parameters.count)
          switch rest.popFirst() {
          case "A": row = max(0, row - (Int(parameters) ?? 1))
          case "J": lines = Array(lines.prefix(row)) + [""]
          case "K": break
          case "l" where parameters == "?25": showsCursor = false
          case "h" where parameters == "?25": showsCursor = true
          case let other: Issue.record("an unknown sequence ends in \(other.map(String.init) ?? "nothing")")
          }
        default:
          let run = String(character) + String(rest.prefix { $0 != "\u{1B}" && $0 != "\n" && $0 != "\r" })
          rest = rest.dropFirst(run.count - 1)
          lines[row] = run
        }
      }
    }
  }

  @Test func linesAreReplacedInPlaceAndOthersStayAbove() {
    var block = TerminalBlock()
    var screen = Screen()
    screen.write(block.frame(["a 1", "b 1"]))
    #expect(screen.lines == ["a 1", "b 1", ""])
    screen.write(block.frame(["a 2", "b 2"]))
    #expect(screen.lines == ["a 2", "b 2", ""])
    screen.write(block.frame(["b 3"], above: "a ran"))
    #expect(screen.lines == ["a ran", "b 3", ""])
    screen.write(block.frame([], above: "b ran"))
    #expect(screen.lines == ["a ran", "b ran", ""])
    screen.write(block.frame(["c"]))
    #expect(screen.lines == ["a ran", "b ran", "c", ""])
    #expect(screen.showsCursor)
  }

  @Test func everyFrameEndsWithTheCursorShown() {
    var block = TerminalBlock()
    let frame = block.frame(["a"])
    #expect(frame.hasPrefix("\u{1B}[?25l") && frame.hasSuffix("\u{1B}[?25h"))
  }

  @Test func whatStaysTheSameIsNotWritten() {
    var block = TerminalBlock()
    _ = block.frame(["a"])
    #expect(block.frame(["a"]) == "")
    #expect(block.frame(["a"], above: "a") != "")
  }
}
