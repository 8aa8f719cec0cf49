/// The stored form of a value that belongs to one of several families: the family's name beside the value.
struct FamilyCoding {
  /// The key of the value.
  let content: String

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private static let family = Key(stringValue: "family")

  func encode(_ value: any Encodable, family: String, to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(family, forKey: Self.family)
    try container.encode(value, forKey: Key(stringValue: content))
  }

  /// - Parameter type: The type of a family's values.
  func decode<Value>(from decoder: any Decoder, type: (String) throws -> any Decodable.Type) throws -> Value {
    let container = try decoder.container(keyedBy: Key.self)
    let family = try container.decode(String.self, forKey: Self.family)
    func failure(_ text: String) -> DecodingError {
      .dataCorruptedError(forKey: Self.family, in: container, debugDescription: text)
    }
    do {
      guard let value = try container.decode(type(family), forKey: Key(stringValue: content)) as? Value else {
        throw failure("the family \"\(family)\" has values of another type")
      }
      return value
    } catch let error as UnknownFamily {
      throw failure("\(error.cause). \(error.remedy)")
    }
  }
}

/// An error: a stored value belongs to a family that isn't in the list.
struct UnknownFamily: Error {
  var family: String
  var known: [String]

  var cause: String { "this version of Labbook has no predictor family \"\(family)\"" }
  var remedy: String { InputError.remedy(unknown: family, among: known, called: "families of predictors it has") }
}
