/// What is known of one operation.
public struct OperationDefinition: Codable, Hashable, Sendable {
  public var operation: NetworkOperation
  /// How its floating-point operations are counted.
  public var cost: OperationCost
  /// The ONNX operator types that mean it, with their domain unless that is ONNX's own (`com.microsoft.FastGelu`).
  ///
  /// Arguments in parentheses narrow a type: `Clip(0,6)` is a Clip with these bounds, `ReduceMean(positions)` a mean
  /// over height and width. Of a narrowed type and the plain one the narrowed goes first.
  public var onnxTypes: [String]

  public init(_ operation: NetworkOperation, cost: OperationCost, onnxTypes: [String] = []) {
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
/// let registry = OperationRegistry.standard.adding([OperationDefinition("swiglu", cost: .elementwise)])
/// let graphs = try NetworkGraph.load("architectures.jsonl", registry: registry)
/// ```
public struct OperationRegistry: Sendable {
  public private(set) var definitions: [OperationDefinition]
  private var positions: [NetworkOperation: Int]

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
  public func restricted(to operations: some Sequence<NetworkOperation>) throws -> OperationRegistry {
    let names = Set(operations.lazy.map(\.rawValue)).sorted()
    return OperationRegistry(
      try names.map { name in
        guard let definition = self[NetworkOperation(rawValue: name)] else {
          throw InputError(
            "the registry doesn't know the operation \"\(name)\"",
            remedy: "Add it with OperationRegistry.standard.adding(...).")
        }
        return definition
      })
  }

  /// What is known of `operation`, or nil.
  public subscript(operation: NetworkOperation) -> OperationDefinition? {
    positions[operation].map { definitions[$0] }
  }

  /// The place of `operation` in `definitions`, or nil.
  public func position(of operation: NetworkOperation) -> Int? {
    positions[operation]
  }

  /// The operation that an ONNX operator type means, or nil.
  public func operation(forONNXType type: String) -> NetworkOperation? {
    definitions.first { $0.onnxTypes.contains(type) }?.operation
  }

  /// The known name that `name` was probably meant to be, or nil when none is near.
  public func nearest(to name: String) -> NetworkOperation? {
    nearestName(to: name, among: definitions.map(\.operation.rawValue)).map(NetworkOperation.init(rawValue:))
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
