import Foundation

extension NetworkGraph {
  /// The graph as a line of `architectures.jsonl`, without the line end: `id`, the properties by name, `nodes`,
  /// `edges`.
  /// - Throws: `InputError` when a property is not finite, or has the name of another key.
  public func architectureLine() throws -> String {
    var line = "{\"id\":" + Self.quoted(id)
    for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
      guard value.isFinite, !["id", "nodes", "edges"].contains(name) else {
        throw InputError(
          "the property \"\(name)\" of \"\(id)\", \(value), can't be written",
          remedy: "Properties are finite numbers under names other than id, nodes and edges.")
      }
      line += ",\(Self.quoted(name)):" + (Int(exactly: value).map(String.init) ?? "\(value)")
    }
    line += ",\"nodes\":[" + nodes.map(Self.text).joined(separator: ",")
    line += "],\"edges\":[" + edges.map(\.description).joined(separator: ",") + "]}"
    return line
  }

  /// Writes graphs to a file that `load` can read. The same graphs give the same bytes.
  /// - Throws: `InputError` when two graphs have the same id, or a property or the file can't be written.
  public static func save(_ graphs: [NetworkGraph], to path: String) throws {
    var ids = Set<String>()
    if let twice = graphs.first(where: { !ids.insert($0.id).inserted }) {
      throw InputError(
        "two architectures have the id \"\(twice.id)\"", at: Place(file: path),
        remedy: "Every architecture needs an id of its own.")
    }
    let text = try graphs.map { try $0.architectureLine() + "\n" }.joined()
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw InputError.notWritten(path)
    }
  }

  private static func text(of node: Node) -> String {
    let attributes = NodeAttribute.allCases.compactMap { attribute in
      node[attribute].map { ",\"\(attribute.rawValue)\":\($0)" }
    }
    return "{\"op\":" + quoted(node.operation.rawValue) + attributes.joined() + "}"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\0"..<" ":
        quoted += "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2) + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
