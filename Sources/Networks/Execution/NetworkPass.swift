internal import COneDNN
import Core
import Numerics

/// The source of the means and variances of batch norms.
enum NormalizationStatistics {
  /// The statistics of the batch. The stored statistics move towards them by a fraction, which is 0 for the smaller
  /// networks of a supernet.
  case batch(share: Float)
  /// The stored statistics.
  case kept
}

/// The forward pass of a network on batches of one size, and the backward pass if gradients are needed.
///
/// The weights are those of a whole network, of which this network may be a part.
final class NetworkPass {
  let network: Network
  let batch: Int
  let store: ParameterStore
  let resources: PassResources
  let hasGradients: Bool
  let layers: [PassLayer]
  /// The logits: batch x classes.
  let logits: Buffer<Float>
  private let pooled: Buffer<Float>
  private let pooledGradient: Buffer<Float>
  /// The feature maps by number, from the first convolution on. They are kept only while they are needed.
  private var maps: [Buffer<Float>?]
  private var image: UnsafePointer<Float>?
  private let lastUse: [Int]
  /// Where the parameters of the linear layer are in the store.
  private let linear: (weight: Int, bias: Int, stride: Int)

  /// - Throws: `InputError` when oneDNN refuses a convolution.
  init(
    _ network: Network, batch: Int, of store: ParameterStore, _ resources: PassResources, hasGradients: Bool
  ) throws {
    guard let weight = store.place("\(network.linear).weight"), let bias = store.place("\(network.linear).bias"),
      network.features <= weight.shape[1], network.classes <= weight.shape[0]
    else {
      throw InputError(
        "the linear layer \(network.linear) is larger than that of the whole network",
        remedy: "The last width of a unit must be the largest (NetworkUnit.widths).")
    }
    linear = (weight.offset, bias.offset, weight.shape[1])
    self.network = network
    self.batch = batch
    self.store = store
    self.resources = resources
    self.hasGradients = hasGradients
    layers = try network.convolutions.map {
      try PassLayer($0, batch: batch, of: store, resources, hasGradients: hasGradients)
    }
    logits = Buffer(batch * network.classes, repeating: 0)
    pooled = Buffer(batch * network.features, repeating: 0)
    pooledGradient = Buffer(batch * network.features, repeating: 0)
    maps = Array(repeating: nil, count: layers.count + 1)
    var lastUse = Array(repeating: layers.count, count: layers.count + 1)
    for (index, layer) in network.convolutions.enumerated() {
      for map in [layer.input, layer.residual ?? 0] { lastUse[map] = index }
    }
    self.lastUse = lastUse
  }

  /// Computes `logits` of normalised images, batch x 3 x height x width. If gradients are needed, the intermediate
  /// results for `backward` are kept.
  /// - Parameters:
  ///   - values: The values of the store, or an average of them.
  func forward(
    _ images: UnsafePointer<Float>, values: Buffer<Float>, statistics: Buffer<Float>,
    from source: NormalizationStatistics
  ) throws {
    releaseMaps()
    image = images
    for (index, layer) in layers.enumerated() {
      let description = layer.description
      guard
        let input = description.input == 0 ? images : maps[description.input].map({ UnsafePointer($0.pointer) })
      else { continue }
      let residual = description.residual.flatMap { maps[$0] }
      maps[index + 1] = try layer.forward(
        input, residual: residual, values: values.pointer, statistics: statistics.pointer, from: source)
      guard !hasGradients else { continue }
      for map in 1..<index + 2 where lastUse[map] <= index {
        maps[map].map(resources.give)
        maps[map] = nil
      }
    }
    guard let last = layers.last, let features = maps[layers.count] else { return }
    pool_forward(last.result, features.pointer, pooled.pointer)
    linear_forward(
      batch, network.features, network.classes, linear.stride, pooled.pointer, values.pointer + linear.weight,
      values.pointer + linear.bias, logits.pointer)
    if !hasGradients { releaseMaps() }
  }

  /// Adds the gradients of the weights to `gradients`.
  ///
  /// - Parameters:
  ///   - logitGradient: The gradient of `logits`, with the same shape.
  ///   - adds: Whether the gradients of the kernels are added to `gradients`; otherwise they replace its content.
  func backward(_ logitGradient: Buffer<Float>, gradients: Buffer<Float>, adds: Bool) throws {
    guard let image, let last = layers.last else { return }
    let values = store.values.pointer
    linear_backward(
      batch, network.features, network.classes, linear.stride, pooled.pointer, values + linear.weight,
      logitGradient.pointer, pooledGradient.pointer, gradients.pointer + linear.weight,
      gradients.pointer + linear.bias)
    let first = resources.take(last.resultCount)
    pool_backward(last.result, pooledGradient.pointer, first.pointer)
    // For each feature map, the contributions to its gradient that are not summed yet.
    var parts = [[Buffer<Float>]](repeating: [], count: layers.count + 1)
    parts[layers.count] = [first]
    for (index, layer) in layers.enumerated().reversed() {
      let description = layer.description
      let input = description.input == 0 ? image : maps[description.input].map { UnsafePointer($0.pointer) }
      guard let input, let output = maps[index + 1], !parts[index + 1].isEmpty else { continue }
      let result = try layer.backward(
        parts[index + 1], input: input, output: output, values: values, gradients: gradients.pointer, adds: adds)
      parts[index + 1] = []
      if let residual = description.residual, let gradient = result.residual { parts[residual].append(gradient) }
      if let gradient = result.input { parts[description.input].append(gradient) }
    }
    releaseMaps()
  }

  private func releaseMaps() {
    for index in maps.indices {
      maps[index].map(resources.give)
      maps[index] = nil
    }
    for layer in layers { layer.release() }
  }
}
