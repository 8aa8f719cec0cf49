internal import COneDNN
import Core
import Numerics

/// A convolution that oneDNN has compiled for one shape, with its gradients if they are needed.
final class ConvolutionPrimitive {
  struct Shape: Hashable {
    var batch: Int
    var inputs: Int
    var outputs: Int
    var groups: Int
    var size: Int
    var kernel: Int
    var stride: Int
    /// Whether the input is the image, whose channels are not in blocks.
    var readsImage: Bool
    /// The strides of the weights for output channels, input channels of a group, rows and columns.
    var weightStrides: [Int]
    var hasGradients: Bool
  }

  private let primitive: OpaquePointer
  let scratch: Int

  fileprivate init(_ shape: Shape, name: String) throws {
    var cause: UnsafePointer<CChar>?
    var settings = onednn_convolution_shape()
    settings.batch = shape.batch
    settings.inputs = shape.inputs
    settings.outputs = shape.outputs
    settings.groups = shape.groups
    settings.size = shape.size
    settings.kernel = shape.kernel
    settings.stride = shape.stride
    settings.plain_input = shape.readsImage
    let strides = shape.weightStrides
    settings.weight_strides = (strides[0], strides[1], strides[2], strides[3])
    settings.has_gradients = shape.hasGradients
    settings.has_input_gradient = shape.hasGradients && !shape.readsImage
    guard let primitive = onednn_convolution_create(&settings, &cause) else {
      throw OneDNN.failure(name, cause.map { String(cString: $0) } ?? "")
    }
    self.primitive = primitive
    scratch = onednn_convolution_scratch(primitive)
  }

  deinit { onednn_convolution_destroy(primitive) }

  func forward(
    _ input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer
  ) -> Bool {
    onednn_convolution_forward(primitive, input, weights, output, scratch)
  }

  /// The weights in the layout of the forward pass, for `forward(_:prepared:output:scratch:)`; nil if oneDNN fails.
  func prepared(_ weights: [Float], scratch: UnsafeMutableRawPointer) -> Buffer<UInt8>? {
    let memory = Buffer<UInt8>(onednn_convolution_prepared(primitive), repeating: 0)
    return onednn_convolution_prepare(primitive, weights, memory.pointer, scratch) ? memory : nil
  }

  func forward(
    _ input: UnsafePointer<Float>, prepared: Buffer<UInt8>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer
  ) -> Bool {
    onednn_convolution_forward_prepared(primitive, input, prepared.pointer, output, scratch)
  }

  func inputGradient(
    _ gradient: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer
  ) -> Bool {
    onednn_convolution_input_gradient(primitive, gradient, weights, output, scratch)
  }

  func weightGradient(
    _ input: UnsafePointer<Float>, gradient: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, adds: Bool,
    scratch: UnsafeMutableRawPointer
  ) -> Bool {
    onednn_convolution_weight_gradient(primitive, input, gradient, output, adds, scratch)
  }
}

/// The resources that the passes of one run share: compiled convolutions, scratch memory of convolutions, and memory
/// for feature maps.
final class PassResources {
  private var primitives: [ConvolutionPrimitive.Shape: ConvolutionPrimitive] = [:]
  private var free: [Int: [Buffer<Float>]] = [:]
  private var scratch = Buffer<UInt8>(64, repeating: 0)

  func primitive(_ shape: ConvolutionPrimitive.Shape, name: String) throws -> ConvolutionPrimitive {
    if let made = primitives[shape] { return made }
    let made = try ConvolutionPrimitive(shape, name: name)
    primitives[shape] = made
    if made.scratch > scratch.count { scratch = Buffer(made.scratch, repeating: 0) }
    return made
  }

  var scratchMemory: UnsafeMutableRawPointer { UnsafeMutableRawPointer(scratch.pointer) }

  /// Uninitialised memory for `count` numbers.
  func take(_ count: Int) -> Buffer<Float> {
    free[count]?.popLast() ?? Buffer(count, repeating: 0)
  }

  func give(_ buffer: Buffer<Float>) {
    free[buffer.count, default: []].append(buffer)
  }
}
