import Core

/// A seeded generator of small notebooks in which values, functions, types and state pass from cell to cell in many
/// ways. About one notebook in eight contains a statement that separate processes can't imitate; all others compile as
/// scripts and must run.
struct RandomNotebook {
  enum Kind: CaseIterable {
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

  struct Value {
    var name: String
    var kind: Kind
    var isVariable: Bool
    var cell: Int
    var isGuarded: Bool
  }

  /// A function from Int to Int without side effects: its name, or an expression that stands for it.
  struct Function {
    var name: String
    /// Whether it uses a value that a `guard` binds.
    var usesGuarded: Bool
  }

  /// The notebook's Markdown text, which is the same for the same seed.
  private(set) var source = ""
  /// Whether the notebook has a statement that separate processes can't imitate, so that the check may refuse it.
  private(set) var isRisky: Bool

  var random: SeededGenerator
  var values: [Value] = []
  var functions: [Function] = []
  var overloaded: Set<String> = []
  var cell = 0
  private var count = 0
  /// Whether expressions leave out what a `guard` binds, which types, computed variables and observers can't use.
  private var avoidsGuarded = false
  /// Whether an expression has used such a value since this was set to false.
  private var usedGuarded = false

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
    isRisky = false
    isRisky = chance(8)
    source = make()
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
    let riskyCell = isRisky ? Int.random(in: 2...max(2, length), using: &random) : 0
    for index in 1...length {
      cell = index
      var lines: [String] = []
      for _ in 0..<Int.random(in: 2...4, using: &random) { lines += plain() }
      if index == riskyCell { lines += risky() }
      lines += printed()
      cells.append(lines.joined(separator: "\n"))
    }
    return "---\nparams: {width: 3}\n---\n\n"
      + cells.enumerated().map { "```swift {#c\($0)}\n\($1)\n```\n" }.joined(separator: "\n")
  }

  // MARK: Names and expressions

  mutating func name(_ prefix: String) -> String {
    count += 1
    return "\(prefix)\(count)"
  }

  mutating func chance(_ part: Int) -> Bool { Int.random(in: 0..<part, using: &random) == 0 }

  private mutating func value(_ kind: Kind) -> Value? {
    let all = values.filter { $0.kind == kind && !(avoidsGuarded && $0.isGuarded) }
    return all.randomElement(using: &random)
  }

  /// An expression for the body of a type, a computed variable or an observer.
  mutating func unguarded(_ kind: Kind, depth: Int = 2) -> String {
    avoidsGuarded = true
    defer { avoidsGuarded = false }
    return expression(kind, depth: depth)
  }

  /// Adds a function whose body has this expression.
  mutating func function(_ name: String, _ body: (inout RandomNotebook) -> String) -> String {
    usedGuarded = false
    let text = body(&self)
    functions.append(Function(name: name, usesGuarded: usedGuarded))
    return text
  }

  mutating func expression(_ kind: Kind, depth: Int = 2) -> String {
    if depth > 0, !chance(3), let value = value(kind) {
      if value.isGuarded { usedGuarded = true }
      return value.name
    }
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
      let known = functions.filter { !(avoidsGuarded && $0.usesGuarded) }
      if choice == 0, let function = known.randomElement(using: &random) {
        if function.usesGuarded { usedGuarded = true }
        return "\(function.name)(\(inner(.int)))"
      }
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

  mutating func define(_ kind: Kind, _ name: String, isVariable: Bool = false, isGuarded: Bool = false) {
    values.append(Value(name: name, kind: kind, isVariable: isVariable, cell: cell, isGuarded: isGuarded))
  }

  mutating func printed() -> [String] {
    var parts: [String] = []
    for _ in 0..<3 {
      let kind = Kind.allCases.randomElement(using: &random) ?? .int
      let isTable = kind == .table
      parts.append(isTable ? "\(expression(.table)).sorted { $0.key < $1.key }" : expression(kind) + asAny(kind))
    }
    return ["print(\"c\(cell)\", \(parts.joined(separator: ", ")))"]
  }

  private func asAny(_ kind: Kind) -> String { kind == .maybe ? " as Any" : "" }

  // MARK: Changes

  mutating func changeOwn() -> [String] {
    let own = cell
    guard
      let value = values.filter({ $0.isVariable && $0.cell == own }).randomElement(using: &random)
    else { return printed() }
    return [change(value)]
  }

  /// A statement that changes a variable.
  mutating func change(_ value: Value) -> String {
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
}
