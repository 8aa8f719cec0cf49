/// What a node of a network does, by name.
///
/// The vocabulary is open: any name makes an operation. `OperationRegistry` says which ones are known, what they cost
/// and what ONNX calls them.
public struct Operation: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public var rawValue: String

  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  public init(stringLiteral value: String) {
    rawValue = value
  }

  public var description: String { rawValue }
}

extension Operation: Codable {
  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

extension Operation {
  public static let input: Operation = "input"
  public static let output: Operation = "output"
  public static let convolution: Operation = "conv"
  public static let relu: Operation = "relu"
  public static let add: Operation = "add"
  public static let globalAveragePool: Operation = "global_avg_pool"
  public static let linear: Operation = "linear"

  /// A place in a fixed-size cell whose operation was pruned away. It has no edges, and every encoding gives it a zero
  /// row.
  public static let removed: Operation = "removed"
}
