/// The operation of a network's node, by name.
///
/// The vocabulary is open: any name is an operation. `OperationRegistry` lists the known ones with their costs and
/// ONNX operator types.
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

  /// A pruned operation in a cell of fixed size. It has no edges, and every encoding gives it a row of zeros.
  public static let removed: NetworkOperation = "removed"
}
