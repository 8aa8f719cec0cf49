extension Table {
  /// The content of one cell of a table.
  public enum Value: Hashable, Sendable {
    case text(String)
    case number(Double)
    case missing
  }
}

/// A type whose values can be in a table.
public protocol TableEntry {
  var tableValue: Table.Value { get }
}

extension Table.Value: TableEntry {
  public var tableValue: Table.Value { self }
}

extension String: TableEntry {
  public var tableValue: Table.Value { .text(self) }
}

extension Double: TableEntry {
  public var tableValue: Table.Value { .number(self) }
}

extension Float: TableEntry {
  /// The decimal number that the float is written as: 0.1 stays 0.1.
  public var tableValue: Table.Value { .number(Double(description) ?? Double(self)) }
}

extension Int: TableEntry {
  public var tableValue: Table.Value { .number(Double(self)) }
}

extension Bool: TableEntry {
  public var tableValue: Table.Value { .text(self ? "✓" : "–") }
}

extension Table.Value: Codable {
  private enum CodingKeys: String, CodingKey {
    case special
  }

  /// Decodes a string, a number or null. Numbers that JSON lacks are under the key `special`.
  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: CodingKeys.self) {
      switch try container.decode(String.self, forKey: .special) {
      case "inf": self = .number(.infinity)
      case "-inf": self = .number(-.infinity)
      default: self = .number(.nan)
      }
      return
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .missing
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .number(let number) where !number.isFinite:
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(number.isNaN ? "nan" : number > 0 ? "inf" : "-inf", forKey: .special)
    case .number(let number):
      var container = encoder.singleValueContainer()
      try container.encode(number)
    case .text(let text):
      var container = encoder.singleValueContainer()
      try container.encode(text)
    case .missing:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    }
  }
}
