import Testing

@testable import Engine

@Suite struct SwiftCellAnalyserTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var code: String
    var values: [String] = []
    var declarations: [String] = []
    var references: Set<String> = []
    var testDescription: String { code }
  }

  @Test(arguments: [
    Row(code: "let x = 1", values: ["x"]),
    Row(code: "var x = y + z", values: ["x"], references: ["y", "z", "+"]),
    Row(code: "let (a, b) = pair", values: ["a", "b"], references: ["pair"]),
    Row(code: "let a = 1, b = a", values: ["a", "b"], references: ["a"]),
    Row(code: "let 延迟: [Double] = 数据", values: ["延迟"], references: ["Double", "数据"]),
    Row(code: "print(data.count)", references: ["print", "data"]),
    Row(code: "for item in items { print(item) }", references: ["items", "print"]),
    Row(code: "if let x { print(x) }", references: ["x", "print"]),
    Row(code: "if let y = x { print(y) }", references: ["x", "print"]),
    Row(code: "guard let x = y else { fatalError() }", values: ["x"], references: ["y", "fatalError"]),
    Row(code: "items.map { $0 + offset }", references: ["items", "+", "offset", "$0"]),
    Row(code: "items.map { item in item.name }", references: ["items"]),
    Row(code: "items.map(\\.name)", references: ["items"]),
    Row(code: "func f(_ a: Int) -> Int { a + b }", declarations: ["f"]),
    Row(code: "struct Point { var x: Int }", declarations: ["Point"]),
    Row(code: "extension Point { var y: Int { x } }", declarations: ["Point"]),
    Row(code: "do { let x = 1; print(x) }", references: ["print"]),
    Row(code: "let text = \"\\(value) ms\"", values: ["text"], references: ["value"]),
    Row(code: "let f: (Int) -> Int = { n in n * factor }", values: ["f"], references: ["Int", "*", "factor"]),
    Row(code: "switch kind { case .a(let n): print(n); default: break }", references: ["kind", "~=", "print"]),
    Row(code: "x.y = z", references: ["x", "z"]),
    Row(code: "import Foundation"),
    Row(code: "// let x = 1\n/* let y = 2 */"),
  ])
  func definitionsAndReferences(row: Row) {
    let analysis = SwiftCellAnalyser.analyse(row.code)
    #expect(analysis.values.map(\.name) == row.values)
    #expect(analysis.declarations.map(\.name) == row.declarations)
    #expect(Set(analysis.references.keys) == row.references)
    #expect(!analysis.hasSyntaxError)
  }

  @Test(
    arguments: [
      ("func f(_ a: Int) -> Int { a + b }", ["Int", "+", "b"]),
      ("struct P { var x: Int; func g() -> Int { x + y } }", ["Int", "+", "y"]),
      ("extension Q { func h() -> R { R(q: k) } }", ["Q", "R", "k"]),
      ("func g<T: Codable>(_ t: T) -> T { t }", ["Codable"]),
      ("enum E { case a, b; var next: E { self == .a ? .b : .a } }", ["E", "=="]),
    ] as [(String, Set<String>)])
  func declarationsKnowWhatTheyReferTo(code: String, references: Set<String>) {
    let declaration = SwiftCellAnalyser.analyse(code).declarations[0]
    #expect(declaration.references.subtracting(["self"]) == references)
  }

  @Test func assignmentsAreFoundThroughMembersAndSubscripts() {
    let analysis = SwiftCellAnalyser.analyse("a = 1\nb.c[2] = 3\nd += 1\nsort(&e)\nif f == 1 {}\nlet g = 1")
    #expect(Set(analysis.assignments.keys) == ["a", "b", "d", "e"])
  }

  @Test(arguments: [
    ("let x = 1 // one", "let x = 1"),
    ("let x   =   1", "let x = 1"),
    ("let x = [\n  1,\n  2,\n]", "let x = [1, 2,]"),
    ("let x = 1; let y = 2;", "let x = 1\nlet y = 2"),
    ("if x { f() }", "if x {\n  f() // why\n}\n"),
    ("let x = a\n  + b", "let x = a + b"),
  ])
  func commentsAndLayoutAreNoTokens(code: String, same: String) {
    #expect(SwiftCellAnalyser.analyse(code).tokens == SwiftCellAnalyser.analyse(same).tokens)
  }

  @Test func importsKeepTheirConditions() {
    let code = """
      import A
      #if canImport(B) && os(Linux)
      import B
      let x = 1
      #elseif DEBUG
      print(1)
      #else
        #if C
        @testable import struct C.D
        #endif
      #endif
      #if DEBUG
      print(2)
      #endif
      """
    #expect(
      SwiftCellAnalyser.analyse(code).imports == [
        "import A",
        "#if canImport(B) && os(Linux)\nimport B\n#elseif DEBUG\n#else\n#if C\n@testable import struct C.D\n#endif"
          + "\n#endif",
      ])
  }

  @Test func parametersAreReadByName() {
    #expect(SwiftCellAnalyser.analyse("print(params.width, params.rate)").parameters == ["width", "rate"])
    #expect(SwiftCellAnalyser.analyse("print(params)").parameters == ["*"])
  }

  @Test func statementLinesAreThoseThatBeginALine() {
    let code = "let a = 1; let b = 2\n\n// c\nprint(\n  a)\nfunc f() {}\nprint(b)"
    #expect(SwiftCellAnalyser.analyse(code).statementLines == [1, 4, 7])
  }

  /// The analyser reads each of these to its end, although SwiftSyntax's scope lookup traps on some.
  @Test(arguments: [
    "do {\n  func + (a: Int, b: Int) -> Int { a }\n  print(1)\n}",
    "guard let x = Int(\"1\") else { fatalError() }\nprefix operator √\nprefix func √ (a: Double) -> Double { a "
      + "}\nprint(√2, x)",
    "struct P { static func + (a: P, b: P) -> P { a }; func f() { print(1) } }",
    "func f(in: Int, class: Int, _: Int, for where: Int) -> Int { print(1) }\nlet g = { (in: Int) in print(1) }",
    "enum E { case `in`, `self` }\nfor case .in in [E.in] { print(1) }",
    "switch 1 { case let x where x > 0: print(x); default: break }",
    "if true {\n#if DEBUG\nfunc - (a: Int, b: Int) -> Int { a }\n#endif\nprint(1)\n}",
  ])
  func oddButWellFormed(code: String) {
    let analysis = SwiftCellAnalyser.analyse(code)
    #expect(!analysis.hasSyntaxError)
    #expect((Array(analysis.references.keys) + analysis.declarations.flatMap(\.references)).contains("print"))
  }

  @Test(arguments: [
    "let x = a\n-b|let x = a - b", "f\n(1)|f(1)", "let x = -a|let x = - a",
  ])
  func layoutThatTheCompilerHeedsIsKept(pair: String) {
    let sources = pair.split(separator: "|").map(String.init)
    let tokens = sources.map { SwiftCellAnalyser.analyse($0).tokens }
    #expect(tokens[0] != tokens[1])
  }

  @Test(arguments: [
    "let 宽度 = 2 +", "let x = (1", "struct {",
    // SwiftSyntax's scope lookup trapped on this text.
    "guard let x = Inrefix operator √\n   prefix func √ (x: Double) -> Dt(\"1\") else { fatalError() }",
  ])
  func syntaxErrorsAreNoticed(code: String) {
    #expect(SwiftCellAnalyser.analyse(code).hasSyntaxError)
  }
}
