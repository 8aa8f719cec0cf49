import Testing

@testable import Engine

/// Values that a top-level `guard` binds, used in types, computed variables and observers.
@Suite struct GuardedValuesTests {
  private static let bound = "guard let g = Optional(3) else { fatalError() }"

  private func errors(_ cells: [String]) throws -> [String] {
    let source = cells.enumerated().map { "```swift {#c\($0)}\n\($1)\n```\n" }.joined(separator: "\n")
    let notebook = try Notebook(source: source, file: "n.md")
    return CellGraph(notebook.cells, file: "n.md").diagnostics.map { "\($0.place?.line ?? 0): \($0.message)" }
  }

  @Test(arguments: [
    (["\(bound)\nvar q: Int { g + 1 }"], "3: `q` uses `g`"),
    ([bound, "var q: Int { get { g } set { print(newValue) } }"], "6: `q` uses `g`"),
    ([bound, "var w = 1 { didSet { print(g) } }"], "6: `w` uses `g`"),
    ([bound, "print(1); final class C { var n = g }"], "6: `C` uses `g`"),
    ([bound, "struct S {}\nextension S { func f() -> Int { g } }"], "7: `S` uses `g`"),
    ([bound, "func f() -> Int { g }", "func h() -> Int { f() }\nvar q: Int { h() }"], "11: `q` uses `g` by `h`"),
    (
      ["guard case .some(var g) = Optional(3) else { fatalError() }", "enum E { static let n = g }"], "6: `E` uses `g`"
    ),
  ])
  func whatSwiftCanNotLinkIsRefused(cells: [String], expected: String) throws {
    let rest = ", which a `guard` binds: types, computed variables and observers can't"
    #expect(try errors(cells) == [expected + rest])
  }

  @Test(arguments: [
    [bound, "func f() -> Int { g + 1 }\nprint(f(), g)"],
    [bound, "let copy = g\nvar q: Int { copy }\nstruct S { var n = copy }"],
    [bound, "struct S { var g = 1; func f() -> Int { g } }"],
    [bound, "struct S { func f(_ g: Int) -> Int { g } }"],
    ["let g = 3", "var q: Int { g }"],
    [bound, "let c = { g + 1 }\nprint(c())"],
    // A guard within a function doesn't bind values of other functions.
    ["func f() -> Int { guard let g = Optional(3) else { return 1 }; return g }", "let g = 2\nvar q: Int { g + f() }"],
  ])
  func otherUsesAreNot(cells: [String]) throws {
    #expect(try errors(cells) == [])
  }
}
