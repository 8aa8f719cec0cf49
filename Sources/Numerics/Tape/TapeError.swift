/// An error of an operation on a tape, such as matrices whose shapes don't match.
///
/// ```
/// product: the left factor is 9 x 6 and the right one 5 x 600
///   The left one needs as many columns as the right one has rows.
/// ```
public struct TapeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the operation, as the function is called.
  public var operation: String
  public var cause: String
  public var remedy: String?

  public init(_ operation: String, _ cause: String, remedy: String? = nil) {
    self.operation = operation
    self.cause = cause
    self.remedy = remedy
  }

  public var description: String {
    let head = "\(operation): \(cause)"
    return remedy.map { "\(head)\n  \($0)" } ?? head
  }
}
