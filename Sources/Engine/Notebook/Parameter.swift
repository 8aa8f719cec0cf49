import Core
import Foundation
import Yams

/// A named value that the front matter gives to the cells.
package struct Parameter: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case string(String)
  }

  package var name: String
  package var value: Value

  package init(name: String, value: Value) {
    self.name = name
    self.value = value
  }

  /// The Swift type of `params.name`.
  package var type: String {
    switch value {
    case .integer: "Int"
    case .number: "Double"
    case .boolean: "Bool"
    case .string: "String"
    }
  }

  /// The value as JSON.
  package var json: String {
    switch value {
    case .integer(let value): String(value)
    case .number(let value): "\(value)"
    case .boolean(let value): String(value)
    case .string(let value): value.jsonLiteral
    }
  }
}

extension Parameter {
  /// Reads a parameter of the front matter, its type from YAML's own rules.
  package init(_ key: Yams.Node, _ value: Yams.Node, _ place: (Mark?) -> Place) throws {
    name = key.string ?? ""
    guard name.isSwiftIdentifier else {
      throw NotebookError(
        "the parameter name \"\(name)\" is not a Swift name", at: place(key.mark),
        remedy: "Letters, digits and underscores, beginning with a letter.")
    }
    guard !name.isSwiftKeyword else {
      throw NotebookError(
        "the parameter name \"\(name)\" is a word of Swift's own", at: place(key.mark),
        remedy: "Give it another name, such as `\(name)Value`.")
    }
    guard value.scalar != nil else {
      throw NotebookError("the parameter `\(name)` must be one number, text, true or false", at: place(value.mark))
    }
    self.value = Self.value(value)
  }

  private static func value(_ node: Yams.Node) -> Value {
    if node.tag == Tag(.int), let integer = node.int { return .integer(integer) }
    if node.tag == Tag(.float), let number = node.float { return .number(number) }
    if node.tag == Tag(.bool), let flag = node.bool { return .boolean(flag) }
    return .string(node.string ?? "")
  }

  /// The parameter with another value of its own type. A whole number may stand for a number, and anything for text.
  /// - Throws: `NotebookError` that names the type.
  package func with(_ node: Yams.Node, at place: Place? = nil) throws -> Parameter {
    var result = self
    switch (value, Self.value(node)) {
    case (.integer, .integer(let new)): result.value = .integer(new)
    case (.number, .integer(let new)): result.value = .number(Double(new))
    case (.number, .number(let new)): result.value = .number(new)
    case (.boolean, .boolean(let new)): result.value = .boolean(new)
    case (.string, _) where node.scalar != nil: result.value = .string(node.string ?? "")
    default:
      throw NotebookError(
        "the parameter `\(name)` is of type \(type), and \"\(node.string ?? "")\" is not", at: place,
        remedy: "The front matter's value, \(json), gives the type.")
    }
    return result
  }
}

extension Notebook {
  /// Sets parameters as `-P name=value` and `--params file.yaml` say, the former after the latter.
  /// - Throws: `NotebookError` for a name that the front matter does not have and for a value of another type.
  package mutating func setParameters(_ assignments: [String], file: String?) throws {
    if let file {
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
        String(assignment[..<equals]), to: Yams.Node(String(assignment[assignment.index(after: equals)...])), at: nil)
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
  }
}
