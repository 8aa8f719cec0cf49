/// Values that depend on a node and the size of its input alone, kept for nodes that come again: networks of one space
/// consist of few different ones.
struct NodeMemo<Value> {
  private struct Entry {
    var node: Node
    var inputPositions: Double?
    var value: Value
  }

  private var entries = [Entry?](repeating: nil, count: Node.fingerprints)

  /// The value for a node, which `make` computes unless it is kept.
  ///
  /// - Parameter inputPositions: The height times the width of the node's largest input; nil if the value doesn't
  ///   depend on it.
  mutating func value(of node: Node, inputPositions: Double?, _ make: () -> Value) -> Value {
    let place = node.fingerprint
    if let entry = entries[place], entry.node == node, entry.inputPositions == inputPositions { return entry.value }
    let value = make()
    entries[place] = Entry(node: node, inputPositions: inputPositions, value: value)
    return value
  }
}
