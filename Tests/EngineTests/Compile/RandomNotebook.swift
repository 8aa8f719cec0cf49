import Core

/// A seeded generator of small notebooks in which values, functions, types and state pass from cell to cell in many
/// ways. Each notebook compiles as a script; some contain what separate processes can't do.
struct RandomNotebook {
  private enum Kind: CaseIterable {
    case int, double, text, list, table, maybe, point, mood

    var type: String {
      switch self {
      case .int: "Int"
      case .double: "Double"
      case .text: "String"
      case .list: "[Int]"
      case .table: "[String: Int]"
      case .maybe: "Int?"
      case .point: "Point"
      case .mood: "Mood"
      }
    }
  }

  private struct Value {
    var name: String
    var kind: Kind
    var isVariable: Bool
    var cell: Int
  }

  private var random: SeededGenerator
  private var values: [Value] = []
  /// Functions from Int to Int without side effects.
  private var functions: [String] = []
  private var overloaded: Set<String> = []
  private var cell = 0
  private var count = 0

  /// - Returns: The notebook's Markdown text, which is the same for the same seed.
  static func source(seed: UInt64) -> String {
    var notebook = RandomNotebook(random: SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1))
    return notebook.make()
  }

  private init(random: SeededGenerator) {
    self.random = random
  }

  private mutating func make() -> String {
    var cells = [
      """
      struct Point: Codable, Hashable {
        var x = 1
        var y = 2
        var sum: Int { x &+ y }
        mutating func move(_ by: Int) { x = x &+ by }
      }
      enum Mood: Codable, Hashable { case calm, loud(Int), named(String) }
      """
    ]
    let length = Int.random(in: 2...4, using: &random)
    for index in 1...length {
      cell = index
      var lines: [String] = []
      for _ in 0..<Int.random(in: 2...4, using: &random) {
        let isRisky = index > 1 && Int.random(in: 0..<14, using: &random) == 0
        lines += isRisky ? risky() : plain()
      }
      lines += printed()
      cells.append(lines.joined(separator: "\n"))
    }
    return "---\nparams: {width: 3}\n---\n\n"
      + cells.enumerated().map { "```swift {#c\($0)}\n\($1)\n```\n" }.joined(separator: "\n")
  }

  // MARK: Names and expressions

  private mutating func name(_ prefix: String) -> String {
    count += 1
    return "\(prefix)\(count)"
  }

  private mutating func chance(_ part: Int) -> Bool { Int.random(in: 0..<part, using: &random) == 0 }

  private mutating func value(_ kind: Kind, where condition: (Value) -> Bool = { _ in true }) -> Value? {
    values.filter { $0.kind == kind && condition($0) }.randomElement(using: &random)
  }

  private mutating func expression(_ kind: Kind, depth: Int = 2) -> String {
    if depth > 0, !chance(3), let value = value(kind) { return value.name }
    let number = Int.random(in: -9...99, using: &random)
    func inner(_ other: Kind) -> String { expression(other, depth: depth - 1) }
    if depth == 0 {
      return switch kind {
      case .int: "\(number)"
      case .double: "\(Double(number) / 8)"
      case .text: ["\"a\(number)\"", "\"é\"", "\"e\\u{301}\"", "\"甲🎉\""].randomElement(using: &random) ?? "\"\""
      case .list: "[\(number), 2, 3]"
      case .table: "[\"k\(number)\": \(number)]"
      case .maybe: chance(2) ? "Int(\"\(number)\")" : "Optional<Int>.none"
      case .point: "Point(x: \(number), y: 1)"
      case .mood: ["Mood.calm", "Mood.loud(\(number))", "Mood.named(\"n\")"].randomElement(using: &random) ?? ""
      }
    }
    let choice = Int.random(in: 0..<4, using: &random)
    switch kind {
    case .int:
      if choice == 0, let function = functions.randomElement(using: &random) { return "\(function)(\(inner(.int)))" }
      return [
        "(\(inner(.int)) &+ \(inner(.int)))", "\(inner(.list)).count", "(\(inner(.maybe)) ?? \(inner(.int)))",
        "\(inner(.point)).sum", "(\(inner(.list)).first ?? 0)", "params.width", "\(inner(.text)).count",
      ].randomElement(using: &random) ?? "0"
    case .double: return choice < 2 ? "(\(inner(.double)) + \(inner(.double)))" : "(Double(\(inner(.int))) / 3)"
    case .text: return choice < 2 ? "(\(inner(.text)) + \(inner(.text)))" : "\"<\\(\(inner(.int)))>\""
    case .list: return choice < 2 ? "\(inner(.list)).map { $0 &* 2 }" : "[\(inner(.int)), \(inner(.int))]"
    case .table: return "\(inner(.table)).merging([\"m\": \(inner(.int))]) { a, b in max(a, b) }"
    case .maybe: return choice < 2 ? "\(inner(.list)).last" : "\(inner(.table))[\"m\"]"
    case .point: return "Point(x: \(inner(.int)), y: \(inner(.int)))"
    case .mood: return choice < 2 ? "Mood.loud(\(inner(.int)))" : "Mood.named(\(inner(.text)))"
    }
  }

  private mutating func define(_ kind: Kind, _ name: String, isVariable: Bool = false) {
    values.append(Value(name: name, kind: kind, isVariable: isVariable, cell: cell))
  }

  private mutating func printed() -> [String] {
    var parts: [String] = []
    for _ in 0..<3 {
      let kind = Kind.allCases.randomElement(using: &random) ?? .int
      let isTable = kind == .table
      parts.append(isTable ? "\(expression(.table)).sorted { $0.key < $1.key }" : expression(kind) + asAny(kind))
    }
    return ["print(\"c\(cell)\", \(parts.joined(separator: ", ")))"]
  }

  private func asAny(_ kind: Kind) -> String { kind == .maybe ? " as Any" : "" }

  // MARK: What a process of its own can do

  private mutating func plain() -> [String] {
    switch Int.random(in: 0..<27, using: &random) {
    case 0...4:
      let kind = Kind.allCases.randomElement(using: &random) ?? .int
      let (text, isVariable) = (expression(kind), chance(2))
      let new = name("v")
      defer { define(kind, new, isVariable: isVariable) }
      return ["\(isVariable ? "var" : "let") \(new): \(kind.type) = \(text)"]
    case 5: return printed()
    case 6...7: return changeOwn()
    case 8...9:
      let body = expression(.int)
      let new = name("f")
      defer { functions.append(new) }
      return ["func \(new)(_ x: Int) -> Int { x &+ \(body) }"]
    case 10:
      // An overload of another cell's function, with another type.
      guard let function = functions.first(where: { !$0.hasPrefix("(") && !overloaded.contains($0) }) else {
        return printed()
      }
      overloaded.insert(function)
      return ["func \(function)(_ x: String) -> Int { x.count &+ 100 }", "print(\(function)(\"abc\"), \(function)(1))"]
    case 11:
      let (text, new) = (expression(.maybe), name("g"))
      defer { define(.int, new) }
      return ["guard let \(new) = Optional<Int>.some(\(text) ?? 7) else { fatalError() }"]
    case 12:
      let (text, new) = (expression(.int), name("g"))
      defer { define(.int, new, isVariable: true) }
      return ["guard case .some(var \(new)) = Optional<Int>.some(\(text)) else { exit(1) }", "\(new) &+= 1"]
    case 13:
      let (a, b) = (name("t"), name("t"))
      let alias = count.isMultiple(of: 4) ? "Pair\(count)" : nil
      let line = "let (\(a), \(b)): \(alias ?? "(Int, String)") = (\(expression(.int)), \(expression(.text)))"
      define(.int, a)
      define(.text, b)
      return (alias.map { ["typealias \($0) = (Int, String)"] } ?? []) + [line]
    case 14:
      let (new, helper) = (name("f"), "_h")
      defer { functions.append(new) }
      let hidden = name("_helper")
      return [
        "func \(hidden)(_ x: Int) -> Int { x &* 3 }", "func \(new)(_ x: Int) -> Int { \(hidden)(x) &+ 1 }",
        "do { let \(helper) = \(expression(.int)); print(\(helper)) }",
      ]
    case 15:
      let (new, body) = (name("q"), expression(.int))
      defer { functions.append("({ \(new) &+ $0 })") }
      return ["var \(new): Int { \(body) &* 2 }"]
    case 16:
      let (type, object) = (name("Object"), name("o"))
      return [
        "final class \(type) {", "  var n: Int = \(expression(.int))",
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
      defer { functions.append(read) }
      return [
        "struct \(type)<T: Codable & Hashable>: Codable { var item: T }",
        "let \(new) = \(type)(item: \(expression(.mood)))",
        "func \(read)(_ x: Int) -> Int { \(new).item == .calm ? x : 0 &- x }",
      ]
    case 19:
      let type = name("Kept")
      let new = name("f")
      defer { functions.append(new) }
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
      let (new, seen) = (name("w"), expression(.int))
      defer { define(.int, new, isVariable: true) }
      return ["var \(new) = 1 { didSet { print(\"set\", \(new), \(seen)) } }", "\(new) = \(expression(.int))"]
    case 22:
      let (function, first) = (name("member"), expression(.int, depth: 1))
      return [
        "extension Point { var \(function): Int { x &+ \(Int.random(in: 1...9, using: &random)) } }",
        "print(Point(x: \(first), y: 0).\(function))",
      ]
    case 23:
      let new = name("nested")
      let read = name("f")
      defer { functions.append(read) }
      return [
        "let \(new): Int?? = .some(nil)", "func \(read)(_ x: Int) -> Int { \(new) == nil ? x : x &+ 1 }",
      ]
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
    default:
      let mood = expression(.mood)
      return [
        "switch \(mood) {", "case .calm: print(\"calm\")", "case .loud(let n) where n > 10: print(\"loud\", n)",
        "case .loud, .named: print(\"else\")", "}",
      ]
    }
  }

  private mutating func changeOwn() -> [String] {
    let own = cell
    guard
      let value = values.filter({ $0.isVariable && $0.cell == own }).randomElement(using: &random)
    else { return printed() }
    return [change(value)]
  }

  /// A statement that changes a variable.
  private mutating func change(_ value: Value) -> String {
    let name = value.name
    let forms: [String] =
      switch value.kind {
      case .int:
        ["\(name) &+= 3", "\(name) = \(name) &* 2", "withUnsafeMutableBytes(of: &\(name)) { $0[0] ^= 1 }"]
      case .double: ["\(name) += 0.5", "\(name).negate()", "\(name).round()"]
      case .text: ["\(name).append(\"!\")", "\(name) += \"?\"", "\(name).removeAll()"]
      case .list: ["\(name).append(7)", "\(name) += [8]", "\(name).sort()", "\(name).insert(1, at: 0)"]
      case .table: ["\(name)[\"m\"] = 4", "\(name).updateValue(5, forKey: \"u\")", "\(name)[\"d\", default: 0] += 1"]
      case .maybe: ["\(name) = nil", "\(name)? &+= 1"]
      case .point:
        [
          "\(name).move(2)", "\(name).x = 5", "\(name)[keyPath: \\.y] = 6",
          "withUnsafeMutablePointer(to: &\(name).y) { $0.pointee = 7 }",
        ]
      case .mood: ["\(name) = .calm"]
      }
    return forms.randomElement(using: &random) ?? ""
  }

  // MARK: What only one process can do

  private mutating func risky() -> [String] {
    switch Int.random(in: 0..<9, using: &random) {
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
      defer { functions.append(read) }
      return [
        "final class \(type): Codable { var n = 1 }", "let \(object) = \(type)()",
        "func \(read)(_ x: Int) -> Int { \(object).n &+= 1; return x &+ \(object).n }", "print(\(read)(1))",
      ]
    case 5:
      let (type, read) = (name("Memo"), name("f"))
      defer { functions.append(read) }
      return [
        "enum \(type) { nonisolated(unsafe) static var calls = 0 }",
        "func \(read)(_ x: Int) -> Int { \(type).calls &+= 1; return x &+ \(type).calls }", "print(\(read)(1))",
      ]
    case 6:
      let (new, read) = (name("slice"), name("f"))
      defer { functions.append(read) }
      return [
        "let \(new) = \(expression(.list)).dropFirst()",
        "func \(read)(_ x: Int) -> Int { x &+ \(new).startIndex }",
      ]
    case 7:
      let (new, read) = (name("any"), name("f"))
      defer { functions.append(read) }
      return [
        "let \(new): any Codable & Hashable = \(expression(.int))",
        "func \(read)(_ x: Int) -> Int { x &+ ((\(new) as? Int) ?? 1) }",
      ]
    default:
      let (new, read) = (name("closure"), name("f"))
      defer { functions.append(read) }
      let text = expression(.int)
      return ["let \(new) = { (x: Int) in x &+ \(text) }", "func \(read)(_ x: Int) -> Int { \(new)(x) }"]
    }
  }
}
