/// An attribute of a node. The raw value is its key in `architectures.jsonl`.
public enum NodeAttribute: String, CaseIterable, Codable, Hashable, Sendable {
  /// The height of a convolution or pooling window, and its width too unless `kernelWidth` is given.
  case kernel
  case stride
  case inputChannels = "in_channels"
  case outputChannels = "out_channels"
  /// The output's height, in positions.
  case height
  /// The output's width, in positions.
  case width
  case groups
  case kernelWidth = "kernel_width"

  /// The attribute's index in a node's storage.
  var lane: Int {
    switch self {
    case .kernel: 0
    case .stride: 1
    case .inputChannels: 2
    case .outputChannels: 3
    case .height: 4
    case .width: 5
    case .groups: 6
    case .kernelWidth: 7
    }
  }
}

/// One operation of a network with its given attributes.
///
/// ```swift
/// Node(.convolution, kernel: 3, stride: 1, inputChannels: 3, outputChannels: 32, height: 32, width: 32)
/// ```
public struct Node: Hashable, Sendable {
  public var operation: NetworkOperation
  private var lanes = SIMD8<Int32>(repeating: Self.absent)

  private static let absent = Int32.min

  public init(
    _ operation: NetworkOperation, kernel: Int? = nil, stride: Int? = nil, inputChannels: Int? = nil,
    outputChannels: Int? = nil, height: Int? = nil, width: Int? = nil, groups: Int? = nil, kernelWidth: Int? = nil
  ) {
    self.operation = operation
    self[.kernel] = kernel
    self[.stride] = stride
    self[.inputChannels] = inputChannels
    self[.outputChannels] = outputChannels
    self[.height] = height
    self[.width] = width
    self[.groups] = groups
    self[.kernelWidth] = kernelWidth
  }

  /// The value of an attribute; nil if it wasn't given. Graphs allow values from 1 to 2,147,483,646.
  public subscript(attribute: NodeAttribute) -> Int? {
    get {
      let value = lanes[attribute.lane]
      return value == Self.absent ? nil : Int(value)
    }
    set {
      lanes[attribute.lane] = newValue.map { Int32(clamping: max($0, -Int(Int32.max))) } ?? Self.absent
    }
  }

  /// The number of values of `fingerprint`.
  static let fingerprints = 128

  /// A number below `fingerprints` that is the same for equal nodes and mostly another for others. It takes less time
  /// than a hash value.
  var fingerprint: Int {
    let factors = SIMD8<Int32>(1, 31, 1009, 7919, 104_729, 15_485_863, 179_424_673, 2_038_074_743)
    let name = operation.rawValue.utf8
    let ends = Int32(name.count) &* 8191 &+ Int32(name.first ?? 0) &* 131_071
    let sum = UInt32(bitPattern: (lanes &* factors).wrappedSum() &+ ends)
    return Int((sum &* 2_654_435_769) >> 25)
  }

  /// Whether an attribute has a value that graphs don't allow.
  var hasInvalidAttribute: Bool {
    any((lanes .<= 0) .& (lanes .!= Self.absent)) || any(lanes .== Int32.max)
  }

  /// The height times the width of the output; nil unless both are given.
  var outputPositions: Double? {
    guard let height = self[.height], let width = self[.width] else { return nil }
    return Double(height) * Double(width)
  }
}

extension Node: Codable {
  private enum OperationKey: String, CodingKey { case operation = "op" }
  private struct AttributeKey: CodingKey {
    var attribute: NodeAttribute
    var stringValue: String { attribute.rawValue }
    var intValue: Int? { nil }
    init(_ attribute: NodeAttribute) { self.attribute = attribute }
    init?(stringValue: String) {
      guard let attribute = NodeAttribute(rawValue: stringValue) else { return nil }
      self.attribute = attribute
    }
    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    self.init(try decoder.container(keyedBy: OperationKey.self).decode(NetworkOperation.self, forKey: .operation))
    let container = try decoder.container(keyedBy: AttributeKey.self)
    for attribute in NodeAttribute.allCases {
      self[attribute] = try container.decodeIfPresent(Int.self, forKey: AttributeKey(attribute))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var head = encoder.container(keyedBy: OperationKey.self)
    try head.encode(operation, forKey: .operation)
    var container = encoder.container(keyedBy: AttributeKey.self)
    for attribute in NodeAttribute.allCases {
      try container.encodeIfPresent(self[attribute], forKey: AttributeKey(attribute))
    }
  }
}
