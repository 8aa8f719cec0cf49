import Core

/// A network of a space, given by the choice for each of its units.
///
/// The text form lists the units in order, with a bar between stages:
///
/// ```swift
/// let point = try Point("32 16 - | 64 40 64 | 128 - 96 | 224 256 -")
/// ```
public struct Point: Codable, Hashable, Sendable {
  /// The choices of each stage in order.
  public var stages: [[UnitChoice]]

  public init(stages: [[UnitChoice]]) {
    self.stages = stages
  }

  /// All choices in order.
  public var choices: [UnitChoice] { stages.flatMap(\.self) }
}

extension Point: CustomStringConvertible {
  public var description: String {
    stages.map { $0.map(\.description).joined(separator: " ") }.joined(separator: " | ")
  }

  /// Reads the text form `description`.
  /// - Throws: `InputError` that names the word that is not a choice.
  public init(_ text: String) throws {
    stages = try text.split(separator: "|", omittingEmptySubsequences: false).map { stage in
      try stage.split(separator: " ").map { word in
        guard let choice = UnitChoice(word) else {
          throw InputError(
            "\"\(word)\" in the point \"\(text)\" is not a choice for a unit",
            remedy: "Write a width such as 24, a width with a kernel such as 24k5, or - for a unit that is dropped.")
        }
        return choice
      }
    }
  }
}
