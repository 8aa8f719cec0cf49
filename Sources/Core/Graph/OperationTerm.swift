/// A sum over some nodes of a network, as a feature for predictors that read numbers.
///
/// There are three measures: the number of nodes (`count`), their output elements C H W (`size`), and their FLOPs by
/// `OperationCost` (`flops`). Each is summed over all nodes with an operation, and over those with the operation and
/// an output of one height and width.
public struct OperationTerm: Codable, Hashable, Sendable {
  /// The number that is summed over the nodes of a term.
  public enum Measure: String, Codable, Hashable, Sendable, CaseIterable {
    case count, size, flops
  }

  public var operation: NetworkOperation
  /// The height and width of the nodes' outputs, "32x32"; nil for all nodes with the operation.
  public var resolution: String?
  public var measure: Measure
}

extension OperationTerm: Comparable {
  public static func < (left: Self, right: Self) -> Bool {
    (left.operation.rawValue, left.resolution ?? "", left.measure.rawValue)
      < (right.operation.rawValue, right.resolution ?? "", right.measure.rawValue)
  }
}

extension Node {
  /// The resolutions of the node's terms: nil, and that of its output if it is known.
  var termResolutions: [String?] {
    guard let height = self[.height], let width = self[.width] else { return [nil] }
    return [nil, "\(height)x\(width)"]
  }

  /// The number of output elements, C H W; nil without C.
  var outputSize: Double? { self[.outputChannels].map { Double($0) * (outputPositions ?? 1) } }
}

extension NetworkGraph {
  /// All terms of the graph with a sum above 0, and their sums.
  func operationSums(registry: OperationRegistry) -> [OperationTerm: Double] {
    var sums: [OperationTerm: Double] = [:]
    for (node, flops) in zip(nodes, floatingPointOperations(registry: registry)) {
      for (measure, value) in [(OperationTerm.Measure.count, 1), (.size, node.outputSize), (.flops, flops)] {
        guard let value, value > 0 else { continue }
        for resolution in node.termResolutions {
          sums[OperationTerm(operation: node.operation, resolution: resolution, measure: measure), default: 0] += value
        }
      }
    }
    return sums
  }

  /// - Throws: `InputError` that names the first node whose operation `registry` doesn't have.
  func requireOperations(of registry: OperationRegistry) throws {
    if let unknown = nodes.first(where: { registry.position(of: $0.operation) == nil }) {
      throw InputError(
        "\"\(id)\" has the operation \"\(unknown.operation)\", which no training graph had",
        remedy: InputError.remedy(
          unknown: unknown.operation.rawValue, among: registry.definitions.map(\.operation.rawValue),
          called: "operations it knows"))
    }
  }
}
