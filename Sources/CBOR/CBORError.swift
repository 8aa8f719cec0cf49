/// The reason why bytes could not be read as CBOR.
struct CBORError: Error, CustomStringConvertible {
  var cause: String
  /// The offset in the bytes.
  var offset: Int
  /// Whether the item is valid but of another type than requested.
  var isMismatch = false

  init(_ cause: String, at offset: Int, isMismatch: Bool = false) {
    self.cause = cause
    self.offset = offset
    self.isMismatch = isMismatch
  }

  var description: String { "\(cause), at byte \(offset)" }
}
