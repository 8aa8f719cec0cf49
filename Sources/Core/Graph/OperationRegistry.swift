/// What is known of one operation.
public struct OperationDefinition: Codable, Hashable, Sendable {
  public var operation: Operation
  /// How its floating-point operations are counted.
  public var cost: OperationCost
  /// The ONNX operator types that mean it.
  public var onnxTypes: [String]

  public init(_ operation: Operation, cost: OperationCost, onnxTypes: [String] = []) {
    self.operation = operation
    self.cost = cost
    self.onnxTypes = onnxTypes
  }
}

/// The operations that a graph may use, in order.
///
/// `standard` knows those of the usual CNNs and of NAS-Bench-201. One's own are added to it:
///
/// ```swift
/// let registry = OperationRegistry.standard.adding([OperationDefinition("gelu", cost: .elementwise)])
/// let graphs = try NetworkGraph.load("architectures.jsonl", registry: registry)
/// ```
public struct OperationRegistry: Sendable {
  public private(set) var definitions: [OperationDefinition]
  private var positions: [Operation: Int]

  /// A later definition of the same operation replaces the earlier one, in its place.
  public init(_ definitions: [OperationDefinition]) {
    self.definitions = []
    positions = [:]
    for definition in definitions {
      if let position = positions[definition.operation] {
        self.definitions[position] = definition
      } else {
        positions[definition.operation] = self.definitions.count
        self.definitions.append(definition)
      }
    }
  }

  public func adding(_ definitions: [OperationDefinition]) -> OperationRegistry {
    OperationRegistry(self.definitions + definitions)
  }

  /// The definitions of `operations` alone, by name.
  /// - Throws: `InputError` that names an operation that isn't here.
  public func restricted(to operations: some Sequence<Operation>) throws -> OperationRegistry {
    let names = Set(operations.lazy.map(\.rawValue)).sorted()
    return OperationRegistry(
      try names.map { name in
        guard let definition = self[Operation(rawValue: name)] else {
          throw InputError(
            "the registry doesn't know the operation \"\(name)\"",
            remedy: "Add it with OperationRegistry.standard.adding(...).")
        }
        return definition
      })
  }

  /// What is known of `operation`, or nil.
  public subscript(operation: Operation) -> OperationDefinition? {
    positions[operation].map { definitions[$0] }
  }

  /// The place of `operation` in `definitions`, or nil.
  public func position(of operation: Operation) -> Int? {
    positions[operation]
  }

  /// The operation that an ONNX operator type means, or nil.
  public func operation(forONNXType type: String) -> Operation? {
    definitions.first { $0.onnxTypes.contains(type) }?.operation
  }

  /// The known name that `name` was probably meant to be, or nil when none is near.
  public func nearest(to name: String) -> Operation? {
    nearestName(to: name, among: definitions.map(\.operation.rawValue)).map(Operation.init(rawValue:))
  }
}

extension OperationRegistry: Hashable {
  public static func == (left: OperationRegistry, right: OperationRegistry) -> Bool {
    left.definitions == right.definitions
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(definitions)
  }
}

extension OperationRegistry: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(try [OperationDefinition](from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    try definitions.encode(to: encoder)
  }
}

extension OperationRegistry {
  /// The operations of the usual CNNs, under ONNX's names where it has them, and those of NAS-Bench-201's cells.
  public static let standard = OperationRegistry([
    OperationDefinition(.input, cost: .free),
    OperationDefinition(.output, cost: .free),
    OperationDefinition(.removed, cost: .free),
    OperationDefinition(.convolution, cost: .convolution, onnxTypes: ["Conv"]),
    OperationDefinition("conv_transpose", cost: .convolution, onnxTypes: ["ConvTranspose"]),
    OperationDefinition(.linear, cost: .linear, onnxTypes: ["Gemm", "MatMul"]),
    OperationDefinition("batch_norm", cost: .elementwise, onnxTypes: ["BatchNormalization"]),
    OperationDefinition(.relu, cost: .elementwise, onnxTypes: ["Relu"]),
    OperationDefinition("relu6", cost: .elementwise, onnxTypes: ["Clip"]),
    OperationDefinition("leaky_relu", cost: .elementwise, onnxTypes: ["LeakyRelu", "PRelu"]),
    OperationDefinition("sigmoid", cost: .elementwise, onnxTypes: ["Sigmoid"]),
    OperationDefinition("hard_sigmoid", cost: .elementwise, onnxTypes: ["HardSigmoid"]),
    OperationDefinition("hard_swish", cost: .elementwise, onnxTypes: ["HardSwish"]),
    OperationDefinition("tanh", cost: .elementwise, onnxTypes: ["Tanh"]),
    OperationDefinition("softmax", cost: .elementwise, onnxTypes: ["Softmax"]),
    OperationDefinition(.add, cost: .elementwise, onnxTypes: ["Add", "Sum"]),
    OperationDefinition("sub", cost: .elementwise, onnxTypes: ["Sub"]),
    OperationDefinition("mul", cost: .elementwise, onnxTypes: ["Mul"]),
    OperationDefinition("div", cost: .elementwise, onnxTypes: ["Div"]),
    OperationDefinition("concat", cost: .free, onnxTypes: ["Concat"]),
    OperationDefinition("max_pool", cost: .window, onnxTypes: ["MaxPool"]),
    OperationDefinition("avg_pool", cost: .window, onnxTypes: ["AveragePool"]),
    OperationDefinition(.globalAveragePool, cost: .reduction, onnxTypes: ["GlobalAveragePool", "ReduceMean"]),
    OperationDefinition("global_max_pool", cost: .reduction, onnxTypes: ["GlobalMaxPool"]),
    OperationDefinition("flatten", cost: .free, onnxTypes: ["Flatten"]),
    OperationDefinition("reshape", cost: .free, onnxTypes: ["Reshape", "Squeeze", "Unsqueeze"]),
    OperationDefinition("transpose", cost: .free, onnxTypes: ["Transpose"]),
    OperationDefinition("pad", cost: .free, onnxTypes: ["Pad"]),
    OperationDefinition("resize", cost: .elementwise, onnxTypes: ["Resize", "Upsample"]),
    OperationDefinition("identity", cost: .free, onnxTypes: ["Identity", "Dropout"]),
    OperationDefinition(.noOperation, cost: .free),
    OperationDefinition(.skipConnect, cost: .free),
    OperationDefinition(.cellConvolution1x1, cost: .convolution),
    OperationDefinition(.cellConvolution3x3, cost: .convolution),
    OperationDefinition(.cellAveragePool3x3, cost: .window),
  ])
}
