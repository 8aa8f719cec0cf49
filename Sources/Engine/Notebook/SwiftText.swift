import SwiftParser

extension String {
  /// Whether the text can be a name in Swift without backticks. Names may be Chinese.
  package var isSwiftIdentifier: Bool {
    guard let first = unicodeScalars.first, first == "_" || first.properties.isXIDStart else { return false }
    return unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
  }

  /// Whether the compiler takes the name for something else where a property is declared.
  var isSwiftKeyword: Bool {
    self == "self" || self == "Self" || self == "init" || self == "_" || Self.isReserved(self)
  }

  private static func isReserved(_ name: String) -> Bool {
    Parser.parse(source: "let \(name) = 0").hasError
  }

  /// The text as a JSON or Swift string literal.
  package var jsonLiteral: String {
    var literal = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      case "\r": literal += "\\r"
      case "\t": literal += "\\t"
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
