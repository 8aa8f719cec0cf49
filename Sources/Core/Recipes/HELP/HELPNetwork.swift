import Numerics

/// HELP's network with its modulator and learned rates; see `HELP`:
///
///     output = linear(relu(linear(relu(linear([convolutions of the graph, features of the device])))))
struct HELPNetwork {
  let layout: ParameterLayout
  private let steps: Int
  private let convolutions: [GraphConvolution]
  private let device: [Linear]
  private let head: [Linear]
  /// The layers from the device's features to the means and deviations of the modulation.
  private let modulator: [Linear]
  /// The tensors that are adapted, each with its learned rates.
  private let adapted: [(tensor: ParameterLayout.Tensor, rate: ParameterLayout.Tensor)]
  /// The change of a weight for a modulation of 1, as a fraction of the weight.
  private static let reach = 0.01

  init(_ recipe: HELP, features: Int) {
    var layout = ParameterLayout()
    let units = recipe.units
    steps = recipe.steps
    convolutions = (0..<recipe.layers).map {
      GraphConvolution(
        "convolutions.\($0)", inputs: $0 == 0 ? features : units, units: units, layerNorm: false, in: &layout)
    }
    device = (0..<2).map {
      Linear(
        "device.\($0)", inputs: $0 == 0 ? recipe.references : units, outputs: units, activation: .relu, in: &layout)
    }
    head = (0..<3).map {
      Linear(
        "head.\($0)", inputs: 2 * units, outputs: $0 == 2 ? 1 : 2 * units, activation: $0 == 2 ? .identity : .relu,
        in: &layout)
    }
    let tensors = layout.tensors
    adapted = tensors.map {
      ($0, layout.add("rates.\($0.name)", rows: $0.rows, columns: $0.columns, .constant(1e-3)))
    }
    modulator = [
      Linear(
        "modulator.0", inputs: recipe.references, outputs: recipe.references, activation: .relu, in: &layout),
      Linear("modulator.1", inputs: recipe.references, outputs: 6 * (2 * units + 1), in: &layout),
    ]
    self.layout = layout
  }

  /// The number of random numbers of a modulation.
  var noiseCount: Int { 3 * (head[0].weight.rows + 1) }

  /// One number for each graph.
  func outputs(_ rows: GraphRows, device latencies: [Double], _ weights: Weights) throws -> Variable {
    let neighbours = try rows.neighbourSums()
    var x = rows.features
    for layer in convolutions.dropLast() { x = try layer(x, neighbours, weights) }
    // The global node is the first row of each graph.
    var starts: [Int] = []
    var start = 0
    for length in rows.graphs.lengths {
      starts.append(start)
      start += length
    }
    if let last = convolutions.last { x = try last(x, neighbours, weights) }
    x = try SparseMatrix(picking: starts, of: rows.rowCount).sums(of: x)
    var d = rows.tape.constant(latencies, rows: 1, columns: latencies.count)
    for layer in device { d = try layer(d, weights) }
    x = try Variable.joinedColumns([x, d.repeated(rows: x.rows, columns: d.columns)])
    for layer in head { x = try layer(x, weights) }
    return x
  }

  /// The weights after modulation and the steps on a device's samples.
  ///
  /// - Parameters:
  ///   - targets: The scaled target of each graph.
  ///   - noise: `noiseCount` normally distributed numbers; nil for the mean of the modulation.
  ///   - differentiable: Whether gradients will be propagated through the steps.
  /// - Returns: The weights, and the Kullback-Leibler divergence of the modulation from a standard normal
  ///   distribution.
  func adapted(
    _ weights: Weights, to rows: GraphRows, device latencies: [Double], targets: [Double], noise: [Double]?,
    differentiable: Bool
  ) throws -> (weights: Weights, divergence: Variable) {
    let tape = weights.tape
    var z = tape.constant(latencies, rows: 1, columns: latencies.count)
    for layer in modulator { z = try layer(z, weights) }
    let mean = try z.columns(0..<noiseCount)
    let deviation = try z.columns(noiseCount..<2 * noiseCount).map(.softplus) + 1e-6
    let drawn = try noise.map { try mean + deviation * tape.constant($0, rows: 1, columns: noiseCount) } ?? mean
    var current = try modulated(weights, by: drawn)
    let target = tape.constant(targets, rows: targets.count, columns: 1)
    for _ in 0..<steps {
      let loss = try outputs(rows, device: latencies, current).squaredError(from: target)
      let gradients = try tape.gradients(
        of: loss, withRespectTo: adapted.map { current[$0.tensor] }, differentiable: differentiable)
      current = try current.replacing(
        zip(adapted, gradients).map { pair, gradient in
          (pair.tensor, try current[pair.tensor] - weights[pair.rate] * gradient)
        })
    }
    // The divergence of N(mean, deviation^2) from N(0, 1): (deviation^2 + mean^2 - 1) / 2 - log deviation.
    let divergence = try ((deviation * deviation + mean * mean - 1) / 2 - deviation.map(.log)).mean()
    return (current, divergence)
  }

  /// The last layers' weights with each row times one number, and the biases times one more.
  private func modulated(_ weights: Weights, by z: Variable) throws -> Weights {
    let width = head[0].weight.rows + 1
    return try weights.replacing(
      head.enumerated().flatMap { index, layer in
        let start = index * width
        let factors = try z.columns(start..<start + width - 1).reshaped(rows: width - 1, columns: 1)
        var result = [(tensor: layer.weight, variable: try weights[layer.weight] * (factors * Self.reach + 1))]
        if let bias = layer.bias {
          result.append((bias, try weights[bias] + z.columns(start + width - 1..<start + width) * Self.reach))
        }
        return result
      })
  }
}
