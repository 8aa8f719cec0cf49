import Numerics

/// Features of a whole network: log(1 + total FLOPs), log(1 + total output elements) and log(1 + number of nodes).
/// The mean over the training graphs is subtracted, and the result divided by the standard deviation (0 if that is
/// 0).
public struct NetworkTotals: Codable, Hashable, Sendable {
  static let count = 3

  let means: [Double]
  let deviations: [Double]

  init(fitting graphs: [NetworkGraph]) {
    let logarithms = Self.logarithms()
    let totals = graphs.map(logarithms)
    let count = Double(max(totals.count, 1))
    let means = (0..<Self.count).map { column in totals.reduce(0) { $0 + $1[column] } / count }
    self.means = means
    deviations = (0..<Self.count).map { column in
      (totals.reduce(0) { $0 + ($1[column] - means[column]) * ($1[column] - means[column]) } / count).squareRoot()
    }
  }

  /// A function that computes the features of a graph, for use by one thread.
  func reader() -> (NetworkGraph) -> [Float] {
    let logarithms = Self.logarithms()
    return { graph in
      zip(logarithms(graph), zip(means, deviations)).map { value, scale in
        scale.1 > 1e-9 ? Float((value - scale.0) / scale.1) : 0
      }
    }
  }

  private static func logarithms() -> (NetworkGraph) -> [Double] {
    let registry = OperationRegistry.standard
    var memo = NodeMemo<(operations: Double, elements: Double)>()
    return { graph in
      var (operations, elements, count) = (0.0, 0.0, 0.0)
      for (node, positions) in zip(graph.nodes, graph.inputPositions) where node.operation != .removed {
        let own = memo.value(of: node, inputPositions: positions) {
          (
            registry[node.operation]?.cost.floatingPointOperations(of: node, inputPositions: positions) ?? 0,
            node[.outputChannels].map { Double($0) * (node.outputPositions ?? 1) } ?? 0
          )
        }
        operations += own.operations
        elements += own.elements
        count += 1
      }
      return [operations, elements, count].map { CorrectlyRounded.log1p($0) }
    }
  }
}

extension NetworkTotals {
  private enum Key: String, CodingKey { case means, deviations }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    means = try container.decode([Double].self, forKey: .means)
    deviations = try container.decode([Double].self, forKey: .deviations)
    guard means.count == Self.count, deviations.count == Self.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .means, in: container, debugDescription: "The number of totals is not \(Self.count).")
    }
  }
}
