import CBOR
import Foundation
import Wire

/// A value of any type as a tree. It is read from the store's CBOR, or from JSON, in which charts, tables and the
/// values of earlier versions are stored.
package typealias ValueTree = CBORItem

extension ValueTree {
  /// Reads a stored value.
  package init(stored data: Data) throws {
    // Stored JSON has the value in a list of one.
    self = Self.isMarked(data) ? try CBORItem(data) : try Self(json: Data(data.dropFirst().dropLast()))
  }

  package init(json: Data) throws {
    self = try CellJob.decoder.decode(JSONValue.self, from: json).tree
  }

  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    // Text for numbers that JSON lacks.
    case .text("nan"): .nan
    case .text("inf"): .infinity
    case .text("-inf"): -.infinity
    default: nil
    }
  }

  /// The packed numbers: the value itself, or those in a map under the name of their type, as charts have them.
  package var packed: CBORNumbers? {
    switch self {
    case .numbers(let numbers): return numbers
    case .map(let members):
      guard members.count == 1, let member = members.first, let bits = ["float32": 32, "float64": 64][member.key] else {
        return nil
      }
      switch member.value {
      case .bytes(let data): return CBORNumbers(floatingPointBits: bits, data)
      case .text(let text): return Data(base64Encoded: text).flatMap { CBORNumbers(floatingPointBits: bits, $0) }
      default: return nil
      }
    default: return nil
    }
  }

  /// A summary for people: scalars as they are, and the size of everything else.
  package var summary: String {
    switch self {
    case .null: "null"
    case .bool(let value): String(value)
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .text(let value): value
    case .bytes(let data): "\(data.count) bytes"
    case .numbers(let numbers): "\(numbers.count) numbers"
    case .list(let items): "\(items.count) items"
    case .map(let members): "{\(members.keys.sorted().joined(separator: ", "))}"
    }
  }

  /// The tree as JSON. Bytes are in base64, and numbers that JSON lacks are text.
  package var json: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    func list(_ items: some Sequence<CBORItem>) {
      text += "["
      for (index, item) in items.enumerated() {
        if index > 0 { text += "," }
        item.write(to: &text)
      }
      text += "]"
    }
    switch self {
    case .null, .bool, .integer: text += summary
    case .number(let value): text += value.isFinite ? "\(value)" : Self.quoted("\(value)")
    case .text(let value): text += Self.quoted(value)
    case .bytes(let data): text += Self.quoted(data.base64EncodedString())
    case .numbers(let numbers): list(numbers)
    case .list(let items): list(items)
    case .map(let members):
      text += "{"
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        text += (index > 0 ? "," : "") + Self.quoted(member.key) + ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    (try? CellJob.encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}

/// A decoder for any JSON value.
private struct JSONValue: Decodable {
  var tree: CBORItem

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      tree = .null
    } else if let value = try? container.decode(Bool.self) {
      tree = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      tree = .integer(Int128(value))
    } else if let value = try? container.decode(String.self) {
      // Text is tried first, because the decoder reads "nan" as a number where a number is requested.
      tree = .text(value)
    } else if let value = try? container.decode(Double.self) {
      tree = .number(value)
    } else if let value = try? container.decode([JSONValue].self) {
      tree = .list(value.map(\.tree))
    } else {
      tree = .map(try container.decode([String: JSONValue].self).mapValues(\.tree))
    }
  }
}
