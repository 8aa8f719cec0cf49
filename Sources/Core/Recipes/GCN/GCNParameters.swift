import Numerics

/// The place of each parameter of a GCN in the flat vector that the optimiser updates.
struct GCNParameters: Hashable, Sendable {
  struct Layer: Hashable, Sendable {
    let inputs: Int
    /// The weight of `x * weight`: `inputs` rows with one column for each hidden unit.
    let weight: Range<Int>
    let bias: Range<Int>
    /// The scale of layer norm, followed by its shift; both are empty without layer norm.
    let scale: Range<Int>
    let shift: Range<Int>
  }

  let hiddenUnits: Int
  let layers: [Layer]
  /// The number of outputs for a graph.
  let outputCount: Int
  /// The weights of the outputs: for each output one number for each hidden unit.
  let outputWeight: Range<Int>
  let outputBias: Range<Int>
  let count: Int

  init(_ configuration: GCN.Configuration, featureCount: Int, outputCount: Int = 1) {
    var end = 0
    func take(_ count: Int) -> Range<Int> {
      defer { end += count }
      return end..<end + count
    }
    let units = configuration.hiddenUnits
    let normUnits = configuration.layerNorm ? units : 0
    hiddenUnits = units
    layers = (0..<configuration.layers).map { layer in
      let inputs = layer == 0 ? featureCount : units
      return Layer(
        inputs: inputs, weight: take(inputs * units), bias: take(units), scale: take(normUnits),
        shift: take(normUnits))
    }
    self.outputCount = outputCount
    outputWeight = take(outputCount * units)
    outputBias = take(outputCount)
    count = end
  }

  /// The ranges of everything except the layers' weights.
  var vectors: [Range<Int>] {
    layers.map { $0.bias.lowerBound..<$0.shift.upperBound } + [outputWeight.lowerBound..<outputBias.upperBound]
  }

  /// The name, shape and range of every tensor, in the order of the flat vector.
  var tensors: [(name: String, shape: [Int], range: Range<Int>)] {
    var tensors: [(name: String, shape: [Int], range: Range<Int>)] = []
    for (index, layer) in layers.enumerated() {
      tensors.append(("layers.\(index).weight", [layer.inputs, hiddenUnits], layer.weight))
      tensors.append(("layers.\(index).bias", [hiddenUnits], layer.bias))
      if !layer.scale.isEmpty {
        tensors.append(("layers.\(index).norm.scale", [hiddenUnits], layer.scale))
        tensors.append(("layers.\(index).norm.shift", [hiddenUnits], layer.shift))
      }
    }
    tensors.append(("output.weight", outputCount == 1 ? [hiddenUnits] : [outputCount, hiddenUnits], outputWeight))
    tensors.append(("output.bias", [outputCount], outputBias))
    return tensors
  }

  /// Initial values: weights uniform within 1 / sqrt(number of inputs), biases 0, scales 1.
  func initialValues(seed: UInt64) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    var random = SeededGenerator(seed: seed)
    func fill(_ range: Range<Int>, inputs: Int) {
      let bound = 1 / Double(inputs).squareRoot()
      for position in range { values[position] = Float(bound * (2 * random.uniform() - 1)) }
    }
    for layer in layers {
      fill(layer.weight, inputs: layer.inputs)
      for position in layer.scale { values[position] = 1 }
    }
    fill(outputWeight, inputs: hiddenUnits)
    return values
  }
}
