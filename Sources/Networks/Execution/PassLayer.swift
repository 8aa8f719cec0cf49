internal import COneDNN
import Core
import Numerics

/// A convolution of a network in a pass, with its batch norm, addition, ReLU and pooling.
final class PassLayer {
  let description: Network.Convolution
  /// The shape of the result.
  let result: feature_map
  /// The number of elements of the result.
  let resultCount: Int
  /// The shape before the pooling, and its number of elements.
  private let map: feature_map
  private let count: Int
  private let inputCount: Int
  private let hasGradients: Bool
  private let resources: PassResources
  private let primitive: ConvolutionPrimitive
  /// Offsets in the store.
  private let kernels: Int
  private let scale: Int
  private let shift: Int
  private let mean: Int
  private let variance: Int
  /// Values for each channel, padded to whole blocks: means, variances, then the factor and the offset of the batch
  /// norm, then the factors of g, x and 1 in its gradient, then sums.
  private let channelValues: Buffer<Float>
  private let filled: Int
  private let partial: Buffer<Float>
  /// The result of the convolution, before the batch norm.
  private var convolved: Buffer<Float>?
  /// The result before the pooling, if there is one.
  private var unpooled: Buffer<Float>?

  private static let epsilon: Float = 1e-5

  init(
    _ layer: Network.Convolution, batch: Int, of store: ParameterStore, _ resources: PassResources, hasGradients: Bool
  ) throws {
    guard layer.residual != 0, let weight = store.place("\(layer.name).weight"),
      let scale = store.place("\(layer.normalization).weight"), let shift = store.place("\(layer.normalization).bias"),
      let mean = store.place("\(layer.normalization).running_mean"),
      let variance = store.place("\(layer.normalization).running_var")
    else { throw OneDNN.failure(layer.name, "it adds the image, or the whole network doesn't have this layer") }
    description = layer
    self.resources = resources
    self.hasGradients = hasGradients
    let block = OneDNN.block
    func map(_ size: Int) -> feature_map {
      feature_map(batch: batch, channels: layer.outputs, positions: size * size, block: block)
    }
    self.map = map(layer.convolvedSize)
    count = feature_map_count(self.map)
    result = map(layer.outputSize)
    resultCount = feature_map_count(result)
    inputCount = feature_map_count(
      feature_map(batch: batch, channels: layer.inputs, positions: layer.inputSize * layer.inputSize, block: block))
    // A smaller kernel is the middle of the full one.
    let full = weight.shape
    guard full.count == 4, layer.outputs <= min(full[0], scale.shape[0]), layer.inputs <= full[1] * layer.groups,
      layer.kernel <= min(full[2], full[3])
    else {
      throw InputError(
        "the convolution \(layer.name) is larger than that of the whole network, which has the weights \(full)",
        remedy: "The last width and the last kernel of a unit must be the largest (NetworkUnit.widths, .kernels).")
    }
    let margin = (full[2] - layer.kernel) / 2
    kernels = weight.offset + margin * full[3] + margin
    (self.scale, self.shift) = (scale.offset, shift.offset)
    (self.mean, self.variance) = (mean.offset, variance.offset)
    filled = (layer.outputs + block - 1) / block * block
    channelValues = Buffer(9 * filled, repeating: 0)
    partial = Buffer(2 * batch * filled, repeating: 0)
    primitive = try resources.primitive(
      ConvolutionPrimitive.Shape(
        batch: batch, inputs: layer.inputs, outputs: layer.outputs, groups: layer.groups, size: layer.inputSize,
        kernel: layer.kernel, stride: layer.stride, readsImage: layer.input == 0,
        weightStrides: [full[1] * full[2] * full[3], full[2] * full[3], full[3], 1], hasGradients: hasGradients),
      name: layer.name)
  }

  private func channel(_ row: Int) -> UnsafeMutablePointer<Float> { channelValues.pointer + row * filled }

  func release() {
    convolved.map(resources.give)
    unpooled.map(resources.give)
    (convolved, unpooled) = (nil, nil)
  }

  /// Returns the result, whose memory comes from the resources.
  func forward(
    _ input: UnsafePointer<Float>, residual: Buffer<Float>?, values: UnsafeMutablePointer<Float>,
    statistics: UnsafeMutablePointer<Float>, from source: NormalizationStatistics
  ) throws -> Buffer<Float> {
    let x = resources.take(count)
    guard
      primitive.forward(input, weights: values + kernels, output: x.pointer, scratch: resources.scratchMemory)
    else { throw OneDNN.failure(description.name, "oneDNN gave up") }
    let channels = description.outputs
    switch source {
    case .batch(let share):
      norm_statistics(map, x.pointer, partial.pointer, channel(0), channel(1))
      // The stored variance is unbiased, as in PyTorch.
      let elements = Float(map.batch * map.positions)
      let correction = elements / max(elements - 1, 1)
      if share > 0 {
        for index in 0..<channels {
          statistics[mean + index] += share * (channel(0)[index] - statistics[mean + index])
          statistics[variance + index] += share * (channel(1)[index] * correction - statistics[variance + index])
        }
      }
    case .kept:
      channel(0).update(from: statistics + mean, count: channels)
      channel(1).update(from: statistics + variance, count: channels)
    }
    for index in 0..<channels {
      let factor = values[scale + index] / (channel(1)[index] + Self.epsilon).squareRoot()
      channel(2)[index] = factor
      channel(3)[index] = values[shift + index] - channel(0)[index] * factor
    }
    let y = hasGradients ? resources.take(count) : x
    norm_apply(map, x.pointer, channel(2), channel(3), residual?.pointer, description.isActivated, y.pointer)
    if hasGradients { convolved = x }
    guard let pooling = description.pooling else { return y }
    let pooled = resources.take(resultCount)
    window_pool_forward(
      map, description.convolvedSize, pooling.window, pooling.kind == .max, y.pointer, pooled.pointer)
    if hasGradients { unpooled = y } else { resources.give(y) }
    return pooled
  }

  /// Adds to the gradients of the layer's weights, and returns the gradients of its inputs.
  ///
  /// - Parameters:
  ///   - parts: The contributions to the result's gradient. Their memory is consumed.
  ///   - output: The result of `forward`.
  func backward(
    _ parts: [Buffer<Float>], input: UnsafePointer<Float>, output: Buffer<Float>,
    values: UnsafeMutablePointer<Float>, gradients: UnsafeMutablePointer<Float>, adds: Bool
  ) throws -> (input: Buffer<Float>?, residual: Buffer<Float>?) {
    guard let x = convolved else { return (nil, nil) }
    var (parts, output) = (parts, output)
    if let pooling = description.pooling, let unpooled {
      for part in parts.dropFirst() {
        vector_add(resultCount, parts[0].pointer, part.pointer)
        resources.give(part)
      }
      let spread = resources.take(count)
      window_pool_backward(
        map, description.convolvedSize, pooling.window, pooling.kind == .max, unpooled.pointer, parts[0].pointer,
        spread.pointer)
      resources.give(parts[0])
      (parts, output) = ([spread], unpooled)
    }
    let gradient = parts[0]
    for part in parts.dropFirst(2) {
      vector_add(count, gradient.pointer, part.pointer)
      resources.give(part)
    }
    let second = parts.count > 1 ? parts[1] : nil
    let hasResidual = description.residual != nil
    // A gradient that is used twice, or was summed, is written to memory; otherwise the ReLU is applied twice.
    let writes = hasResidual || second != nil
    norm_gradient_sums(
      map, gradient.pointer, second?.pointer, hasResidual ? output.pointer : nil, x.pointer, channel(0), channel(2),
      channel(3), description.isActivated, writes ? gradient.pointer : nil, partial.pointer, channel(7), channel(8))
    second.map(resources.give)
    let elements = Float(map.batch * map.positions)
    for index in 0..<description.outputs {
      let inverse = 1 / (channel(1)[index] + Self.epsilon).squareRoot()
      let product = channel(8)[index] * inverse
      gradients[scale + index] += product
      gradients[shift + index] += channel(7)[index]
      let factor = values[scale + index] * inverse
      channel(4)[index] = factor
      channel(5)[index] = -factor * inverse * product / elements
      channel(6)[index] = -factor * channel(7)[index] / elements - channel(5)[index] * channel(0)[index]
    }
    let dx = hasResidual ? resources.take(count) : gradient
    norm_gradient_apply(
      map, gradient.pointer, x.pointer, channel(4), channel(5), channel(6), channel(2), channel(3),
      description.isActivated && !writes, dx.pointer)
    defer { resources.give(dx) }
    let scratch = resources.scratchMemory
    guard
      primitive.weightGradient(
        input, gradient: dx.pointer, output: gradients + kernels, adds: adds, scratch: scratch)
    else { throw OneDNN.failure(description.name, "oneDNN gave up") }
    guard description.input > 0 else { return (nil, hasResidual ? gradient : nil) }
    let inputGradient = resources.take(inputCount)
    guard
      primitive.inputGradient(
        dx.pointer, weights: values + kernels, output: inputGradient.pointer, scratch: scratch)
    else { throw OneDNN.failure(description.name, "oneDNN gave up") }
    return (inputGradient, hasResidual ? gradient : nil)
  }
}
