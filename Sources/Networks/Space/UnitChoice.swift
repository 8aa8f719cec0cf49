/// The choice for one unit of a space: its inner width and its kernel, or that it is dropped.
public struct UnitChoice: Codable, Hashable, Sendable {
  /// The number of inner channels; 0 if the unit is dropped.
  public var width: Int
  /// The size of the unit's kernel; nil if there is no choice.
  public var kernel: Int?

  public init(width: Int, kernel: Int? = nil) {
    self.width = width
    self.kernel = kernel
  }

  /// The choice that drops the unit: its input is passed on unchanged.
  public static let dropped = UnitChoice(width: 0)

  public var isDropped: Bool { width == 0 }
}

extension UnitChoice: CustomStringConvertible {
  /// The text form: `24`, `24k5` with a kernel, `-` for a dropped unit.
  public var description: String {
    isDropped ? "-" : "\(width)" + (kernel.map { "k\($0)" } ?? "")
  }

  /// Reads the text form; nil for other text.
  init?(_ text: some StringProtocol) {
    if text == "-" {
      self = .dropped
      return
    }
    let parts = text.split(separator: "k", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
    guard let width = parts[0], width > 0 else { return nil }
    if parts.count == 1 {
      self.init(width: width)
    } else if let kernel = parts[1], kernel > 0 {
      self.init(width: width, kernel: kernel)
    } else {
      return nil
    }
  }
}
