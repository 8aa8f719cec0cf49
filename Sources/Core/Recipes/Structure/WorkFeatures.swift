/// The work of a network as a row of numbers: FLOPs by kind of convolution and by resolution, memory traffic,
/// parameters, and counts. Blocks of search spaces are first replaced by their operations.
enum WorkFeatures {
  /// The unscaled numbers. Those that depend on unknown sizes are 0.
  static func values(of graph: NetworkGraph) -> [Double] {
    let nodes = graph.nodes.flatMap(\.blockOperations)
    let largest = nodes.reduce(0) { max($0, $1.outputPositions ?? 0) }
    var result = [Double](repeating: 0, count: count)
    for node in nodes {
      guard node.operation == .convolution || node.operation == .linear else {
        if node.operation == .add { result[11] += 1 }
        continue
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
      result[5] += 1
      result[3] += positions * (stride * stride * input + output)
      result[4] += area * input * output / groups
      if isDepthwise {
        result[kernel > 3 ? 2 : 1] += work
        result[7] += positions * stride * stride * input
        if kernel > 3 { result[10] += 1 }
      } else if kernel > 1 {
        result[12] += work
      } else {
        result[0] += work
        if groups > 1 { result[6] += 1 }
        if positions * 16 >= largest { result[8] += work }
        if positions * 64 < largest { result[9] += work }
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

  func scaled(_ row: [Double]) -> [Double] {
    columns.indices.map { (row[columns[$0]] - means[$0]) / deviations[$0] }
  }
}
