extension OperationRegistry {
  /// The operations of the usual CNNs, under ONNX's names where they exist there, and those of NAS-Bench-201's cells
  /// and FBNet's blocks.
  public static let standard = OperationRegistry(
    network + products + activations + arithmetic + normalisations + pools + layouts + nasBench201 + fbnet)

  private static let network = [
    OperationDefinition(.input, cost: .free),
    OperationDefinition(.output, cost: .free),
    OperationDefinition(.removed, cost: .free),
  ]

  private static let products = [
    OperationDefinition(.convolution, cost: .convolution, onnxTypes: ["Conv"]),
    OperationDefinition("conv_transpose", cost: .transposedConvolution, onnxTypes: ["ConvTranspose"]),
    OperationDefinition(.linear, cost: .linear, onnxTypes: ["Gemm", "MatMul"]),
  ]

  private static let activations = [
    OperationDefinition(.relu, cost: .elementwise, onnxTypes: ["Relu", "Clip(0,)"]),
    OperationDefinition("relu6", cost: .elementwise, onnxTypes: ["Clip(0,6)"]),
    OperationDefinition("clip", cost: .elementwise, onnxTypes: ["Clip"]),
    OperationDefinition("leaky_relu", cost: .elementwise, onnxTypes: ["LeakyRelu", "PRelu"]),
    OperationDefinition("elu", cost: .elementwise, onnxTypes: ["Elu", "Celu", "Selu"]),
    OperationDefinition("sigmoid", cost: .elementwise, onnxTypes: ["Sigmoid"]),
    OperationDefinition("hard_sigmoid", cost: .elementwise, onnxTypes: ["HardSigmoid"]),
    OperationDefinition("silu", cost: .elementwise, onnxTypes: ["Swish", "com.microsoft.QuickGelu(1)"]),
    OperationDefinition("hard_swish", cost: .elementwise, onnxTypes: ["HardSwish"]),
    OperationDefinition("mish", cost: .elementwise, onnxTypes: ["Mish"]),
    OperationDefinition(
      "gelu", cost: .elementwise,
      onnxTypes: [
        "Gelu", "com.microsoft.Gelu", "com.microsoft.BiasGelu", "com.microsoft.FastGelu", "com.microsoft.QuickGelu",
      ]),
    OperationDefinition("softplus", cost: .elementwise, onnxTypes: ["Softplus"]),
    OperationDefinition("tanh", cost: .elementwise, onnxTypes: ["Tanh"]),
    OperationDefinition("softmax", cost: .elementwise, onnxTypes: ["Softmax", "LogSoftmax"]),
  ]

  private static let arithmetic =
    [
      OperationDefinition(.add, cost: .elementwise, onnxTypes: ["Add", "Sum"]),
      OperationDefinition("min", cost: .elementwise, onnxTypes: ["Min"]),
      OperationDefinition("max", cost: .elementwise, onnxTypes: ["Max"]),
      OperationDefinition("mean", cost: .elementwise, onnxTypes: ["Mean"]),
      OperationDefinition("quantize", cost: .elementwise, onnxTypes: ["QuantizeLinear"]),
      OperationDefinition("dequantize", cost: .elementwise, onnxTypes: ["DequantizeLinear"]),
    ]
    + [
      "Sub", "Mul", "Div", "Pow", "Exp", "Log", "Sqrt", "Erf", "Abs", "Neg", "Reciprocal", "Floor", "Ceil", "Round",
      "Sign",
      "Cast", "Where", "Equal", "Greater", "Less",
    ].map { OperationDefinition(NetworkOperation(rawValue: $0.lowercased()), cost: .elementwise, onnxTypes: [$0]) }

  private static let normalisations = [
    OperationDefinition("batch_norm", cost: .elementwise, onnxTypes: ["BatchNormalization"]),
    OperationDefinition("instance_norm", cost: .elementwise, onnxTypes: ["InstanceNormalization"]),
    OperationDefinition("group_norm", cost: .elementwise, onnxTypes: ["GroupNormalization"]),
    OperationDefinition("layer_norm", cost: .elementwise, onnxTypes: ["LayerNormalization", "RMSNormalization"]),
    OperationDefinition("local_response_norm", cost: .elementwise, onnxTypes: ["LRN"]),
  ]

  private static let pools = [
    OperationDefinition("max_pool", cost: .window, onnxTypes: ["MaxPool"]),
    OperationDefinition("avg_pool", cost: .window, onnxTypes: ["AveragePool"]),
    OperationDefinition(
      .globalAveragePool, cost: .reduction, onnxTypes: ["GlobalAveragePool", "ReduceMean(positions)"]),
    OperationDefinition("global_max_pool", cost: .reduction, onnxTypes: ["GlobalMaxPool", "ReduceMax(positions)"]),
    OperationDefinition("reduce_mean", cost: .reduction, onnxTypes: ["ReduceMean"]),
    OperationDefinition("reduce_max", cost: .reduction, onnxTypes: ["ReduceMax", "ArgMax"]),
    OperationDefinition("reduce_min", cost: .reduction, onnxTypes: ["ReduceMin", "ArgMin"]),
    OperationDefinition("reduce_sum", cost: .reduction, onnxTypes: ["ReduceSum"]),
    OperationDefinition("reduce_norm", cost: .reduction, onnxTypes: ["ReduceL1", "ReduceL2", "ReduceSumSquare"]),
  ]

  private static let layouts = [
    OperationDefinition("concat", cost: .free, onnxTypes: ["Concat"]),
    OperationDefinition("slice", cost: .free, onnxTypes: ["Slice", "Split"]),
    OperationDefinition("gather", cost: .free, onnxTypes: ["Gather"]),
    OperationDefinition("flatten", cost: .free, onnxTypes: ["Flatten"]),
    OperationDefinition("reshape", cost: .free, onnxTypes: ["Reshape", "Squeeze", "Unsqueeze"]),
    OperationDefinition("transpose", cost: .free, onnxTypes: ["Transpose"]),
    OperationDefinition("expand", cost: .free, onnxTypes: ["Expand", "Tile"]),
    OperationDefinition("pad", cost: .free, onnxTypes: ["Pad"]),
    OperationDefinition("depth_to_space", cost: .free, onnxTypes: ["DepthToSpace"]),
    OperationDefinition("space_to_depth", cost: .free, onnxTypes: ["SpaceToDepth"]),
    OperationDefinition("resize", cost: .elementwise, onnxTypes: ["Resize", "Upsample"]),
    OperationDefinition("identity", cost: .free, onnxTypes: ["Identity", "Dropout"]),
  ]

  private static let nasBench201 = [
    OperationDefinition(.noOperation, cost: .free),
    OperationDefinition(.skipConnect, cost: .free),
    OperationDefinition(.cellConvolution1x1, cost: .convolution),
    OperationDefinition(.cellConvolution3x3, cost: .convolution),
    OperationDefinition(.cellAveragePool3x3, cost: .window),
  ]

  private static let fbnet = FBNet.blocks.map { OperationDefinition(FBNet.operation($0), cost: .composite) }
}
