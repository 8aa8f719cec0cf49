import Numerics

/// Features of a whole network: log(1 + total FLOPs), log(1 + total output elements) and log(1 + number of nodes).
/// The mean over the training graphs is subtracted, and the result divided by the standard deviation (0 if that is
/// 0).
public struct NetworkTotals: Codable, Hashable, Sendable {
  static let count = 3

  let means: [Double]
  let deviations: [Double]

  init(fitting graphs: [NetworkGraph]) {
    let totals = graphs.map(Self.logarithms)
    let count = Double(max(totals.count, 1))
    let means = (0..<Self.count).map { column in totals.reduce(0) { $0 + $1[column] } / count }
    self.means = means
    deviations = (0..<Self.count).map { column in
      (totals.reduce(0) { $0 + ($1[column] - means[column]) * ($1[column] - means[column]) } / count).squareRoot()
    }
  }

  func values(of graph: NetworkGraph) -> [Float] {
    zip(Self.logarithms(graph), zip(means, deviations)).map { value, scale in
      scale.1 > 1e-9 ? Float((value - scale.0) / scale.1) : 0
    }
  }

  private static func logarithms(_ graph: NetworkGraph) -> [Double] {
    let nodes = graph.nodes.filter { $0.operation != .removed }
    let elements = nodes.reduce(0) { sum, node in
      sum + (node[.outputChannels].map { Double($0) * (node.outputPositions ?? 1) } ?? 0)
    }
    return [graph.totalFloatingPointOperations(), elements, Double(nodes.count)].map { CorrectlyRounded.log1p($0) }
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
