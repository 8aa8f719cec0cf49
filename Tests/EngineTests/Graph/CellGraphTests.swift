import Testing

@testable import Engine

@Suite struct CellGraphTests {
  private func graph(_ cells: [String], types: [String: String] = [:]) throws -> CellGraph {
    let source = cells.enumerated().map { "```swift {#c\($0)}\n\($1)\n```\n" }.joined(separator: "\n")
    let notebook = try Notebook(source: source, file: "n.md")
    return CellGraph(notebook.cells, file: "n.md", types: types)
  }

  @Test(arguments: [
    // A row has the cells, and for the last cell the values by defining cell, and the declarations that it needs.
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
    // Extensions count if their type is used and if their members or conformances may be used.
    (["struct P {}", "struct Q {}\nextension Q { var count: Int { 1 } }", "print(P(), [1].count)"], [:], ["P"]),
    // A declaration that a cell keeps private is copied with the declarations that use it. Overloads and computed
    // variables are declarations.
    (["func _g() {}\nfunc f() { _g() }", "f()"], [:], ["_g", "f"]),
    (["func f(_ x: Int) {}", "func f(_ x: String) {}", "f(1)"], [:], ["f", "f"]),
    (["let k = 2\nvar twice: Int { k * 2 }", "print(twice)"], ["k": "c0"], ["twice"]),
    (["struct _P {}\nextension _P { var twice: Int { 2 } }", "print(2.twice)"], [:], []),
    (["extension Array { var half: Int { count / 2 } }", "print([1].half)", "let count = 1"], [:], []),
    (["struct P {}", "struct Q {}\nextension Q: Codable {}", "print(P())"], [:], ["P"]),
    (["protocol R {}", "struct P {}\nextension P: R {}", "print(P())"], [:], ["P"]),
    (["protocol R {}\nextension Int: R {}", "func f(_ r: some R) {}", "f(1)"], [:], ["R", "Int", "f"]),
    (["protocol R {}\nextension Int: R {}", "print(1)"], [:], []),
    (["struct P {}", "func f(_ p: P) { p.g() }", "extension P { func g() {} }", "f(P())"], [:], ["P", "f", "P"]),
    (
      ["struct P: CustomStringConvertible {}\nextension P { var description: String { \"\" } }", "print(P())"], [:],
      ["P", "P"]
    ),
    (["struct P: Codable {}\nextension P { var twice: Int { 2 } }", "print(P())"], [:], ["P"]),
    (
      ["struct P {}\nextension P { static func == (a: P, b: P) -> Bool { true } }", "print(P() == P())"], [:],
      ["P", "P"]
    ),
    (["typealias T = [Int]", "extension T { var twice: Int { 2 } }", "print([1].twice)"], [:], ["T", "T"]),
    // Operators may be overloaded anywhere, and some are used without being named.
    (
      [
        "struct P {}\nfunc + (a: P, b: P) -> P { a }", "struct Q {}\nfunc + (a: Q, b: Q) -> Q { a }",
        "print(P() + P())",
      ],
      [:], ["P", "+", "Q", "+"]
    ),
    (["func ~= (a: String, b: Int) -> Bool { true }", "switch 1 { case \"a\": break; default: break }"], [:], ["~="]),
    (
      [
        "precedencegroup L { higherThan: AdditionPrecedence }\ninfix operator <+>: L\nfunc <+> (a: Int, b: Int) -> "
          + "Int { a }",
        "print(1 <+> 2)",
      ], [:], ["L", "<+>", "<+>"]
    ),
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
      ["defer { print(1) }"],
      """
      n.md:2:1: error: `defer` at a cell's top level would wait for the end of the whole notebook
        Put it into a block of its own, `do { … }`, or write its statements where the cell ends.
      """
    ),
    (
      ["let _k = 1\nfunc f() -> Int { _k }", "f()"],
      """
      n.md:3:1: error: `f`, which the cell "c1" uses, needs `_k`, which stays in the cell "c0"
        Names that begin with _ are private to their cell: rename `_k`.
      """
    ),
    (
      ["let _k = 1", "print(_k)"],
      """
      n.md:6:7: error: `_k` stays in the cell "c0"
        Names that begin with _ are private to their cell: rename it.
      """
    ),
    (
      ["func _g() {}\nfunc f() { _g() }", "func _g() {}\nf()"],
      """
      n.md:2:1: error: the cell "c1" needs `_g` of the cell "c0" and that of the cell "c1"
        Rename one of them.
      """
    ),
    (
      ["func f() -> Int { k }", "f()", "let k = 1"],
      """
      n.md:6:1: error: `f` needs `k`, which the cell "c2" defines only later
        Move this cell below line 9.
      """
    ),
    (
      ["let f = 1", "func f() {}"],
      """
      n.md:6:1: error: `f` is already defined in the cell "c0"
        A notebook is one Swift file. Rename it, or begin its name with _ to keep it in its cell.
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
