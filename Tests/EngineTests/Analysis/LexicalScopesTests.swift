import Testing

@testable import Engine

/// For every scoping rule, a place where it binds the name and one where it doesn't.
@Suite struct LexicalScopesTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var code: String
    /// Whether `x`, or `T` for types, refers to a name of other cells.
    var isFree: Bool
    var testDescription: String { code }

    init(_ code: String, free isFree: Bool) { (self.code, self.isFree) = (code, isFree) }
  }

  @Test(arguments: [
    // Blocks: a value is visible after its declaration, functions and types in the whole block.
    Row("do { let x = 1; use(x) }", free: false), Row("do { use(x); let x = 1 }", free: true),
    Row("do { let x = x }", free: true), Row("do { let y = 1, x = y; use(x) }", free: false),
    Row("do { let x = 1, y = x; use(y) }", free: false), Row("do { let y = x, x = 1; use(y) }", free: true),
    Row("do { x(); func x() {} }", free: false), Row("do { let x = 1 }; use(x)", free: true),
    Row("do { do { let x = 1; use(x) }; use(1) }", free: false), Row("do { do { let x = 1 }; use(x) }", free: true),
    Row("do { let (x, _) = pair; use(x) }", free: false), Row("defer { let x = 1; use(x) }", free: false),
    Row("repeat { let x = 1; use(x) } while true", free: false),
    Row("repeat { let x = true } while x", free: true),
    Row("do { var x = 1 { didSet { use(x) } } }", free: false),
    Row("do { struct T {}; use(T()) }", free: false), Row("do { use(T()); struct T {} }", free: false),
    Row("do { struct T {} }; use(T())", free: true),
    // Conditions.
    Row("if let x = y { use(x) }", free: false), Row("if let x = x { use(x) }", free: true),
    Row("if let x { use(x) }", free: true), Row("if let x = y { } else { use(x) }", free: true),
    Row("if let x = y { } else if true { use(x) }", free: true), Row("if let x = y {}; use(x)", free: true),
    Row("if let x = y, x > 1 { }", free: false), Row("if x > 1, let x = y { }", free: true),
    Row("if case .some(let x) = y { use(x) }", free: false), Row("if case .some(x) = y { }", free: true),
    Row("if case let .a(_, .b(x)) = y { use(x) }", free: false),
    Row("while let x = y { use(x) }", free: false), Row("while let y = x { }", free: true),
    Row("let z = if let x = y { x } else { 1 }", free: false),
    Row("let z = if let x = y { 1 } else { x }", free: true),
    Row("do { guard let x = y else { return }; use(x) }", free: false),
    Row("do { guard let x = y else { use(x) } }", free: true),
    Row("do { use(x); guard let x = y else { return } }", free: true),
    Row("do { guard case .a(let x) = y, x > 1 else { return }; use(x) }", free: false),
    // Loops.
    Row("for x in y { use(x) }", free: false), Row("for x in x { }", free: true),
    Row("for x in y where x > 1 { }", free: false), Row("for (i, x) in y { use(x) }", free: false),
    Row("for case .some(let x) in y { use(x) }", free: false), Row("for i in y { use(x) }", free: true),
    Row("for x in y {}; use(x)", free: true),
    // Cases.
    Row("switch y { case .a(let x): use(x); default: break }", free: false),
    Row("switch y { case .a(let x): break; default: use(x) }", free: true),
    Row("switch y { case .a(let x) where x > 1: break; default: break }", free: false),
    Row("switch y { case let .a(x), let .b(x): use(x); default: break }", free: false),
    Row("switch y { case x: break; default: break }", free: true),
    Row("switch x { case .a(let x): use(x); default: break }", free: true),
    Row("let z = switch y { case let x: x }", free: false),
    Row("do { } catch let x as E { use(x) }", free: false), Row("do { } catch let x where x.y { }", free: false),
    Row("do { } catch E.a { use(x) }", free: true), Row("do { use(x) } catch let x { }", free: true),
    Row("do { } catch { let x = error; use(x) }", free: false),
    // Closures.
    Row("f { x in use(x) }", free: false), Row("f { (x: Int) in use(x) }", free: false),
    Row("f { (y: Int, x) in use(x) }", free: false), Row("f { y in use(x) }", free: true),
    Row("f { y in y }(x)", free: true), Row("f { [x = 1] in use(x) }", free: false),
    Row("f { [x = x] in use(x) }", free: true), Row("f { [y = x] in use(y) }", free: true),
    Row("f { [x] in use(x) }", free: true), Row("f { [weak x] y in use(y) }", free: true),
    Row("do { let x = 1; f { [x] in use(x) } }", free: false),
    Row("f { x in g { use(x) } }", free: false), Row("f { g { x in use(1) }; use(x) }", free: true),
    // Functions.
    Row("func f(x: Int) { use(x) }", free: false), Row("func f(x y: Int) { use(x) }", free: true),
    Row("func f(y x: Int) { use(x) }", free: false), Row("func f(y: Int = x) { }", free: true),
    Row("func f() { func g(x: Int) { use(x) } }", free: false),
    Row("func f() { func g(x: Int) { }; use(x) }", free: true),
    Row("func f(x: Int) { func g() { use(x) } }", free: false),
    Row("func f<T>(_ a: T) -> T { a }", free: false), Row("func f<T>() -> Int where T: P { 1 }", free: false),
    Row("func f<U: T>(_ a: U) { }", free: true), Row("func f(_ a: T) { }", free: true),
    // Types.
    Row("struct S { var x = 1; func f() { use(x) } }", free: false),
    Row("struct S { func f() { use(x) }; var x = 1 }", free: false), Row("struct S { let y = x }", free: true),
    Row("extension S { var x: Int { 1 }; var y: Int { x } }", free: false),
    Row("extension S { var y: Int { x } }", free: true), Row("enum E { case x; var y: E { x } }", free: false),
    Row("struct S { init(x: Int) { use(x) } }", free: false),
    Row("struct S { init(y: Int) { use(x) } }", free: true),
    Row("struct S { subscript(x: Int) -> Int { x } }", free: false),
    Row("struct S { subscript(y: Int) -> Int { x } }", free: true),
    Row("struct S { var y: Int { get { 1 } set(x) { use(x) } } }", free: false),
    Row("struct S { var y: Int { get { x } set(x) { } } }", free: true),
    Row("struct S { struct T {}; let y: T }", free: false), Row("struct S { let y: T }", free: true),
    Row("struct S<T> { let y: T }", free: false), Row("typealias A<T> = [T]", free: false),
    Row("typealias A = [T]", free: true), Row("struct S<T: P> where T: Q { }", free: false),
    Row("protocol P { associatedtype T; func f() -> T }", free: false),
    Row("struct S { struct R { var x = 1 }; let y = x }", free: true),
    // Declarations under conditional compilation bind for certain only inside their clause, or if all clauses have
    // them.
    Row("do {\n#if DEBUG\nlet x = 1\nuse(x)\n#endif\n}", free: false),
    Row("do {\n#if DEBUG\nlet x = 1\n#endif\nuse(x)\n}", free: true),
    Row("do {\n#if DEBUG\nlet x = 1\n#else\nlet x = 2\n#endif\nuse(x)\n}", free: false),
    Row("do {\n#if DEBUG\nlet x = 1\n#elseif A\nlet x = 2\n#endif\nuse(x)\n}", free: true),
    // Names at the top level are visible to other cells.
    Row("let x = 1\nuse(x)", free: true), Row("#if DEBUG\nlet x = 1\nuse(x)\n#endif", free: true),
    Row("guard let x = y else { fatalError() }\nuse(x)", free: true),
    // Members of something else.
    Row("use(y.x)", free: false), Row("use(\\Y.x)", free: false), Row("f(x: 1)", free: false),
    Row("use(`x`)", free: true), Row("do { let `x` = 1; use(x) }", free: false),
  ])
  func freeNames(row: Row) {
    let analysis = SwiftCellAnalyser.analyse(row.code)
    let references = Set(analysis.references.keys).union(analysis.declarations.flatMap(\.references))
    #expect(!analysis.hasSyntaxError)
    #expect(!references.isDisjoint(with: ["x", "T"]) == row.isFree)
  }

  @Test func implicitNamesOfAccessorsAndCatch() {
    let code =
      "struct S { var a: Int { get { 1 } set { use(newValue) } }; var b = 1 { willSet { use(newValue) } didSet { "
      + "use(oldValue) } } }"
      + "\nstruct R { var a: Int { use(newValue) } }\ndo { } catch { use(error) }\ndo { } catch E.a { use(error) }"
    let analysis = SwiftCellAnalyser.analyse(code)
    #expect(analysis.declarations.map { $0.references.contains("newValue") } == [false, true])
    #expect(!analysis.declarations[0].references.contains("oldValue"))
    #expect(analysis.references["error"]?.line == 4)
  }
}
