import Core
import Foundation
import Plot
import TestSupport
import Testing

@testable import Engine
@testable import Report
@testable import Runner

/// Numbers from cells, options and files that don't fit an integer.
@Suite struct NumberTests {
  static let extremes = [
    0, -0.0, 1e-320, -1e-320, 1e-25, 1, 1e15, -1e15, 1e19, -1e19, 1e300, -1e300, .greatestFiniteMagnitude,
    -.greatestFiniteMagnitude, .infinity, -.infinity, .nan,
  ]

  /// Every pair of numbers as the ends of a curve, on both scales, drawn as a picture and described in words.
  @Test func chartsOfAnyNumbersAreDrawnOrRefused() {
    for low in Self.extremes {
      for high in Self.extremes {
        let values = Values([low, (low + high) / 2, high])
        for scale in [Scale.linear, .logarithmic] {
          for mark in [Mark.line(x: values, y: values), .point(x: values, y: values)] {
            let chart = Chart(
              panels: [Panel(x: Axis("x", scale: scale), y: Axis("y", scale: scale), layers: [Layer(mark)])])
            _ = try? chart.svg()
            _ = chart.description(language: "zh")
          }
        }
        _ = Bins([low, high, 1], rule: .scott)
      }
    }
  }

  @Test func progressOfAnyKindHasATime() {
    let now = ContinuousClock.now
    for fraction in Self.extremes + [1e-25, 5e-324] {
      var activity = CellActivity(cell: "a", at: now)
      activity.run(at: now)
      activity.note(.progress(fraction, note: ""), at: now + .seconds(5))
      let lines = ProgressLines(columns: 80, rows: 24, nameColumns: 4)
      #expect(lines.lines([activity], waiting: 0, at: now + .seconds(10)).count == 1)
      _ = LiveCell(activity: activity, language: "en").html(at: now + .seconds(10))
      _ = LiveCell(activity: activity, language: "zh").text(at: now + .seconds(10))
    }
    for seconds in Self.extremes {
      #expect(!ProgressDisplay.time(seconds).isEmpty)
      #expect(!EnglishWords().duration(seconds).isEmpty && !ChineseWords().duration(seconds).isEmpty)
    }
  }

  @Test(
    arguments: [
      ("90", 90.0), ("90s", 90), ("30m", 1800), ("2h", 7200), ("0.5s", 0.5), ("1e30s", nil), ("1e30", nil),
      ("inf", nil),
      ("nan", nil), ("0.0000001s", nil), ("-1", nil), ("0", nil), ("9000h", nil), ("8784h", 31_622_400),
    ] as [(String, Double?)])
  func aTimeoutIsATime(text: String, seconds: Double?) {
    #expect(CellOptions.seconds(text) == seconds)
  }

  @Test(arguments: [
    (Int.min, Int.max), (.max, .min), (-1, 5), (0, .max), (.min, .min), (3, 2),
  ])
  func eventsMayPointAnywhereIntoTheOutput(start: Int, end: Int) throws {
    let folder = try TemporaryFolder("test")
    for size in [10, (1 << 20) + 1000] {
      let file = folder.url.appendingPathComponent("out")
      try Data(repeating: 0x61, count: size).write(to: file)
      let output = CapturedOutput(file, overflow: folder.url.appendingPathComponent("all"))
      #expect(output.text(from: start, to: end).utf8.count <= size + 200)
    }
  }

  @Test(arguments: [
    ("2023-02-28", true), ("2024-02-29", true), ("2023-02-29", false), ("2023-13-01", false), ("2023-04-31", false),
    ("2023-W52", true), ("2020-W53", true), ("2023-W53", false), ("2023-W00", false), ("2023-W99", false),
    ("2023-11-01/2023-11-10", true), ("2023-11-10/2023-11-01", false), ("0000-00-00", false), ("Spring 2023", true),
  ])
  func aDateThatTheCalendarDoesNotHaveIsTold(date: String, isReal: Bool) throws {
    let notebook = try Notebook(source: "---\ndate: \"\(date)\"\n---\n# x\n", file: "n.md")
    #expect(notebook.warnings.isEmpty == isReal, "\(notebook.warnings)")
    if !isReal {
      #expect(notebook.warnings.first?.message.hasPrefix("the date \(date) stays as it is") == true)
      #expect(EnglishWords().date(date) == date, "and is shown as it was written")
    }
  }

  @Test(arguments: ["class", "let", "self", "init", "in", "true", "Self", "func"])
  func aWordOfSwiftNamesNoParameter(name: String) {
    #expect {
      try Notebook(source: "---\nparams:\n  \(name == "true" ? "\"true\"" : name): 1\n---\n", file: "n.md")
    } throws: { error in
      let diagnostic = (error as? NotebookError)?.diagnostics.first
      return diagnostic?.place?.line == 3 && diagnostic?.message.contains("is a Swift keyword") == true
    }
  }

  @Test func aCellKeepsTheNotebooksPlaces() {
    let source = "```swift {#a}\nlet s = \"#sourceLocation\"\n#sourceLocation(file: \"/etc/passwd\", line: 1)\n```\n"
    #expect {
      try Notebook(source: source, file: "n.md")
    } throws: { error in
      let diagnostic = (error as? NotebookError)?.diagnostics.first
      return diagnostic?.place?.description == "n.md:3:1" && diagnostic?.message.hasPrefix("#sourceLocation") == true
    }
    #expect(throws: Never.self) {
      try Notebook(source: "```swift {#a}\nlet s = \"#sourceLocation\" // #sourceLocation()\n```\n", file: "n.md")
    }
  }
}
