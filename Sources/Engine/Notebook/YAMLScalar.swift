import Yams

/// A scalar by the core schema of YAML 1.2. Yams reads YAML 1.1, where `1:30` is 90, `010` is 8 and `NO` is false.
package enum YAMLScalar: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  /// A number that exceeds the range of `Int` or `Double`.
  case outOfRange(String)

  package init(_ scalar: Yams.Node.Scalar) {
    self = scalar.style == .plain || scalar.style == .any ? Self.plain(scalar.string) : .text(scalar.string)
  }

  private static func plain(_ text: String) -> YAMLScalar {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    default: break
    }
    if let match = text.wholeMatch(of: /([-+]?)\.(?:inf|Inf|INF)/) {
      return .number(match.1 == "-" ? -.infinity : .infinity)
    }
    if text.wholeMatch(of: /[-+]?[0-9]+/) != nil { return Int(text).map { .integer($0) } ?? .outOfRange("Int") }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
      let digits = text.dropFirst(2)
      guard !digits.isEmpty,
        digits.allSatisfy({ $0.isASCII && ($0.wholeNumberValue ?? $0.hexDigitValue ?? 99) < radix })
      else { continue }
      return Int(digits, radix: radix).map { .integer($0) } ?? .outOfRange("Int")
    }
    if text.wholeMatch(of: /[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?/) != nil {
      // Swift needs digits on both sides of the decimal point.
      let digits = text.replacing(/^([-+]?)\./) { "\($0.1)0." }.replacing(/\.(?=$|[eE])/, with: ".0")
      guard let number = Double(digits), number.isFinite else { return .outOfRange("Double") }
      return .number(number)
    }
    return .text(text)
  }
}

extension YAMLScalar {
  /// The text by which a number is shown, if digits that were written are lost: `1.1` for `1.10`, which may be a
  /// version, `7` for `007`, and the nearest number for more digits than a Double holds.
  ///
  /// Other ways to write the same digits, such as `1e-3`, `+5`, `.5`, `5.0` or `0x1F`, lose nothing.
  package static func lossyText(_ scalar: Yams.Node.Scalar) -> String? {
    let text = scalar.string
    let written = text.wholeMatch(of: /[-+]?(?<whole>[0-9]*)(?:\.(?<part>[0-9]*))?(?:[eE][-+]?[0-9]+)?/)
    switch YAMLScalar(scalar) {
    case .integer(let number):
      guard let whole = written?.whole, whole.count > 1, whole.first == "0" else { return nil }
      return String(number)
    case .number(let number) where number.isFinite:
      guard let written else { return nil }
      let (whole, part) = (written.whole, written.part ?? "")
      let hasZeros = whole.count > 1 && whole.first == "0" || part.count > 1 && part.last == "0"
      // A Double holds any fifteen digits.
      let digits = (whole + part).drop { $0 == "0" }
      return hasZeros || digits.count > 15 && !shows(number, digits) ? "\(number)" : nil
    default: return nil
    }
  }

  /// Whether a number is shown with these digits.
  private static func shows(_ number: Double, _ digits: Substring) -> Bool {
    func significant(_ text: some StringProtocol) -> String {
      let digits = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
      return String(digits.reversed().drop { $0 == "0" }.reversed())
    }
    return significant("\(number)") == significant(digits)
  }
}

extension Yams.Node {
  /// A Boolean by YAML 1.2, or by YAML 1.1's words (`yes`, `off`) where only a Boolean makes sense.
  package var flag: Bool? {
    guard let scalar else { return nil }
    if case .boolean(let flag) = YAMLScalar(scalar) { return flag }
    return bool
  }
}

extension String {
  /// The text as YAML: unquoted where YAML 1.1 and 1.2 read it as the same text, else in quotes.
  package var yamlScalar: String {
    let read = try? Yams.compose(yaml: "key: \(self)\n")?.mapping?["key"]
    let isPlain = read?.scalar?.style == .plain && read?.string == self && read?.tag == Tag(.str)
    return isPlain && YAMLScalar(Yams.Node.Scalar(self)) == .text(self) ? self : jsonLiteral
  }
}
