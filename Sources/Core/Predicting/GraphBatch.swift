/// Graphs to be predicted, with intermediate results that several predictors can share: the members of an ensemble
/// encode the graphs only once.
///
/// A predictor that shares costly intermediate results reads them from here:
///
/// ```swift
/// let rows = try batch.shared(encoding) { try encoding.encode(batch.graphs) }
/// ```
public final class GraphBatch {
  public let graphs: [NetworkGraph]
  private var made: [AnyHashable: Any] = [:]

  public init(_ graphs: [NetworkGraph]) {
    self.graphs = graphs
  }

  /// The value of `make`, or its earlier value for an equal key.
  ///
  /// - Parameter key: A value that determines the result together with the graphs. Its type should have no other use.
  public func shared<Value>(_ key: some Hashable, _ make: () throws -> Value) rethrows -> Value {
    if let value = made[AnyHashable(key)] as? Value { return value }
    let value = try make()
    made[AnyHashable(key)] = value
    return value
  }
}
