import SwiftParser

extension String {
  /// Whether the text is a Swift identifier without backticks. Identifiers may be Chinese.
  package var isSwiftIdentifier: Bool {
    guard let first = unicodeScalars.first, first == "_" || first.properties.isXIDStart else { return false }
    return unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
  }

  /// Whether the compiler reads the name as a keyword where a property is declared.
  var isSwiftKeyword: Bool {
    self == "self" || self == "Self" || self == "init" || self == "_" || Self.isReserved(self)
  }

  private static func isReserved(_ name: String) -> Bool {
    Parser.parse(source: "let \(name) = 0").hasError
  }

  /// The text as a JSON string literal.
  package var jsonLiteral: String { literal { "\\u" + String(repeating: "0", count: 4 - $0.count) + $0 } }
  /// The text as a Swift string literal.
  package var swiftLiteral: String { literal { "\\u{\($0)}" } }

  /// - Parameter escape: Writes a control character's code, which is given in hexadecimal digits.
  private func literal(_ escape: (String) -> String) -> String {
    var literal = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      case "\r": literal += "\\r"
      case "\t": literal += "\\t"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        literal += escape(String(scalar.value, radix: 16))
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
