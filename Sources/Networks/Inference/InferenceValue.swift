internal import COneDNN
import Core
import Numerics

/// A value between the nodes of a model: a feature map in blocks of channels, or a row-major tensor.
struct InferenceValue {
  /// The shape: images x channels (x height x width).
  let shape: [Int]
  /// The layout in blocks; nil for a row-major tensor.
  let map: feature_map?
  private let memory: Buffer<Float>

  /// The largest number of elements of a value, whatever shape the file has.
  static let limit = 1 << 30

  /// The number of elements in memory.
  var count: Int { memory.count }

  /// - Throws: `InputError` when the shape can't be run.
  init(shape: [Int], isPlain: Bool, _ model: ONNXModel) throws {
    let count = shape.reduce(1) { product, extent in
      extent > 0 && extent <= Self.limit && product <= Self.limit ? product * extent : Self.limit + 1
    }
    let isSquare = shape.count == 4 && shape[2] == shape[3]
    let text = shape.map(String.init).joined(separator: " x ")
    guard isPlain || isSquare else {
      throw model.failure("oneDNN in Labbook can't hold a value of \(text): it runs square feature maps")
    }
    // Feature maps are filled up to whole blocks of channels.
    let block = OneDNN.block
    let blocks = isPlain || count > Self.limit ? 1 : (shape[1] + block - 1) / block
    let stored = isPlain ? count : count > Self.limit ? count : count / shape[1] * blocks * block
    guard stored <= Self.limit else {
      throw model.failure("oneDNN in Labbook can't hold a value of \(text): it has more than \(Self.limit) numbers")
    }
    self.shape = shape
    if isPlain {
      map = nil
      memory = Buffer(count, repeating: 0)
    } else {
      let map = feature_map(batch: shape[0], channels: shape[1], positions: shape[2] * shape[3], block: OneDNN.block)
      self.map = map
      memory = Buffer(feature_map_count(map), repeating: 0)
    }
  }

  var isPlain: Bool { map == nil }
  var pointer: UnsafeMutablePointer<Float> { memory.pointer }
  var positions: Int { shape.dropFirst(2).reduce(1, *) }

  /// The position of a number in memory, by its row-major index.
  private func place(_ index: Int) -> Int {
    guard let map else { return index }
    let (plane, position) = index.quotientAndRemainder(dividingBy: map.positions)
    let (image, channel) = plane.quotientAndRemainder(dividingBy: map.channels)
    let (block, lane) = channel.quotientAndRemainder(dividingBy: map.block)
    let blocks = (map.channels + map.block - 1) / map.block
    return ((image * blocks + block) * map.positions + position) * map.block + lane
  }

  /// The numbers in row-major order.
  var numbers: [Float] { (0..<shape.reduce(1, *)).map { memory.pointer[place($0)] } }

  func set(_ numbers: [Float]) {
    for (index, number) in numbers.prefix(shape.reduce(1, *)).enumerated() { memory.pointer[place(index)] = number }
  }
}

/// The operations on each number of a feature map in one pass: times a channel's scale, plus its shift, plus another
/// map, followed by a ReLU if it has one.
struct ElementwiseTail {
  let shape: [Int]
  private let map: feature_map?
  private var scale: [Float]
  private var shift: [Float]
  var residual: InferenceValue?
  var isActivated = false

  init(_ value: InferenceValue, shift: [Float] = []) {
    shape = value.shape
    map = value.map
    scale = [Float](repeating: 1, count: shape[1])
    self.shift = shift.isEmpty ? [Float](repeating: 0, count: shape[1]) : shift
  }

  var channels: Int { shape[1] }

  /// Adds a batch norm.
  /// - Parameter parts: The scales, shifts, means and variances by channel.
  mutating func normalize(_ parts: [[Float]], epsilon: Float) {
    for channel in scale.indices {
      let factor = parts[0][channel] / (parts[3][channel] + epsilon).squareRoot()
      scale[channel] *= factor
      shift[channel] = (shift[channel] - parts[2][channel]) * factor + parts[1][channel]
    }
  }

  func pass(from input: InferenceValue, to output: InferenceValue) -> () -> Bool {
    guard let map else { return { false } }
    // Channels that pad the last block stay zero.
    let filled = (channels + map.block - 1) / map.block * map.block
    let factors = Buffer<Float>(filled, repeating: 0)
    let shifts = Buffer<Float>(filled, repeating: 0)
    factors.copy(scale)
    shifts.copy(shift)
    let (residual, isActivated) = (residual, isActivated)
    if residual == nil, !isActivated, input.pointer == output.pointer, scale.allSatisfy({ $0 == 1 }),
      shift.allSatisfy({ $0 == 0 })
    {
      return { true }
    }
    return {
      norm_apply(
        map, input.pointer, factors.pointer, shifts.pointer, residual?.pointer, isActivated, output.pointer)
      return true
    }
  }
}
