import Testing

@testable import Runner

@Suite struct CellGraphTests {
  private func graph(_ cells: [String], types: [String: String] = [:]) throws -> CellGraph {
    let source = cells.enumerated().map { "```swift {#c\($0)}\n\($1)\n```\n" }.joined(separator: "\n")
    let notebook = try Notebook(source: source, file: "n.md")
    return CellGraph(notebook.cells, file: "n.md", types: types)
  }

  @Test(arguments: [
    // Cells, and for the last one: values by defining cell, declarations.
    (["let a = 1", "print(a)"], ["a": "c0"], [String]()),
    (["let a = 1", "let b = a", "print(b)"], ["b": "c1"], []),
    (["func f() {}", "f()"], [:], ["f"]),
    (["let k = 2", "func f() -> Int { k }", "print(f())"], ["k": "c0"], ["f"]),
    (["func g() {}", "func f() { g() }", "f()"], [:], ["g", "f"]),
    (["let a = 1", "do { let a = 2; print(a) }"], [:], []),
    (["struct P { var x = 1 }", "extension P { var double: Int { x * 2 } }", "print(P().double)"], [:], ["P", "P"]),
    (["struct P { var x = 1 }", "extension P { var double: Int { x * 2 } }", "print(P().x)"], [:], ["P"]),
    (["struct P {}", "extension P: Codable {}", "print(P())"], [:], ["P", "P"]),
    (["let _a = 1", "let _a = 2"], [:], []),
    (["infix operator <+>\nfunc <+> (a: Int, b: Int) -> Int { a }", "print(1 <+> 2)"], [:], ["<+>", "<+>"]),
    (["func f() { g() }", "func g() {}", "f()"], [:], ["f", "g"]),
  ])
  func lastCellNeeds(cells: [String], values: [String: String], declarations: [String]) throws {
    let graph = try graph(cells)
    let needs = try #require(graph.needs["c\(cells.count - 1)"])
    #expect(needs.values == values)
    #expect(needs.declarations.map(\.declaration.name) == declarations)
    #expect(graph.diagnostics.isEmpty)
  }

  @Test func aValueBringsTheDeclarationsOfItsType() throws {
    let cells = ["struct Point: Codable {}", "let points = [Point()]", "print(points.count)"]
    let needs = try #require(try graph(cells, types: ["points": "[Point]"]).needs["c2"])
    #expect(needs.declarations.map(\.declaration.name) == ["Point"])
  }

  @Test func ancestorsAreTransitive() throws {
    let graph = try graph(["let a = 1", "let b = a", "let z = 0", "print(b)"])
    #expect(graph.ancestors(of: "c3") == ["c0", "c1"])
  }

  @Test(arguments: [
    (
      ["let a = 1", "let a = 2"],
      """
      n.md:6:5: error: `a` is already defined in the cell "c0"
        A notebook is one Swift file. Rename it, or begin its name with _ to keep it in its cell.
      """
    ),
    (
      ["print(a)", "let a = 2"],
      """
      n.md:2:7: error: `a` is used before the cell "c1" defines it
        Move this cell below line 5.
      """
    ),
    (
      ["var count = 1", "count += 1"],
      """
      n.md:6:1: error: `count` belongs to the cell "c0" and can't be changed here
        Values pass from cell to cell unchanged. Copy it: `var count2 = count`.
      """
    ),
    (
      ["let params = 1"],
      """
      n.md:2:5: error: the name `params` belongs to the notebook's parameters
        Choose another name.
      """
    ),
  ])
  func errors(cells: [String], text: String) throws {
    #expect(try graph(cells).diagnostics.map { $0.text() }.joined(separator: "\n") == text)
  }
}
