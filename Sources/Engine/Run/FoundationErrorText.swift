/// Replaces errors that Foundation and the standard library print in their own terms by plain words.
package enum FoundationErrorText {
  private static let causes: [Int: String] = [
    4: "there is no such file", 260: "there is no such file", 257: "the file can't be read: no permission",
    513: "the file can't be written: no permission", 516: "the file exists already",
    640: "the disk is full", 642: "the file system is read-only", 261: "the text is not in the expected encoding",
  ]

  /// The message in plain words if it is such an error, else unchanged.
  package static func plain(_ message: String) -> String {
    domain(message) ?? coding(message) ?? message
  }

  /// The plain words for `Error Domain=NSCocoaErrorDomain Code=260 "…"UserInfo={…}`.
  private static func domain(_ message: String) -> String? {
    guard let match = message.prefixMatch(of: /Error Domain=(\w+) Code=(-?\d+) "([^"]*)"/), let code = Int(match.2)
    else { return nil }
    let rest = message[match.range.upperBound...]
    let path = rest.firstMatch(of: /NSFilePath=([^,}]+)/) ?? rest.firstMatch(of: /NSURL=(?:file:\/\/)?([^,} ]+)/)
    let known = match.1 == "NSCocoaErrorDomain" ? causes[code] : nil
    let own = match.3 == "(null)" ? "\(match.1) \(code)" : begun(sentence(match.3))
    let details = known == nil ? rest.firstMatch(of: /NSDebugDescription=([^,}]+)/).map { sentence($0.1) } : nil
    return [path.map { String($0.1) }, known ?? own, details].compactMap { $0 }.joined(separator: ": ")
  }

  /// The plain words for errors of coding, as in `DecodingError.typeMismatch: … Path: a. Debug description: …`.
  private static func coding(_ message: String) -> String? {
    guard let match = message.firstMatch(of: /\b(De|En)codingError\.(\w+)(?::|\()/) else { return nil }
    let rest = message[match.range.upperBound...]
    let path = rest.firstMatch(of: /\bPath: (.+?)\. Debug description:/).map { " at \($0.1)" } ?? ""
    if match.2 == "keyNotFound",
      let key = rest.firstMatch(of: /^ Key '([^']*)'/) ?? rest.firstMatch(of: /stringValue: "([^"]*)"/)
    {
      return "the decoded data has no key \"\(key.1)\"\(path)"
    }
    let text =
      (rest.firstMatch(of: /Debug description: (.+?)(?:\. Underlying error: .*)?$/)
      ?? rest.firstMatch(of: /debugDescription: "((?:[^"\\]|\\.)*)"/))?.1
    guard let text else { return nil }
    let start = match.1 == "De" ? "the decoded data has another form" : "a value can't be encoded"
    return "\(start)\(path): \(begun(sentence(text)))"
  }

  private static func sentence(_ text: some StringProtocol) -> String {
    String(text.hasSuffix(".") ? text.dropLast() : text[...])
  }

  private static func begun(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }
}
