/// A place in a file. Lines and columns count from 1; columns count characters of UTF-8 text.
public struct Place: Hashable, Codable, Sendable, CustomStringConvertible {
  public var file: String
  public var line: Int?
  public var column: Int?

  public init(file: String, line: Int? = nil, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// The text `file:line:column`, as compilers and editors write it.
  public var description: String {
    [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
  }
}

/// An error in the user's input: its place, its cause, and a remedy.
///
/// ```
/// data/latency.csv:17: the latency "-1.5" of "p0016" is not a positive number
///   Remove the row, or measure the model again.
/// ```
public struct InputError: Error, Hashable, Codable, Sendable, CustomStringConvertible {
  public var place: Place?
  public var cause: String
  public var remedy: String?

  public init(_ cause: String, at place: Place? = nil, remedy: String? = nil) {
    self.place = place
    self.cause = cause
    self.remedy = remedy
  }

  public var description: String {
    let head = place.map { "\($0): \(cause)" } ?? cause
    return remedy.map { "\(head)\n  \($0)" } ?? head
  }
}
