import Core
import Foundation
import Testing

@testable import Engine

/// Reading and planning any text as a notebook ends with a value or an error.
@Suite struct FuzzTests {
  static let seeds = [
    NotebookRunTests.chain, command, StoreTests.source,
    "---\nparams: {a: 1}\n---\n- x\n\n  ```swift {#a timeout=1s}\n  //| fig-cap: [a, b]\n  let (a, b) "
      + "= (1, 2)\n  ```\n",
    "```swift {#e}\nextension Int { var twice: Int { self * 2 } }\nguard let x = Int(\"1\") else { fatalError() "
      + "}\n```\n`{swift} x.twice`\n",
    "---\ntitle: &t 周报\nlang: zh-Hans\nseed: 3\nparams:\n  宽: 1\n  b: 2.5\nheadline: [*t]\n---\n"
      + "1. $$a_1^2$$ | b |\n   > ```swift {#p timeout=2h}\n   > //| depends: [a, b]\n"
      + "   > prefix operator √\n   > prefix func √ (x: Double) -> Double { x.squareRoot() }\n   > ```\n"
      + "\n~~~swift {#q echo=false}\n"
      + "for case let (i, x?) in [1, nil].enumerated() where i > 0 { print(√Double(x)) }\n"
      + "let c = #/a(b)/#\n~~~\n",
  ]

  private static let command = """
    ---
    title: 周报
    lang: zh-Hans
    ---

    ```swift {#data}
    let losses = (1...20).map { 1 / Double($0) }
    ```

    ```swift {#loss}
    //| fig-cap: 损失
    show(Chart.lossCurves([LossCurve(label: "甲", training: losses)]))
    ```

    最后的损失是 `{swift} losses[19]`，见[图](#fig-loss)。
    """

  static let pieces = [
    "```", "```swift {#a}\n", "```swift {#", "}", "{", "//| ", "---\n", "`{swift} ", "`", "$", "$$", "\n", "\n\n",
    "let ", "var ", "func f() {",
    "struct S: Codable {", "\"\"\"", "\"\\(", "#if DEBUG\n", "#endif\n", "(", ")", "[", "]", "=", ".", "\\.", "_x",
    "params.", "数据", "\u{0}", "\u{FEFF}",
    "\r\n", "\t", "🎉", "é", ": ", "- ", "> ", "| a |\n|---|\n", "[^1]", "![](", "<b>", "-->", "&amp;", "&", "\\",
    "if let x {", "in ", "*t", "&t ", "? ", "!!int ", "%", "<<: *t", "seed: -1", "params: {a: ", "lang: ",
    "//| error: true\n", "//| timeout: ", "timeout=", "eval=false", "b=\"", "operator", "extension Int: ",
    "#sourceLocation(", "@main ", "import Foundation\n", "~~~\n", "1. ", "    ", "*/", "/*", "#/", "\u{202E}",
    "\u{301}",
    "\u{2028}", "_", "let _ = ",
  ]

  /// A random text: a seed with pieces inserted, removed, repeated and cut.
  static func text(_ random: inout SeededGenerator) -> String {
    var characters = Array(seeds.randomElement(using: &random) ?? "")
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let at = Int.random(in: 0...characters.count, using: &random)
      let end = min(characters.count, at + Int.random(in: 0...30, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1: characters.insert(contentsOf: Array(pieces.randomElement(using: &random) ?? ""), at: at)
      case 2: characters.removeSubrange(at..<end)
      case 3: characters.insert(contentsOf: characters[at..<end], at: at)
      case 4:
        // A piece of another seed.
        let other = Array(seeds.randomElement(using: &random) ?? "")
        let start = Int.random(in: 0..<other.count, using: &random)
        characters.insert(contentsOf: other[start...].prefix(Int.random(in: 1...80, using: &random)), at: at)
      default: characters = Array(characters[..<at])
      }
    }
    return String(characters)
  }

  /// A short run is always made. `LABBOOK_FUZZ=1000000` makes a longer one. `LABBOOK_FUZZ_FILE=input.md` also keeps
  /// the current text in a file, where it is found after a crash or during a hang.
  @Test func anyTextIsReadAndPlannedToAnEnd() throws {
    let count = ProcessInfo.processInfo.environment["LABBOOK_FUZZ"].flatMap(Int.init) ?? 400
    let seed = ProcessInfo.processInfo.environment["LABBOOK_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
    var random = SeededGenerator(seed: seed)
    let file = ProcessInfo.processInfo.environment["LABBOOK_FUZZ_FILE"]
    var read = 0
    var slowest = (duration: Duration.zero, text: "")
    for _ in 0..<count {
      let text = Self.text(&random)
      if let file { try Data(text.utf8).write(to: URL(fileURLWithPath: file)) }
      let start = ContinuousClock.now
      defer {
        let duration = ContinuousClock.now - start
        if duration > slowest.duration { slowest = (duration, text) }
      }
      guard let notebook = try? Notebook(source: text, file: "n.md") else { continue }
      read += 1
      let graph = CellGraph(notebook.cells, file: "n.md")
      let prose = NotebookProse(notebook, graph)
      let program = NotebookProgram(notebook)
      _ = program.checked(handedOn: [])
      _ = program.tangled
      for cell in notebook.cells {
        let needs = try #require(graph.needs[cell.name])
        _ = CellProgram(cell, of: notebook, needs: needs, types: [:])
        _ = graph.ancestors(of: cell.name)
      }
      _ = NotebookProse.needs(of: prose.items)
    }
    if let file {
      print("\(count) texts, \(read) read; the slowest took \(slowest.duration)")
      try Data(slowest.text.utf8).write(to: URL(fileURLWithPath: file + ".slowest"))
    }
    // Most texts must get past the parser, or else the planning isn't tested.
    #expect(read * 10 > count)
  }
}
