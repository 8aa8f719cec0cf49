import Basics
import Core
import Foundation
import Yams

/// A named value in the front matter that cells can read.
package struct Parameter: Hashable, Sendable {
  package indirect enum Value: Hashable, Sendable {
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case string(String)
    /// A list of values of one type, with at least one value.
    case list([Value])
    /// A dictionary of values of one type, with at least one value.
    case dictionary([String: Value])
  }

  package var name: String
  package var value: Value

  package init(name: String, value: Value) {
    self.name = name
    self.value = value
  }

  /// The Swift type of `params.name`.
  package var type: String { value.type }
  /// The value as JSON. Numbers that JSON lacks become the texts "inf", "-inf" and "nan".
  package var json: String {
    value.text({ $0.jsonLiteral }, number: { $0.isFinite ? "\($0)" : $0.isNaN ? "\"nan\"" : "\"\($0)\"" }, "{}")
  }
  /// The value as a Swift expression.
  package var swift: String {
    value.text(
      { $0.swiftLiteral }, number: { $0.isFinite ? "\($0)" : $0.isNaN ? ".nan" : $0 < 0 ? "-.infinity" : ".infinity" },
      "[]")
  }
  /// The value as YAML on one line.
  package var yaml: String {
    if case .string(let text) = value { return text.yamlScalar }
    return value.text(
      { $0.jsonLiteral }, number: { $0.isFinite ? "\($0)" : $0.isNaN ? ".nan" : $0 < 0 ? "-.inf" : ".inf" }, "{}")
  }
}

extension Parameter.Value {
  package var type: String {
    switch self {
    case .integer: "Int"
    case .number: "Double"
    case .boolean: "Bool"
    case .string: "String"
    case .list(let values): "[\(values.first?.type ?? "String")]"
    case .dictionary(let values): "[String: \(values.first?.value.type ?? "String")]"
    }
  }

  fileprivate func text(_ quoted: (String) -> String, number: (Double) -> String, _ braces: String) -> String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): number(value)
    case .boolean(let value): String(value)
    case .string(let value): quoted(value)
    case .list(let values): "[" + values.map { $0.text(quoted, number: number, braces) }.joined(separator: ", ") + "]"
    case .dictionary(let values):
      Self.joined(
        values.sorted { $0.key < $1.key }.map { "\(quoted($0.key)): \($0.value.text(quoted, number: number, braces))" },
        braces)
    }
  }

  private static func joined(_ items: [String], _ braces: String) -> String {
    String(braces.prefix(1)) + items.joined(separator: ", ") + String(braces.suffix(1))
  }

  /// The value converted to another type without loss: a whole number to a Double, or any single value to text.
  fileprivate func converted(to type: String, written: String?) -> Parameter.Value? {
    if self.type == type { return self }
    switch self {
    case .integer(let value) where type == "Double": return .number(Double(value))
    case .list(let values) where type.hasPrefix("["):
      let converted = values.map { $0.converted(to: String(type.dropFirst().dropLast()), written: nil) }
      return converted.contains(nil) ? nil : .list(converted.compactMap { $0 })
    case .dictionary(let values) where type.hasPrefix("[String: "):
      let element = String(type.dropFirst("[String: ".count).dropLast())
      let converted = values.compactMapValues { $0.converted(to: element, written: nil) }
      return converted.count == values.count ? .dictionary(converted) : nil
    default: return type == "String" ? written.map { .string($0) } : nil
    }
  }
}

extension Parameter {
  /// Reads a parameter of the front matter. Its type follows from the rules of YAML 1.2.
  package init(_ key: Yams.Node, _ value: Yams.Node, _ place: (Mark?) -> Place) throws {
    name = key.string ?? ""
    guard name.isSwiftIdentifier else {
      throw NotebookError(
        "the parameter name \"\(name)\" is not a Swift name", at: place(key.mark),
        remedy: "Use letters, digits and underscores, beginning with a letter.")
    }
    guard !name.isSwiftKeyword else {
      throw NotebookError(
        "the parameter name \"\(name)\" is a Swift keyword", at: place(key.mark),
        remedy: "Give it another name, such as `\(name)Value`.")
    }
    self.value = try Self.value(value, name: name, place)
  }

  /// Warnings of numbers that are written with digits that they don't keep. Often a version or a code is meant.
  /// - Parameter place: The place of a mark; nil on the command line.
  package static func warnings(of node: Yams.Node, name: String, _ place: (Mark?) -> Place?) -> [Diagnostic] {
    switch node {
    case .scalar(let scalar):
      guard let shown = YAMLScalar.lossyText(scalar) else { return [] }
      return [
        .warning(
          "the parameter `\(name)`: \(scalar.string) is the number \(shown)", at: place(node.mark),
          remedy: "If it is a version or a code, put it in quotes: \"\(scalar.string)\". Otherwise write \(shown).")
      ]
    case .sequence(let sequence): return sequence.flatMap { warnings(of: $0, name: name, place) }
    case .mapping(let mapping): return mapping.flatMap { warnings(of: $0.value, name: name, place) }
    case .alias: return []
    }
  }

  /// The greatest number of values of all parameters of a notebook, with lists and dictionaries counted, too.
  static let greatestCount = 100_000
  /// The greatest number of lists and dictionaries inside each other.
  static let greatestDepth = 64

  /// Refuses values that are too many or too deep to be read. An alias stands for all that it names, so a few lines can
  /// stand for more values than the memory holds.
  /// - Throws: `NotebookError` that names the limit.
  static func requireFew(_ node: Yams.Node, at place: Place?) throws {
    var count = 0
    var isTooDeep = false
    func isSmall(_ node: Yams.Node, depth: Int) -> Bool {
      count += 1
      if depth > greatestDepth { isTooDeep = true }
      if isTooDeep || count > greatestCount { return false }
      switch node {
      case .scalar, .alias: return true
      case .sequence(let sequence): return sequence.allSatisfy { isSmall($0, depth: depth + 1) }
      case .mapping(let mapping): return mapping.allSatisfy { isSmall($0.value, depth: depth + 1) }
      }
    }
    if isSmall(node, depth: 0) { return }
    throw NotebookError(
      isTooDeep
        ? "the values of the parameters are nested more than \(greatestDepth) levels deep"
        : "the parameters have more than \(greatestCount) values",
      at: place,
      remedy: "An alias (`*name`) stands for all values that it names. Write out those that the cells need, or keep "
        + "them in a file of data.")
  }

  private static func value(_ node: Yams.Node, name: String, _ place: (Mark?) -> Place) throws -> Value {
    switch node {
    case .scalar(let scalar):
      switch YAMLScalar(scalar) {
      case .integer(let integer): return .integer(integer)
      case .number(let number): return .number(number)
      case .boolean(let flag): return .boolean(flag)
      case .text(let text): return .string(text)
      case .null:
        throw NotebookError(
          "the parameter `\(name)` has no value", at: place(node.mark), remedy: "Write \"\" for an empty text.")
      case .outOfRange(let type):
        throw NotebookError(
          "the parameter `\(name)`: \(scalar.string) is too large for \(type == "Int" ? "an Int" : "a Double")",
          at: place(node.mark),
          remedy: type == "Int"
            ? "Write it with a point for a Double, or in quotes for a text." : "Write .inf, or a text.")
      }
    case .sequence(let sequence):
      return .list(try alike(sequence.map { ($0, try value($0, name: name, place)) }, name: name, node, place))
    case .mapping(let mapping):
      let values = try alike(
        mapping.map { ($0.value, try value($0.value, name: name, place)) }, name: name, node, place)
      return .dictionary(
        Dictionary(zip(mapping.map { $0.key.scalar?.string ?? "" }, values), uniquingKeysWith: { $1 }))
    case .alias:
      throw NotebookError("the parameter `\(name)` can't be an alias", at: place(node.mark))
    }
  }

  /// The values of a list or dictionary, which must be of one type. Whole numbers beside Doubles become Doubles.
  private static func alike(
    _ values: [(node: Yams.Node, value: Value)], name: String, _ whole: Yams.Node, _ place: (Mark?) -> Place
  ) throws -> [Value] {
    guard let first = values.first?.value else {
      throw NotebookError(
        "the parameter `\(name)` is empty, so its type is unknown", at: place(whole.mark),
        remedy: "Give it at least one value.")
    }
    let type = values.first { $0.value.type != "Int" && $0.value.type != "[Int]" }?.value.type ?? first.type
    return try values.map { node, value in
      if let converted = value.converted(to: type, written: nil) { return converted }
      throw NotebookError(
        "the values of the parameter `\(name)` must be of one type: this is of type \(value.type), others are of "
          + "type \(type)",
        at: place(node.mark), remedy: type == "String" ? "Put it in quotes to make it a text." : nil)
    }
  }

  /// The parameter with another value of the same type. A whole number is accepted for a Double, and anything for
  /// text.
  /// - Throws: `NotebookError` that names the expected type.
  package func with(_ node: Yams.Node, at place: Place? = nil) throws -> Parameter {
    var result = self
    let written = node.scalar?.string
    if type == "String", let written {
      result.value = .string(written)
      return result
    }
    try Self.requireFew(node, at: place)
    let value = try Self.value(node, name: name) { _ in place ?? Place(file: "-P") }
    guard let converted = value.converted(to: type, written: written) else {
      throw NotebookError(
        "the parameter `\(name)` is of type \(type), and \"\(written ?? value.type)\" is not", at: place,
        remedy: "The front matter's value, \(json), gives the type.")
    }
    result.value = converted
    return result
  }

  /// The YAML node for a value on the command line. Text needs no quotes; lists and dictionaries are written as YAML.
  static func node(_ text: String) -> Yams.Node {
    if text.first == "[" || text.first == "{", let node = try? Yams.compose(yaml: text), node.scalar == nil {
      return node
    }
    return Yams.Node(text)
  }
}

extension Notebook {
  /// Sets parameters from `-P name=value` and `--params file.yaml`. The former override the latter.
  /// - Throws: `NotebookError` for a name that the front matter doesn't have and for a value of another type.
  package mutating func setParameters(_ assignments: [String], file: String?) throws {
    if let file {
      FileRegister.note(URL(fileURLWithPath: file).path)
      let text = String(decoding: try FileAccess.read(file), as: UTF8.self)
      let mapping: Yams.Node.Mapping?
      do {
        mapping = try Yams.compose(yaml: text)?.mapping
      } catch {
        throw NotebookError("the parameter file is not YAML: \(error)", at: Place(file: file))
      }
      guard let mapping else {
        throw NotebookError("the parameter file is not a list of `name: value` lines", at: Place(file: file))
      }
      for (key, value) in mapping {
        try setParameter(
          key.string ?? "", to: value, at: Place(file: file, line: key.mark?.line, column: key.mark?.column))
      }
    }
    for assignment in assignments {
      guard let equals = assignment.firstIndex(of: "=") else {
        throw NotebookError("\"\(assignment)\" is not `name=value`", remedy: "Write -P epochs=500.")
      }
      try setParameter(
        String(assignment[..<equals]), to: Parameter.node(String(assignment[assignment.index(after: equals)...])),
        at: nil)
    }
  }

  private mutating func setParameter(_ name: String, to value: Yams.Node, at place: Place?) throws {
    guard let index = frontMatter.parameters.firstIndex(where: { $0.name == name }) else {
      let names = frontMatter.parameters.map(\.name)
      let known = names.isEmpty ? "It has none." : "Its parameters: \(names.joined(separator: ", "))."
      throw NotebookError(
        "\(file) has no parameter named \"\(name)\"", at: place,
        remedy: nearestName(to: name, among: names).map { "Did you mean \"\($0)\"?" } ?? known)
    }
    frontMatter.parameters[index] = try frontMatter.parameters[index].with(value, at: place)
    // A text keeps what is written.
    guard !frontMatter.parameters[index].type.contains("String") else { return }
    let lost = Parameter.warnings(of: value, name: name) { _ in place }
    warnings += lost.map { warning in
      var warning = warning
      warning.remedy = "The front matter's value is a number. If it is a version or a code, write it in quotes there."
      return warning
    }
  }
}
