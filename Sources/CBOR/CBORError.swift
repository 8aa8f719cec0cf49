/// The reason why bytes could not be read as CBOR.
struct CBORError: Error, CustomStringConvertible {
  var cause: String
  /// From the beginning of the bytes.
  var offset: Int
  /// Whether the item is sound, and only of another kind than was asked for.
  var isMismatch = false

  init(_ cause: String, at offset: Int, isMismatch: Bool = false) {
    self.cause = cause
    self.offset = offset
    self.isMismatch = isMismatch
  }

  var description: String { "\(cause), at byte \(offset)" }
}
