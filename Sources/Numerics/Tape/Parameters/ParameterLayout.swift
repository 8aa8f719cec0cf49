/// The name, shape and place of each tensor in one flat vector of parameters.
///
/// ```swift
/// var layout = ParameterLayout()
/// let weight = layout.add("output.weight", rows: 64, columns: 1, .uniform(bound: 0.125))
/// ```
public struct ParameterLayout: Hashable, Sendable {
  /// One matrix of parameters.
  public struct Tensor: Hashable, Sendable {
    public let name: String
    public let rows: Int
    public let columns: Int
    /// The range of the tensor in the vector, row by row.
    public let range: Range<Int>
    public let initial: Initial
    let index: Int

    public var shape: [Int] { [rows, columns] }
  }

  /// The distribution of initial parameters.
  public enum Initial: Hashable, Sendable {
    case constant(Double)
    /// Uniform from -bound to bound.
    case uniform(bound: Double)
  }

  public private(set) var tensors: [Tensor] = []
  /// The number of parameters.
  public var count: Int { tensors.last?.range.upperBound ?? 0 }

  public init() {}

  /// Appends a tensor.
  public mutating func add(_ name: String, rows: Int, columns: Int, _ initial: Initial) -> Tensor {
    let tensor = Tensor(
      name: name, rows: rows, columns: columns, range: count..<count + rows * columns, initial: initial,
      index: tensors.count)
    tensors.append(tensor)
    return tensor
  }

  /// The initial vector, drawn tensor by tensor. The same seed gives the same values.
  public func initialValues(seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    var values: [Double] = []
    values.reserveCapacity(count)
    for tensor in tensors {
      switch tensor.initial {
      case .constant(let value): values += Array(repeating: value, count: tensor.range.count)
      case .uniform(let bound): for _ in tensor.range { values.append(bound * (2 * random.uniform() - 1)) }
      }
    }
    return values
  }
}
