import Core

/// A search space: a family of convolutional networks for images that differ in their units. A unit can be dropped,
/// narrowed inside, or have another kernel.
///
/// To define your own space, list its units and build a network for given choices:
///
/// ```swift
/// let space = ResidualCNN()
/// let point = try space.point("32 16 - | 64 40 64 | 128 - 96 | 224 256 -")
/// let network = try space.network(at: point)
/// print(network.floatingPointOperations / 1e6, "MFLOPs", network.parameterCount, "parameters")
/// ```
public protocol NetworkSpace: Codable, Hashable, Sendable {
  /// The name of the space in files and messages.
  static var name: String { get }
  /// The height and width of the images, in pixels.
  var imageSize: Int { get set }
  /// The number of classes.
  var classes: Int { get }
  /// The units of each stage, from the input on.
  var stages: [[NetworkUnit]] { get }
  /// - Throws: `InputError` when the settings are invalid.
  func validate() throws
  /// Adds the layers of a network.
  /// - Parameter point: A point with an allowed choice for every unit.
  func build(_ point: Point, into network: inout NetworkBuilder)
}

extension NetworkSpace {
  public var units: [NetworkUnit] { stages.flatMap(\.self) }

  /// The point of the whole network (the supernet), with every unit whole.
  public var fullPoint: Point { Point(stages: stages.map { $0.map(\.full) }) }

  /// The point of the smallest network, with the smallest choice for every unit.
  public var smallestPoint: Point { Point(stages: stages.map { $0.map(\.smallest) }) }

  /// The point with this text form.
  /// - Throws: `InputError` when the text can't be read or the point isn't in the space.
  public func point(_ text: String) throws -> Point {
    let point = try Point(text)
    try check(point)
    return point
  }

  /// - Throws: `InputError` that names the first choice which isn't allowed.
  public func check(_ point: Point) throws {
    try validate()
    guard Network.imageSizes.contains(imageSize), Network.classCounts.contains(classes) else {
      throw InputError(
        "the space \(Self.name) can't have images of \(imageSize) pixels in \(classes) classes",
        remedy: "Use 1 to \(Network.imageSizes.upperBound) pixels and 1 to \(Network.classCounts.upperBound) classes.")
    }
    let stages = stages
    for unit in stages.joined() { try unit.validate(in: Self.name) }
    let counts = (point.stages.map(\.count), stages.map(\.count))
    guard counts.0 == counts.1 else {
      throw InputError(
        "the point \"\(point)\" has \(Self.list(counts.0)) units, but the space \(Self.name) has "
          + "\(Self.list(counts.1))",
        remedy: "A point names every unit, stage by stage; the whole network is \"\(fullPoint)\".")
    }
    for (unit, choice) in zip(stages.joined(), point.choices) where !unit.allows(choice) {
      throw InputError(
        "the point \"\(point)\" has \(choice) for the unit \(unit.name) of the space \(Self.name)",
        remedy: "This unit can have: \(unit.possibilities).")
    }
  }

  /// The network at a point.
  /// - Throws: `InputError` when the point isn't in the space, or the space built an impossible layer.
  public func network(at point: Point) throws -> Network {
    try check(point)
    var builder = NetworkBuilder(imageSize: imageSize, classes: classes)
    build(point, into: &builder)
    let network = builder.network
    try network.check(of: Self.name)
    return network
  }

  /// The whole network.
  public func fullNetwork() throws -> Network {
    try validate()
    return try network(at: fullPoint)
  }

  /// The number of units of a point that are pruned.
  public func prunedUnits(of point: Point) -> Int {
    zip(units, point.choices).count { $0.full != $1 }
  }

  private static func list(_ counts: [Int]) -> String {
    counts.map(String.init).joined(separator: " | ")
  }
}
