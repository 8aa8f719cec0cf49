import Numerics

/// The forward pass of a GCN on one batch, and the backward pass to the gradients of all weights.
///
/// It allocates all intermediate results for the largest batch in advance, so that a pass allocates nothing. The sum
/// `A` over neighbours is applied before or after the matrix product, whichever gives the product fewer rows:
///
///     (A H) W    where the layer has fewer rows than the one below, as the last one with a global node
///     A (H W)    elsewhere
final class GCNPass {
  private let units: Int
  private let layerNorm: Bool
  private let places: GCNParameters
  private let vectors: [Range<Int>]
  private let states: [LayerState]
  /// The gradients of all weights, in the parameters' order.
  let gradients: Buffer<Float>
  /// The outputs for each graph of the batch, graph by graph.
  let outputs: Buffer<Float>
  /// The contributions of the last layer's rows to one of the outputs, then their gradients.
  private let rowOutputs: Buffer<Float>
  private let product: LayerProduct
  private let team: ThreadTeam
  /// The contributions of parts of the rows to the gradients of a layer's bias, scale and shift.
  private let vectorGradients: Buffer<Float>
  /// Two scratch matrices that intermediate results alternate between.
  private let scratch: (Buffer<Float>, Buffer<Float>)

  /// The results of a layer's forward pass that the backward pass needs.
  private struct LayerState {
    /// The normalised rows (before normalisation: the product), and the layer's result.
    let normalised: Buffer<Float>
    let result: Buffer<Float>
    let reciprocals: Buffer<Float>
    /// `A H`, if the sum is applied before the product.
    let summed: Buffer<Float>

    init(rows: Int, units: Int, summedRows: Int) {
      normalised = Buffer(rows * units, repeating: 0)
      result = Buffer(rows * units, repeating: 0)
      reciprocals = Buffer(rows, repeating: 0)
      summed = Buffer(summedRows * units, repeating: 0)
    }

    /// Without a backward pass nothing is kept: all layers write their results into the same matrix.
    init(result: Buffer<Float>, reciprocals: Buffer<Float>, summed: Buffer<Float>) {
      normalised = result
      self.result = result
      self.reciprocals = reciprocals
      self.summed = summed
    }
  }

  /// - Parameters:
  ///   - batches: The batches to be passed. Their capacity determines the allocated memory.
  ///   - learns: Whether `backward` will be called.
  ///   - team: The threads that share the work. Their number changes no bit.
  init(
    _ configuration: GCN.Configuration, featureCount: Int, outputCount: Int = 1, batches: [BatchRows], learns: Bool,
    team: ThreadTeam = ThreadTeam(1)
  ) {
    units = configuration.hiddenUnits
    layerNorm = configuration.layerNorm
    places = GCNParameters(configuration, featureCount: featureCount, outputCount: outputCount)
    vectors = places.vectors
    let capacities = (0..<configuration.layers).map { layer in
      batches.map { $0.rowCapacity(ofLayer: layer) }.max() ?? 0
    }
    self.team = team
    product = LayerProduct(
      largest: learns ? places.layers.map(\.weight.count).max() ?? 0 : 0, units: configuration.hiddenUnits, team: team)
    vectorGradients = Buffer(learns ? Self.mostParts * 3 * configuration.hiddenUnits : 0, repeating: 0)
    gradients = Buffer(learns ? places.count : 0, repeating: 0)
    outputs = Buffer((batches.map { $0.readout.rowCapacity }.max() ?? 0) * outputCount, repeating: 0)
    rowOutputs = Buffer(capacities[configuration.layers - 1], repeating: 0)
    let mostRows = capacities.max() ?? 0
    let largest = mostRows * configuration.hiddenUnits
    scratch = (Buffer(largest, repeating: 0), Buffer(learns ? largest : 0, repeating: 0))
    if learns {
      states = capacities.enumerated().map { layer, rows in
        LayerState(rows: rows, units: configuration.hiddenUnits, summedRows: layer == 0 ? 0 : rows)
      }
    } else {
      let state = LayerState(
        result: Buffer(largest, repeating: 0), reciprocals: Buffer(mostRows, repeating: 0), summed: scratch.0)
      states = Array(repeating: state, count: configuration.layers)
    }
  }

  /// The greatest number of parts that rows are cut into, and the least number of rows of a part. Parts depend only
  /// on the number of rows.
  private static let mostParts = 16
  private static let leastRows = 16
  /// The least number of values of rows for which another thread is worthwhile.
  private static let shared = 10_000

  private static func parts(ofRows rows: Int) -> Int { max(1, min(rows / leastRows, mostParts)) }

  /// Calls `body` for parts of `rows` rows in parallel.
  private func forEachPart(ofRows rows: Int, _ body: (_ part: Int, _ range: Range<Int>) -> Void) {
    let parts = Self.parts(ofRows: rows)
    team.forEach(parts, isShared: rows * units >= Self.shared) { part, _ in
      body(part, part * rows / parts..<(part + 1) * rows / parts)
    }
  }

  private func sumsFirst(_ batch: BatchRows, _ layer: Int) -> Bool {
    batch.rowCount(ofLayer: layer) < batch.rowCount(ofLayer: layer - 1)
  }

  private func matrix(_ buffer: Buffer<Float>, rows: Int) -> Matrix {
    Matrix(pointer: buffer.pointer, rows: rows, columns: units)
  }

  private func weight(_ layer: Int, _ vector: UnsafeMutablePointer<Float>) -> Matrix {
    let place = places.layers[layer]
    return Matrix(pointer: vector + place.weight.lowerBound, rows: place.inputs, columns: units)
  }

  private func activation(
    _ layer: Int, _ parameters: UnsafeMutablePointer<Float>, _ dropout: Dropout?
  ) -> UnitActivation {
    let place = places.layers[layer]
    return UnitActivation(
      width: units, layerNorm: layerNorm, bias: parameters + place.bias.lowerBound,
      scale: parameters + place.scale.lowerBound, shift: parameters + place.shift.lowerBound,
      dropout: dropout?.forLayer(layer))
  }

  /// Computes `outputs` for the current batch of `batch`.
  func forward(_ batch: BatchRows, parameters: UnsafeMutablePointer<Float>, dropout: Dropout?) {
    for layer in states.indices {
      let state = states[layer]
      let rows = batch.rowCount(ofLayer: layer)
      let weight = weight(layer, parameters)
      let normalised = matrix(state.normalised, rows: rows)
      var fused: (sums: SparseRows, source: Matrix)?
      if layer == 0 {
        product.forward(batch.inputs, weight, into: normalised)
      } else {
        let below = matrix(states[layer - 1].result, rows: batch.rowCount(ofLayer: layer - 1))
        let sums = batch.sums(ofLayer: layer)
        if sumsFirst(batch, layer) {
          let summed = matrix(state.summed, rows: rows)
          forEachPart(ofRows: rows) { RowKernels.sum(sums, of: below, into: summed, rows: $1) }
          product.forward(summed, weight, into: normalised)
        } else {
          let products = matrix(scratch.0, rows: below.rows)
          product.forward(below, weight, into: products)
          fused = (sums, products)
        }
      }
      let activation = activation(layer, parameters, dropout)
      let result = matrix(state.result, rows: rows)
      forEachPart(ofRows: rows) { _, range in
        RowKernels.activate(
          activation, normalised, sums: fused?.sums, of: fused?.source, into: result,
          reciprocals: state.reciprocals.pointer, rows: range)
      }
    }
    readOut(batch, parameters)
  }

  private func readOut(_ batch: BatchRows, _ parameters: UnsafeMutablePointer<Float>) {
    let last = matrix(states[states.count - 1].result, rows: batch.rowCount(ofLayer: states.count - 1))
    for number in 0..<places.outputCount {
      let weight = parameters + places.outputWeight.lowerBound + number * units
      RowKernels.readOut(last, weight: weight, into: rowOutputs.pointer)
      for graph in 0..<batch.graphCount {
        var output = parameters[places.outputBias.lowerBound + number]
        batch.readout.forEachEntry(ofRow: graph) { output += $1 * rowOutputs.pointer[$0] }
        outputs.pointer[graph * places.outputCount + number] = output
      }
    }
  }

  /// Computes the gradients of the sum of `outputGradients * outputs` in `gradients`, and applies `step` to the
  /// parameters. With a step, the gradients of the layers' weights are not kept.
  ///
  /// - Parameters:
  ///   - batch: The batch of the preceding forward pass, with transposes.
  ///   - parameters: The parameters of that pass; `dropout` must be the same too.
  ///   - outputGradients: The gradients of each graph's outputs.
  func backward(
    _ batch: BatchRows, parameters: UnsafeMutablePointer<Float>, dropout: Dropout?,
    outputGradients: UnsafePointer<Float>, step: OptimizerStep? = nil
  ) {
    for range in vectors {
      (gradients.pointer + range.lowerBound).update(repeating: 0, count: range.count)
    }
    let top = states.count - 1
    var rows = batch.rowCount(ofLayer: top)
    // `gradient` has the gradient of a layer's rows. `gradient` and `other` are the two scratch matrices.
    let gradient = scratch.0
    let other = scratch.1
    readOutBackward(batch, parameters, outputGradients, into: matrix(gradient, rows: rows), with: other)
    activationBackward(top, batch, parameters, dropout, matrix(gradient, rows: rows), sums: nil, of: nil)

    for layer in stride(from: top, to: 0, by: -1) {
      let rowsBelow = batch.rowCount(ofLayer: layer - 1)
      let transposed = batch.transposedSums(ofLayer: layer)
      if sumsFirst(batch, layer) {
        let summed = matrix(states[layer].summed, rows: rows)
        let reaching = matrix(gradient, rows: rows)
        let summedGradient = matrix(other, rows: rows)
        productBackward(layer, summed, parameters, gradient: reaching, rowsGradient: summedGradient, step)
        activationBackward(
          layer - 1, batch, parameters, dropout, matrix(gradient, rows: rowsBelow), sums: transposed,
          of: summedGradient)
      } else {
        let below = matrix(states[layer - 1].result, rows: rowsBelow)
        let productGradient = matrix(other, rows: rowsBelow)
        let reaching = matrix(gradient, rows: rows)
        forEachPart(ofRows: rowsBelow) { RowKernels.sum(transposed, of: reaching, into: productGradient, rows: $1) }
        productBackward(
          layer, below, parameters, gradient: productGradient, rowsGradient: matrix(gradient, rows: rowsBelow), step)
        activationBackward(
          layer - 1, batch, parameters, dropout, matrix(gradient, rows: rowsBelow), sums: nil, of: nil)
      }
      rows = rowsBelow
    }
    productBackward(0, batch.inputs, parameters, gradient: matrix(gradient, rows: rows), rowsGradient: nil, step)
    if let step {
      for range in vectors {
        step.apply(range, of: parameters, gradients: gradients.pointer + range.lowerBound)
      }
    }
  }

  /// Computes the gradients of both factors from the gradient of `rows * weight`.
  private func productBackward(
    _ layer: Int, _ rows: Matrix, _ parameters: UnsafeMutablePointer<Float>, gradient: Matrix, rowsGradient: Matrix?,
    _ step: OptimizerStep?
  ) {
    let weight = weight(layer, parameters)
    if let step {
      product.backward(
        rows, weight, gradient: gradient, rowsGradient: rowsGradient, step: step,
        start: places.layers[layer].weight.lowerBound, parameters: parameters)
      return
    }
    MatrixProduct.multiply(rows.transposed, gradient, into: self.weight(layer, gradients.pointer))
    if let rowsGradient { MatrixProduct.multiply(gradient, weight.transposed, into: rowsGradient) }
  }

  private func readOutBackward(
    _ batch: BatchRows, _ parameters: UnsafeMutablePointer<Float>, _ outputGradients: UnsafePointer<Float>,
    into gradient: Matrix, with scratch: Buffer<Float>
  ) {
    let last = matrix(states[states.count - 1].result, rows: gradient.rows)
    for number in 0..<places.outputCount {
      rowOutputs.pointer.update(repeating: 0, count: gradient.rows)
      for graph in 0..<batch.graphCount {
        let reaching = outputGradients[graph * places.outputCount + number]
        batch.readout.forEachEntry(ofRow: graph) { rowOutputs.pointer[$0] += $1 * reaching }
        gradients.pointer[places.outputBias.lowerBound + number] += reaching
      }
      let weight = places.outputWeight.lowerBound + number * units
      RowKernels.readOutBackward(
        last, weight: parameters + weight, resultGradient: rowOutputs.pointer,
        weightGradient: gradients.pointer + weight,
        valuesGradient: number == 0 ? gradient : matrix(scratch, rows: gradient.rows))
      if number > 0 {
        for element in 0..<gradient.rows * units { gradient.pointer[element] += scratch.pointer[element] }
      }
    }
  }

  /// Propagates `gradient` through a layer's activation. With `sums`, its rows are first computed as these sums.
  private func activationBackward(
    _ layer: Int, _ batch: BatchRows, _ parameters: UnsafeMutablePointer<Float>, _ dropout: Dropout?,
    _ gradient: Matrix, sums: SparseRows?, of source: Matrix?
  ) {
    let state = states[layer]
    let place = places.layers[layer]
    let activation = activation(layer, parameters, dropout)
    let (normalised, result) = (
      matrix(state.normalised, rows: gradient.rows), matrix(state.result, rows: gradient.rows)
    )
    // Bias, scale and shift are consecutive.
    let target = gradients.pointer + place.bias.lowerBound
    let width = layerNorm ? 3 * units : units
    let parts = Self.parts(ofRows: gradient.rows)
    forEachPart(ofRows: gradient.rows) { part, range in
      var vectors = target
      if parts > 1 {
        vectors = vectorGradients.pointer + part * 3 * units
        vectors.update(repeating: 0, count: width)
      }
      RowKernels.activateBackward(
        activation, gradient, sums: sums, of: source, normalised: normalised, result: result,
        reciprocals: state.reciprocals.pointer, vectorGradients: vectors, rows: range)
    }
    if parts > 1 {
      for part in 0..<parts {
        let vectors = vectorGradients.pointer + part * 3 * units
        for element in 0..<width { target[element] += vectors[element] }
      }
    }
  }
}
