import Core

/// The statements of random notebooks.
extension RandomNotebook {
  // MARK: What a process of its own can do

  mutating func plain() -> [String] {
    switch Int.random(in: 0..<38, using: &random) {
    case 0...4:
      let kind = Kind.allCases.randomElement(using: &random) ?? .int
      let (text, isVariable) = (expression(kind), chance(2))
      let new = name("v")
      defer { define(kind, new, isVariable: isVariable) }
      return ["\(isVariable ? "var" : "let") \(new): \(kind.type) = \(text)"]
    case 5: return printed()
    case 6...7: return changeOwn()
    case 8...9:
      let new = name("f")
      return [function(new) { "func \(new)(_ x: Int) -> Int { x &+ \($0.expression(.int)) }" }]
    case 10:
      // An overload of another cell's function, with another type.
      let named = functions.map(\.name).filter { !$0.hasPrefix("(") && !overloaded.contains($0) }
      guard let function = named.first else { return printed() }
      overloaded.insert(function)
      return ["func \(function)(_ x: String) -> Int { x.count &+ 100 }", "print(\(function)(\"abc\"), \(function)(1))"]
    case 11:
      let (text, new) = (expression(.maybe), name("g"))
      defer { define(.int, new, isGuarded: true) }
      return ["guard let \(new) = Optional<Int>.some(\(text) ?? 7) else { fatalError() }"]
    case 12:
      let (text, new) = (expression(.int), name("g"))
      defer { define(.int, new, isVariable: true, isGuarded: true) }
      return ["guard case .some(var \(new)) = Optional<Int>.some(\(text)) else { exit(1) }", "\(new) &+= 1"]
    case 13:
      let (a, b) = (name("t"), name("t"))
      let line = "let (\(a), \(b)): (Int, String) = (\(expression(.int)), \(expression(.text)))"
      define(.int, a)
      define(.text, b)
      return [line]
    case 14:
      let (new, helper) = (name("f"), "_h")
      defer { functions.append(Function(name: new, usesGuarded: false)) }
      let hidden = name("_helper")
      return [
        "func \(hidden)(_ x: Int) -> Int { x &* 3 }", "func \(new)(_ x: Int) -> Int { \(hidden)(x) &+ 1 }",
        "do { let \(helper) = \(expression(.int)); print(\(helper)) }",
      ]
    case 15:
      let (new, body) = (name("q"), unguarded(.int))
      defer { functions.append(Function(name: "({ \(new) &+ $0 })", usesGuarded: false)) }
      return ["var \(new): Int { \(body) &* 2 }"]
    case 16:
      let (type, object) = (name("Object"), name("o"))
      return [
        "final class \(type) {", "  var n: Int = \(unguarded(.int))",
        "  func bump() { n &+= 1 }; deinit { print(\"gone\", n) }", "}",
        "let \(object) = \(type)()", "\(object).bump()", "print(\(object).n)",
      ]
    case 17:
      let (type, owned) = (name("Handle"), name("h"))
      return [
        "struct \(type): ~Copyable { var n: Int; borrowing func look() -> Int { n } }",
        "let \(owned) = \(type)(n: \(expression(.int)))", "print(\(owned).look())",
      ]
    case 18:
      let (type, new) = (name("Box"), name("b"))
      let read = name("f")
      defer { functions.append(Function(name: read, usesGuarded: false)) }
      return [
        "struct \(type)<T: Codable & Hashable>: Codable { var item: T }",
        "let \(new) = \(type)(item: \(expression(.mood)))",
        "func \(read)(_ x: Int) -> Int { \(new).item == .calm ? x : 0 &- x }",
      ]
    case 19:
      let type = name("Kept")
      let new = name("f")
      defer { functions.append(Function(name: new, usesGuarded: false)) }
      return [
        "enum \(type) { static let base = \(expression(.int, depth: 0)) }",
        "func \(new)(_ x: Int) -> Int { x &+ \(type).base }",
      ]
    case 20:
      let type = name("Tally")
      return [
        "enum \(type) { nonisolated(unsafe) static var n = 0; static func next() -> Int { n += 1; return n } }",
        "print(\(type).next(), \(type).next())",
      ]
    case 21:
      let (new, seen) = (name("w"), unguarded(.int))
      defer { define(.int, new, isVariable: true) }
      return ["var \(new) = 1 { didSet { print(\"set\", \(new), \(seen)) } }", "\(new) = \(expression(.int))"]
    case 22:
      let (function, first) = (name("member"), expression(.int, depth: 1))
      return [
        "extension Point { var \(function): Int { x &+ \(Int.random(in: 1...9, using: &random)) } }",
        "print(Point(x: \(first), y: 0).\(function))",
      ]
    case 23:
      // The written type is an alias of a tuple.
      let (alias, a, b) = (name("Pair"), name("t"), name("t"))
      let line = "let (\(a), \(b)): \(alias) = (\(expression(.list)), \(expression(.double)))"
      define(.list, a)
      define(.double, b)
      return ["typealias \(alias) = ([Int], Double)", line]
    case 24:
      let list = expression(.list)
      return [
        "for item in \(list) where item > 1 {", "  if case let half = item / 2, half > 0 { print(item, half) }", "}",
      ]
    case 25:
      return [
        "do {", "  defer { print(\"left\") }", "  struct Stop: Error {}",
        "  if \(expression(.int)) > 5 { throw Stop() }", "  print(\"went on\")",
        "} catch {", "  print(\"stopped\")", "}",
      ]
    case 26...36: return more()
    default:
      let mood = expression(.mood)
      return [
        "switch \(mood) {", "case .calm: print(\"calm\")", "case .loud(let n) where n > 10: print(\"loud\", n)",
        "case .loud, .named: print(\"else\")", "}",
      ]
    }
  }

  /// Statements with more of the language.
  private mutating func more() -> [String] {
    switch Int.random(in: 0..<11, using: &random) {
    case 0:
      let (type, new) = (name("Shape"), name("s"))
      return [
        "protocol \(type) { var side: Int { get } }", "extension \(type) { func area() -> Int { side &* side } }",
        "struct \(new): \(type), Codable { var side: Int }", "print(\(new)(side: \(expression(.int))).area())",
      ]
    case 1:
      let new = name("f")
      let body = function(new) { $0.expression(.int) }
      return ["func \(new)<T: BinaryInteger>(_ x: T) -> T { T(truncatingIfNeeded: Int(x) &+ \(body)) }"]
    case 2:
      let (new, sum) = (name("n"), name("sum"))
      define(.int, sum, isVariable: true)
      return [
        "var \(sum) = 0", "\(new): for i in 1...4 {", "  for j in 1...4 {",
        "    if i * j > 6 { continue \(new) }", "    \(sum) &+= \(expression(.int, depth: 1)) &* j", "  }", "}",
        "print(\(sum))",
      ]
    case 3:
      let new = name("v")
      let line = "let \(new): Int = if \(expression(.int)) > 3 { \(expression(.int)) } else { \(expression(.int)) }"
      define(.int, new)
      return [line]
    case 4:
      let (failure, new) = (name("Failure"), name("f"))
      return [
        "enum \(failure): Error, Codable { case low(Int) }",
        "func try\(new)(_ x: Int) throws -> Int { if x < 5 { throw \(failure).low(x) }; return x }",
        function(new) { "func \(new)(_ x: Int) -> Int { (try? try\(new)(x)) ?? \($0.expression(.int, depth: 1)) }" },
        "do { print(try try\(new)(\(expression(.int)))) } catch \(failure).low(let n) { print(\"low\", n) }",
      ]
    case 5:
      let (type, new) = (name("Wrapped"), name("Holder"))
      return [
        "@propertyWrapper struct \(type): Codable {", "  var wrappedValue: Int { didSet { wrappedValue &+= 1 } }", "}",
        "struct \(new): Codable { @\(type) var n = 2 }", "var \(new)1 = \(new)()",
        "\(new)1.n = \(expression(.int))", "print(\(new)1.n)",
      ]
    case 6:
      let (new, read) = (name("set"), name("f"))
      let line = "let \(new): Set<Int> = [\(expression(.int)), 5]"
      functions.append(Function(name: read, usesGuarded: false))
      return [line, "func \(read)(_ x: Int) -> Int { \(new).contains(x) ? 1 : x }"]
    case 7:
      let (new, own) = (name("grow"), name("v"))
      let line = "var \(own): [Int] = \(expression(.list))"
      define(.list, own, isVariable: true)
      return ["func \(new)(_ list: inout [Int]) { list.append(list.count) }", line, "\(new)(&\(own))"]
    case 8:
      let sign = ["<+>", "<*>", "<->"][overloaded.count % 3]
      guard overloaded.insert(sign).inserted else { return printed() }
      return [
        "infix operator \(sign): AdditionPrecedence",
        "func \(sign) (a: Point, b: Point) -> Point { Point(x: a.x &+ b.x, y: a.y &- b.y) }",
        "print((\(expression(.point)) \(sign) \(expression(.point))).sum)",
      ]
    case 9:
      let (type, new) = (name("Tree"), name("tree"))
      return [
        "indirect enum \(type): Codable { case leaf(Int), node(\(type), \(type))",
        "  var sum: Int { switch self { case .leaf(let n): n; case .node(let a, let b): a.sum &+ b.sum } } }",
        "let \(new) = \(type).node(.leaf(\(expression(.int))), .leaf(2))", "print(\(new).sum)",
        function("({ $0 &+ \(new).sum })") { _ in "" },
      ].filter { !$0.isEmpty }
    default:
      // Several cells have a private name in common.
      guard overloaded.insert("_queue in \(cell)").inserted else { return printed() }
      let (a, b) = (name("t"), name("t"))
      // Without `as Int`, Swift infers `Int?` for `[1].map { $0 }.first ?? 0`.
      let lines = ["let (\(a), \(b)) = (\(expression(.int)) as Int, \(expression(.text)))"]
      define(.int, a)
      define(.text, b)
      return lines + ["var _queue = [\(a), 3]", "while let next = _queue.popLast() { print(next, \(b)) }"]
    }
  }

  // MARK: What only one process can do

  mutating func risky() -> [String] {
    switch Int.random(in: 0..<11, using: &random) {
    case 0...2:
      let now = cell
      let others = values.filter { $0.isVariable && $0.cell < now }
      guard let value = others.randomElement(using: &random) else { return [] }
      if chance(3) {
        let new = name("changer")
        return ["func \(new)() { \(change(value)) }", "\(new)()"]
      }
      return [change(value)]
    case 3: return ["defer { print(\"late\", \(expression(.int))) }"]
    case 4:
      let (type, object, read) = (name("Shared"), name("o"), name("f"))
      defer { functions.append(Function(name: read, usesGuarded: false)) }
      return [
        "final class \(type): Codable { var n = 1 }", "let \(object) = \(type)()",
        "func \(read)(_ x: Int) -> Int { \(object).n &+= 1; return x &+ \(object).n }", "print(\(read)(1))",
      ]
    case 5:
      let (type, read) = (name("Memo"), name("f"))
      defer { functions.append(Function(name: read, usesGuarded: false)) }
      return [
        "enum \(type) { nonisolated(unsafe) static var calls = 0 }",
        "func \(read)(_ x: Int) -> Int { \(type).calls &+= 1; return x &+ \(type).calls }", "print(\(read)(1))",
      ]
    case 6:
      let (new, read) = (name("slice"), name("f"))
      defer { functions.append(Function(name: read, usesGuarded: false)) }
      return [
        "let \(new) = \(expression(.list)).dropFirst()",
        "func \(read)(_ x: Int) -> Int { x &+ \(new).startIndex }",
      ]
    case 7:
      let (new, read) = (name("any"), name("f"))
      defer { functions.append(Function(name: read, usesGuarded: false)) }
      return [
        "let \(new): any Codable & Hashable = \(expression(.int))",
        "func \(read)(_ x: Int) -> Int { x &+ ((\(new) as? Int) ?? 1) }",
      ]
    case 8:
      let (new, read) = (name("nested"), name("f"))
      defer { functions.append(Function(name: read, usesGuarded: false)) }
      return [
        "let \(new): Int?? = .some(nil)", "func \(read)(_ x: Int) -> Int { \(new) == nil ? x : x &+ 1 }",
      ]
    case 9:
      guard let value = values.filter(\.isGuarded).randomElement(using: &random) else { return [] }
      let type = name("Late")
      return ["struct \(type) { var n = \(value.name) }", "print(\(type)().n)"]
    default:
      let (new, read) = (name("closure"), name("f"))
      defer { functions.append(Function(name: read, usesGuarded: false)) }
      let text = expression(.int)
      return ["let \(new) = { (x: Int) in x &+ \(text) }", "func \(read)(_ x: Int) -> Int { \(new)(x) }"]
    }
  }
}
