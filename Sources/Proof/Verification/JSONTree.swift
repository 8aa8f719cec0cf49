/// Any JSON value.
package enum JSONTree: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONTree])
  case object([String: JSONTree])

  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    // Numbers that JSON does not have.
    case .string("nan"): .nan
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    default: nil
    }
  }

  /// For people: scalars as they are, the rest by its size.
  package var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): String(value)
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .string(let value): value
    case .array(let items): "\(items.count) items"
    case .object(let members): "{\(members.keys.sorted().joined(separator: ", "))}"
    }
  }
}

extension JSONTree: Decodable {
  package init(from decoder: any Decoder) throws {
    if let container = try? decoder.singleValueContainer() {
      if container.decodeNil() {
        self = .null
        return
      }
      if let value = try? container.decode(Bool.self) {
        self = .bool(value)
        return
      }
      if let value = try? container.decode(Int.self) {
        self = .integer(value)
        return
      }
      // Texts first: the decoder reads "nan" as a number where one is asked for.
      if let value = try? container.decode(String.self) {
        self = .string(value)
        return
      }
      if let value = try? container.decode(Double.self) {
        self = .number(value)
        return
      }
      if let value = try? container.decode([JSONTree].self) {
        self = .array(value)
        return
      }
    }
    self = .object(try decoder.singleValueContainer().decode([String: JSONTree].self))
  }
}
