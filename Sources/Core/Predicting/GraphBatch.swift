/// Graphs to be predicted, with what predictors have made of them on the way, so that the members of an ensemble encode
/// them once.
///
/// Predictors that go well together in ensembles take what is costly from here:
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

  /// What `make` gives, or gave when it was asked for under an equal key before.
  ///
  /// - Parameter key: Decides on the value together with the graphs; a type that has one use.
  public func shared<Value>(_ key: some Hashable, _ make: () throws -> Value) rethrows -> Value {
    if let value = made[AnyHashable(key)] as? Value { return value }
    let value = try make()
    made[AnyHashable(key)] = value
    return value
  }
}
