import Testing

@testable import Engine

@Suite struct TuplePatternTypesTests {
  @Test(arguments: [
    ("let (a, b): (Int, String) = (1, \"x\")", ["a": "Int", "b": "String"]),
    ("var (a, (b, _)): (Int, ([Int], Double)) = f()", ["a": "Int", "b": "[Int]"]),
    ("let (a): Int = 1", ["a": "Int"]),
    ("let a: (Int, String) = (1, \"x\")", [:]),
    ("let (a, b) = (1, 2)", [:]),
    ("func f() { let (a, b): (Int, Int) = (1, 2) }", [:]),
  ])
  func typesByName(source: String, types: [String: String]) {
    #expect(TuplePatternTypes(source).types == types)
  }
}
