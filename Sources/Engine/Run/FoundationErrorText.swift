/// Replaces errors that Foundation and the standard library print in their own terms by plain words.
package enum FoundationErrorText {
  private static let causes: [Int: String] = [
    4: "there is no such file", 260: "there is no such file", 257: "the file can't be read: no permission",
    513: "the file can't be written: no permission", 516: "the file exists already",
    640: "the disk is full", 642: "the file system is read-only", 261: "the text is not in the expected encoding",
  ]

  /// The message in plain words if it is such an error, else unchanged.
  package static func plain(_ message: String) -> String {
    if let match = message.firstMatch(of: /^Error Domain=NSCocoaErrorDomain Code=(\d+)\s/), let code = Int(match.1),
      let cause = causes[code]
    {
      let path =
        message.firstMatch(of: /NSFilePath=([^,}]+)/) ?? message.firstMatch(of: /NSURL=(?:file:\/\/)?([^,} ]+)/)
      return path.map { "\($0.1): \(cause)" } ?? cause
    }
    return decoding(message) ?? message
  }

  /// The plain words for `DecodingError.keyNotFound(… "a" …)` and similar errors.
  private static func decoding(_ message: String) -> String? {
    if let match = message.firstMatch(of: /DecodingError\.keyNotFound\(.*?stringValue: "([^"]*)"/) {
      return "the decoded data has no key \"\(match.1)\""
    }
    guard message.contains("DecodingError."), let text = message.firstMatch(of: /debugDescription: "((?:[^"\\]|\\.)*)"/)
    else { return nil }
    return "the decoded data has another form: \(text.1)"
  }
}
