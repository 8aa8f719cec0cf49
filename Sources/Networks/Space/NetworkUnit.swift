import Core

/// A part of a space's networks with several choices.
public struct NetworkUnit: Codable, Hashable, Sendable {
  /// An axis of a weight along which the unit's inner channels run.
  public struct ChannelAxis: Codable, Hashable, Sendable {
    /// The name of the weight.
    public var weight: String
    public var axis: Int

    public init(_ weight: String, axis: Int) {
      self.weight = weight
      self.axis = axis
    }
  }

  /// The prefix of the names of its weights, such as `stages.0.1`.
  public var name: String
  /// The possible widths, ascending; the last one is that of the whole network.
  public var widths: [Int]
  /// The possible kernels, ascending; empty if there is no choice.
  public var kernels: [Int]
  public var canBeDropped: Bool
  /// The axes of the inner channels in the weights, first those of the weights that compute the channels.
  public var channels: [ChannelAxis]

  public init(name: String, widths: [Int], kernels: [Int] = [], canBeDropped: Bool, channels: [ChannelAxis]) {
    self.name = name
    self.widths = widths
    self.kernels = kernels
    self.canBeDropped = canBeDropped
    self.channels = channels
  }

  /// - Throws: `InputError` when no networks can be built of such a unit, as a space outside of Labbook may list it.
  func validate(in space: String) throws {
    func require(_ condition: Bool, _ cause: @autoclosure () -> String, _ remedy: String) throws {
      if condition { return }
      throw InputError("the unit \(name) of the space \(space) \(cause())", remedy: remedy)
    }
    func isAscending(_ numbers: [Int]) -> Bool {
      numbers.allSatisfy { $0 > 0 } && zip(numbers, numbers.dropFirst()).allSatisfy(<)
    }
    try require(
      !widths.isEmpty && isAscending(widths), "has the widths \(widths)",
      "List its widths from 1 on, the smallest first.")
    try require(
      isAscending(kernels) && kernels.allSatisfy { $0 % 2 == 1 }, "has the kernels \(kernels)",
      "List odd kernels from 1 on, the smallest first, or none.")
    if let place = channels.first(where: { !(0..<4).contains($0.axis) }) {
      try require(
        false, "has its channels along the axis \(place.axis) of \"\(place.weight)\"",
        "Kernels have the axes 0 to 3: output channels, input channels, height and width.")
    }
  }

  /// The unit as it is in the whole network.
  var full: UnitChoice { UnitChoice(width: widths.last ?? 1, kernel: kernels.last) }

  /// The smallest choice.
  var smallest: UnitChoice {
    canBeDropped ? .dropped : UnitChoice(width: widths.first ?? 1, kernel: kernels.first)
  }

  /// All choices except the whole.
  var prunedChoices: [UnitChoice] {
    var choices: [UnitChoice] = canBeDropped ? [.dropped] : []
    for width in widths {
      choices += kernels.isEmpty ? [UnitChoice(width: width)] : kernels.map { UnitChoice(width: width, kernel: $0) }
    }
    return choices.filter { $0 != full }
  }

  func allows(_ choice: UnitChoice) -> Bool {
    if choice.isDropped { return canBeDropped }
    return widths.contains(choice.width)
      && (kernels.isEmpty ? choice.kernel == nil : kernels.contains(choice.kernel ?? 0))
  }

  /// The possible choices, in words.
  var possibilities: String {
    let widths = widths.map(String.init).joined(separator: ", ")
    let kernels = self.kernels.isEmpty ? "" : " with k\(self.kernels.map(String.init).joined(separator: " or k"))"
    return "widths \(widths)\(kernels)" + (canBeDropped ? ", or -" : "; it can't be dropped")
  }
}
