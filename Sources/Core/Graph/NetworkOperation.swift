/// What a node of a network does, by name.
///
/// The vocabulary is open: any name makes an operation. `OperationRegistry` says which ones are known, what they cost
/// and what ONNX calls them.
public struct NetworkOperation: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  public var rawValue: String

  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  public init(stringLiteral value: String) {
    rawValue = value
  }

  public var description: String { rawValue }
}

extension NetworkOperation: Codable {
  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

extension NetworkOperation {
  public static let input: NetworkOperation = "input"
  public static let output: NetworkOperation = "output"
  public static let convolution: NetworkOperation = "conv"
  public static let relu: NetworkOperation = "relu"
  public static let add: NetworkOperation = "add"
  public static let globalAveragePool: NetworkOperation = "global_avg_pool"
  public static let linear: NetworkOperation = "linear"

  /// A place in a fixed-size cell whose operation was pruned away. It has no edges, and every encoding gives it a zero
  /// row.
  public static let removed: NetworkOperation = "removed"
}

/// Its shorter name within the package. Cells don't see it, as Foundation has an `Operation` too.
package typealias Operation = NetworkOperation
