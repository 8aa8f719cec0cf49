import Foundation
import Testing

@testable import Core
@testable import ONNX

/// The sizes that `Tests/Reference/onnx_models.py` prints: from ONNX's shape inference, or from running the model.
@Suite struct ONNXOperatorTests {
  /// The size of an output, in the order of the file's outputs.
  struct Size: Equatable, CustomStringConvertible {
    var name: String
    var channels, height, width: Int
    var description: String { "\(name): \(channels) \(height) \(width)" }

    init(_ name: String, _ channels: Int, _ height: Int, _ width: Int) {
      self.name = name
      self.channels = channels
      self.height = height
      self.width = width
    }
  }

  private static let expectedSizes: [String: [Size]] = [
    "operators": [
      Size("conv", 16, 15, 12),
      Size("conv without padding", 16, 13, 10),
      Size("conv, stride 2", 16, 8, 6),
      Size("conv, window 1x5", 4, 15, 6),
      Size("conv, dilation 2", 16, 11, 8),
      Size("conv, 4 groups", 16, 13, 10),
      Size("conv, depthwise", 8, 15, 12),
      Size("conv, pads of two sides", 16, 7, 6),
      Size("conv, SAME_UPPER", 16, 8, 6),
      Size("conv, VALID", 16, 7, 5),
      Size("conv along a line", 8, 13, 1),
      Size("transposed conv", 6, 30, 24),
      Size("transposed conv, output padding", 6, 34, 38),
      Size("transposed conv, output shape", 6, 31, 25),
      Size("transposed conv, SAME_UPPER", 6, 30, 24),
      Size("max pool", 8, 8, 6),
      Size("max pool, ceil", 8, 8, 6),
      Size("max pool, ceil, window behind the end", 8, 8, 5),
      Size("max pool, dilation", 8, 11, 9),
      Size("max pool with indices", 8, 14, 11),
      Size("average pool", 8, 15, 6),
      Size("global average pool", 8, 1, 1),
      Size("global max pool", 8, 1, 1),
      Size("mean over positions", 8, 1, 1),
      Size("mean over channels", 1, 15, 12),
      Size("sum over the last axis", 8, 15, 1),
      Size("index of the maximum", 1, 15, 12),
      Size("batch norm", 8, 15, 12),
      Size("instance norm", 8, 15, 12),
      Size("layer norm", 10, 6, 1),
      Size("relu", 8, 15, 12),
      Size("leaky relu", 8, 15, 12),
      Size("prelu", 8, 15, 12),
      Size("clip", 8, 15, 12),
      Size("clip from below", 8, 15, 12),
      Size("hard swish", 8, 15, 12),
      Size("silu", 8, 15, 12),
      Size("softmax", 10, 6, 1),
      Size("add", 8, 15, 12),
      Size("add, broadcast", 8, 15, 12),
      Size("sub of weights", 8, 15, 12),
      Size("div by a number", 8, 15, 12),
      Size("sum of three", 8, 15, 12),
      Size("gemm", 10, 1, 1),
      Size("matmul of tokens", 7, 10, 1),
      Size("matmul of two", 10, 10, 1),
      Size("concat", 16, 15, 12),
      Size("concat of rows", 8, 16, 12),
      Size("flatten", 1440, 1, 1),
      Size("reshape", 4, 30, 12),
      Size("channel shuffle", 8, 15, 12),
      Size("squeeze", 8, 1, 1),
      Size("unsqueeze", 4, 30, 1),
      Size("transpose", 8, 15, 12),
      Size("slice", 8, 5, 3),
      Size("slice backwards", 8, 15, 6),
      Size("split, first", 3, 15, 12),
      Size("split, second", 5, 15, 12),
      Size("split into 4", 8, 3, 12),
      Size("pad", 8, 19, 18),
      Size("pad of axes", 8, 15, 15),
      Size("gather", 3, 15, 12),
      Size("expand", 8, 5, 12),
      Size("tile", 16, 15, 36),
      Size("depth to space", 2, 30, 24),
      Size("space to depth", 72, 5, 4),
      Size("resize by factors", 8, 30, 18),
      Size("resize to sizes", 8, 7, 9),
      Size("resize of axes, not larger", 8, 25, 20),
      Size("dropout", 8, 15, 12),
    ],
    "old-operators": [
      Size("add along the channels", 8, 15, 12),
      Size("slice", 6, 2, 12),
      Size("pad", 8, 18, 15),
      Size("clip", 8, 15, 12),
      Size("squeeze", 8, 1, 1),
      Size("unsqueeze", 8, 15, 12),
      Size("split", 6, 15, 12),
      Size("mean over positions", 8, 1, 1),
      Size("batch norm", 8, 15, 12),
      Size("dropout", 8, 15, 12),
      Size("gemm", 10, 1, 1),
    ],
    "upsample": [
      Size("upsample", 8, 30, 24)
    ],
    "shape-arithmetic": [
      Size("view", 1536, 1, 1),
      Size("groups", 2, 64, 12),
      Size("interpolate", 8, 24, 18),
      Size("pad", 8, 16, 15),
      Size("expand", 8, 16, 12),
      Size("conv", 8, 16, 12),
    ],
  ]

  @Test(arguments: expectedSizes.keys.sorted())
  func sizes(_ model: String) throws {
    let expected = try #require(Self.expectedSizes[model])
    let outputs = try ONNXModels.load(model).nodes.filter { $0.operation == .output }
    try #require(outputs.count == expected.count)
    for (output, expected) in zip(outputs, expected) {
      let size = Size(
        expected.name, output[.outputChannels] ?? 0, output[.height] ?? 0, output[.width] ?? 0)
      #expect(size == expected)
    }
  }

  struct Operator: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var flops: Double
    var testDescription: String { name }

    init(_ name: String, _ text: String, flops: Double) {
      self.name = name
      self.text = text
      self.flops = flops
    }
  }

  /// The node before an output; its input is 8 channels of 15x12, or 10 tokens of 6.
  @Test(arguments: [
    Operator("conv", "conv 8>16 15x12 kernel 3 stride 1", flops: 2 * 9 * 8 * 16 * 15 * 12),
    Operator("conv, stride 2", "conv 8>16 8x6 kernel 3 stride 2", flops: 2 * 9 * 8 * 16 * 8 * 6),
    Operator(
      "conv, window 1x5", "conv 8>4 15x6 kernel 1 kernel_width 5 stride 1", flops: 2 * 5 * 8 * 4 * 15 * 6),
    Operator("conv, 4 groups", "conv 8>16 13x10 kernel 3 stride 1 groups 4", flops: 2 * 9 * 2 * 16 * 13 * 10),
    Operator("conv, depthwise", "conv 8>8 15x12 kernel 3 stride 1 groups 8", flops: 2 * 9 * 8 * 15 * 12),
    Operator(
      "conv along a line", "conv 4>8 13x1 kernel 5 kernel_width 1 stride 2", flops: 2 * 5 * 4 * 8 * 13),
    Operator("transposed conv", "conv_transpose 8>6 30x24 kernel 4 stride 2", flops: 2 * 16 * 8 * 6 * 15 * 12),
    Operator(
      "transposed conv, output padding", "conv_transpose 8>6 34x38 kernel 3 stride 2 groups 2",
      flops: 2 * 9 * 8 * 3 * 15 * 12),
    Operator("max pool", "max_pool 8>8 8x6 kernel 3 stride 2", flops: 9 * 8 * 8 * 6),
    Operator("average pool", "avg_pool 8>8 15x6 kernel 3 stride 1", flops: 9 * 8 * 15 * 6),
    Operator("global average pool", "global_avg_pool 8>8 1x1", flops: 8 * 15 * 12),
    Operator("mean over positions", "global_avg_pool 8>8 1x1", flops: 8 * 15 * 12),
    Operator("mean over channels", "reduce_mean 8>1 15x12", flops: 8 * 15 * 12),
    Operator("batch norm", "batch_norm 8>8 15x12", flops: 8 * 15 * 12),
    Operator("layer norm", "layer_norm 10>10 6x1", flops: 60),
    Operator("clip", "relu6 8>8 15x12", flops: 8 * 15 * 12),
    Operator("clip from below", "clip 8>8 15x12", flops: 8 * 15 * 12),
    Operator("silu", "mul 8>8 15x12", flops: 8 * 15 * 12),
    Operator("add, broadcast", "add 8>8 15x12", flops: 8 * 15 * 12),
    Operator("gemm", "linear 8>10 1x1", flops: 2 * 8 * 10),
    Operator("matmul of tokens", "linear 6>7 10x1", flops: 2 * 6 * 7 * 10),
    Operator("matmul of two", "linear 6>10 10x1", flops: 2 * 6 * 10 * 10),
    Operator("concat", "concat 16>16 15x12", flops: 0),
    Operator("concat of rows", "concat 8>8 16x12", flops: 0),
    Operator("flatten", "flatten 8>1440 1x1", flops: 0),
    Operator("channel shuffle", "reshape 4>8 15x12", flops: 0),
    // Only the pooling before it counts, because the squeezed dimensions are 1.
    Operator("squeeze", "global_avg_pool 8>8 1x1", flops: 8 * 15 * 12),
    Operator("unsqueeze", "input 4>4 30x1", flops: 0),
    Operator("transpose", "transpose 8>8 15x12", flops: 0),
    Operator("split, second", "slice 8>5 15x12", flops: 0),
    Operator("resize by factors", "resize 8>8 30x18", flops: 8 * 30 * 18),
    Operator("dropout", "input 8>8 15x12", flops: 0),
  ])
  func nodes(_ expected: Operator) throws {
    let graph = try ONNXModels.load("operators")
    let position = try #require(Self.expectedSizes["operators"]?.firstIndex { $0.name == expected.name })
    let output = graph.nodes.indices.filter { graph.nodes[$0].operation == .output }[position]
    let node = try #require(graph.edges.first { $0.target == output }).source
    #expect(graph.nodes[node].text == expected.text)
    #expect(graph.floatingPointOperations()[node] == expected.flops)
  }

  /// The nodes are a convolution after a view; the nodes that compute the view's shape are left out.
  @Test func shapeArithmeticIsNoPartOfTheNetwork() throws {
    #expect(
      try ONNXModels.load("shape-arithmetic").text.filter { !$0.contains("output") } == [
        "0: input 8>8 16x12",
        "1: 0 -> reshape 8>1536 1x1",
        "2: 0 -> reshape 8>2 64x12",
        "3: 2 -> transpose 2>2 64x12",
        "4: 0 -> resize 8>8 24x18",
        "5: 0 -> pad 8>8 16x15",
        "6: 0 -> reduce_max 8>8 1x12",
        "7: 6 -> expand 8>8 16x12",
        "8: 0 -> conv 8>8 16x12 kernel 3 stride 1",
      ])
  }
}
