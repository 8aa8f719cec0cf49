import Foundation
import Wire

extension Parameter.Value {
  /// The value that `Parameter.json` wrote.
  /// - Parameter type: The Swift type, as in `Parameter.type`. JSON doesn't tell an Int from a Double.
  /// - Throws: `DecodingError` when the text isn't JSON of that type.
  package init(json: String, type: String) throws {
    self = try CellJob.decoder.decode(Parameter.Value.self, from: Data(json.utf8), configuration: type)
  }
}

extension Parameter.Value: DecodableWithConfiguration {
  /// - Parameter type: The Swift type, as in `Parameter.type`.
  package init(from decoder: any Decoder, configuration type: String) throws {
    let dictionary = "[String: "
    if type.hasPrefix(dictionary) {
      let container = try decoder.container(keyedBy: CodingName.self)
      let element = String(type.dropFirst(dictionary.count).dropLast())
      var values: [String: Parameter.Value] = [:]
      for key in container.allKeys {
        values[key.stringValue] = try container.decode(Parameter.Value.self, forKey: key, configuration: element)
      }
      self = .dictionary(values)
    } else if type.hasPrefix("[") {
      var container = try decoder.unkeyedContainer()
      let element = String(type.dropFirst().dropLast())
      var values: [Parameter.Value] = []
      while !container.isAtEnd { values.append(try container.decode(Parameter.Value.self, configuration: element)) }
      self = .list(values)
    } else {
      let container = try decoder.singleValueContainer()
      switch type {
      case "Int": self = .integer(try container.decode(Int.self))
      case "Double": self = .number(try container.decode(Double.self))
      case "Bool": self = .boolean(try container.decode(Bool.self))
      default: self = .string(try container.decode(String.self))
      }
    }
  }

  private struct CodingName: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
