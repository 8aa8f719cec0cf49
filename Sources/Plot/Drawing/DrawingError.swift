/// An error: why a chart can't be drawn, and a remedy.
public struct DrawingError: Error, Hashable, Codable, Sendable, CustomStringConvertible {
  public var cause: String
  public var remedy: String?

  public init(_ cause: String, remedy: String? = nil) {
    self.cause = cause
    self.remedy = remedy
  }

  public var description: String {
    remedy.map { "\(cause)\n  \($0)" } ?? cause
  }
}
