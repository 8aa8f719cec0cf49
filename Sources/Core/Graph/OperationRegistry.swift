/// The definition of an operation.
public struct OperationDefinition: Codable, Hashable, Sendable {
  public var operation: NetworkOperation
  /// The formula for its floating-point operations.
  public var cost: OperationCost
  /// The ONNX operator types with this meaning, with their domain unless it is ONNX's own (`com.microsoft.FastGelu`).
  ///
  /// Arguments in parentheses narrow a type: `Clip(0,6)` is a Clip with these bounds, `ReduceMean(positions)` a mean
  /// over height and width. A narrowed type takes precedence over the plain one.
  public var onnxTypes: [String]

  public init(_ operation: NetworkOperation, cost: OperationCost, onnxTypes: [String] = []) {
    self.operation = operation
    self.cost = cost
    self.onnxTypes = onnxTypes
  }
}

/// The operations that a graph may use, in order.
///
/// `standard` has the operations of the usual CNNs and of NAS-Bench-201. Your own operations can be added:
///
/// ```swift
/// let registry = OperationRegistry.standard.adding([OperationDefinition("swiglu", cost: .elementwise)])
/// let graphs = try NetworkGraph.load("architectures.jsonl", registry: registry)
/// ```
public struct OperationRegistry: Sendable {
  public private(set) var definitions: [OperationDefinition]
  private var positions: [NetworkOperation: Int]

  /// A later definition of the same operation replaces the earlier one at its position.
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

  /// The definitions of `operations` only, sorted by name.
  /// - Throws: `InputError` that names an operation that the registry doesn't have.
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

  /// The definition of `operation`; nil if it is unknown.
  public subscript(operation: NetworkOperation) -> OperationDefinition? {
    positions[operation].map { definitions[$0] }
  }

  /// The index of `operation` in `definitions`; nil if it is unknown.
  public func position(of operation: NetworkOperation) -> Int? {
    positions[operation]
  }

  /// The operation with this ONNX operator type; nil if there is none.
  public func operation(forONNXType type: String) -> NetworkOperation? {
    definitions.first { $0.onnxTypes.contains(type) }?.operation
  }

  /// The most similar known name; nil if none is similar.
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
