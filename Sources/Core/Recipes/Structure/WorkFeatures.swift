/// The work of a network as a row of numbers: FLOPs by kind of convolution and by resolution, memory traffic,
/// parameters, and counts. Blocks of search spaces are first replaced by their operations.
enum WorkFeatures {
  /// The unscaled numbers. Those that depend on unknown sizes are 0.
  static func values(of graph: NetworkGraph) -> [Double] { values(graph.nodes.map { OperationWork.parts(of: $0) }) }

  /// - Parameter nodes: The operations of each node of a network.
  static func values(_ nodes: some Sequence<[OperationWork]>) -> [Double] {
    var largest = 0.0
    for node in nodes {
      for work in node { largest = max(largest, work.outputPositions) }
    }
    var result = [Double](repeating: 0, count: count)
    for node in nodes {
      for work in node {
        for (column, value) in work.values { result[column] += value }
        guard let (value, positions) = work.pointwise else { continue }
        if positions * 16 >= largest { result[8] += value }
        if positions * 64 < largest { result[9] += value }
      }
    }
    return result
  }

  /// The number of features: FLOPs of pointwise, of small and of large depthwise convolutions; memory traffic;
  /// parameters; the number of convolutions; of grouped pointwise ones; of activations between expansion and
  /// depthwise convolution; pointwise FLOPs at high and at low resolution; the number of large depthwise
  /// convolutions; of additions; FLOPs of other convolutions.
  static let count = 13
}

/// What one operation adds to the sums of `WorkFeatures`.
struct OperationWork {
  /// The height times the width of the output; 0 if it is unknown.
  let outputPositions: Double
  /// The values, with the columns that they are added to.
  private(set) var values: [(column: Int, value: Double)] = []
  /// The FLOPs of a pointwise convolution and its output positions. The largest output of the network decides to which
  /// column they are added.
  private(set) var pointwise: (value: Double, positions: Double)?

  /// The operations of a node.
  static func parts(of node: Node) -> [OperationWork] { node.blockOperations.map { OperationWork($0) } }

  private init(_ node: Node) {
    outputPositions = node.outputPositions ?? 0
    guard node.operation == .convolution || node.operation == .linear else {
      if node.operation == .add { values = [(11, 1)] }
      return
    }
    let input = Double(node[.inputChannels] ?? 0)
    let output = Double(node[.outputChannels] ?? 0)
    let groups = Double(node[.groups] ?? 1)
    let kernel = Double(node[.kernel] ?? 1)
    let positions = node.outputPositions ?? 1
    let stride = Double(node[.stride] ?? 1)
    let area = kernel * Double(node[.kernelWidth] ?? node[.kernel] ?? 1)
    let work = area * input * output / groups * positions
    let isDepthwise = groups > 1 && groups == input
    values = [(5, 1), (3, positions * (stride * stride * input + output)), (4, area * input * output / groups)]
    if isDepthwise {
      values.append((kernel > 3 ? 2 : 1, work))
      values.append((7, positions * stride * stride * input))
      if kernel > 3 { values.append((10, 1)) }
    } else if kernel > 1 {
      values.append((12, work))
    } else {
      values.append((0, work))
      if groups > 1 { values.append((6, 1)) }
      pointwise = (work, positions)
    }
  }
}

/// Columns of numbers, each scaled to mean 0 and standard deviation 1 over known networks. Constant ones are left
/// out.
struct ScaledColumns: Codable, Hashable, Sendable {
  /// The indices of the given columns that vary.
  let columns: [Int]
  let means: [Double]
  /// The standard deviations, which are positive.
  let deviations: [Double]

  init(fitting rows: [[Double]]) {
    let count = Double(max(rows.count, 1))
    let statistics = (0..<(rows.first?.count ?? 0)).map { column in
      let mean = rows.reduce(0) { $0 + $1[column] } / count
      let variance = rows.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / count
      return (mean: mean, deviation: variance.squareRoot())
    }
    columns = statistics.indices.filter { statistics[$0].deviation > 1e-9 * max(abs(statistics[$0].mean), 1e-9) }
    means = columns.map { statistics[$0].mean }
    deviations = columns.map { statistics[$0].deviation }
  }

  /// Whether each of the columns is one of `width` and has a mean and a deviation; a damaged file may have others.
  func isSound(width: Int) -> Bool {
    columns.allSatisfy { $0 >= 0 && $0 < width } && means.count == columns.count && deviations.count == columns.count
  }

  func scaled(_ row: [Double]) -> [Double] {
    columns.indices.map { (row[columns[$0]] - means[$0]) / deviations[$0] }
  }
}
