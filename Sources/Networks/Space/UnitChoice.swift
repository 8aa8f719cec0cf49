/// The choice for one unit of a space: how wide it is inside, and with which kernel, or that it is dropped.
public struct UnitChoice: Codable, Hashable, Sendable {
  /// Inner channels; 0 where the unit is dropped.
  public var width: Int
  /// The size of the unit's kernel, where there is a choice.
  public var kernel: Int?

  public init(width: Int, kernel: Int? = nil) {
    self.width = width
    self.kernel = kernel
  }

  /// The unit isn't there; what it reads goes on unchanged.
  public static let dropped = UnitChoice(width: 0)

  public var isDropped: Bool { width == 0 }
}

extension UnitChoice: CustomStringConvertible {
  /// `24`, `24k5` with a kernel, `-` for a dropped unit.
  public var description: String {
    isDropped ? "-" : "\(width)" + (kernel.map { "k\($0)" } ?? "")
  }

  /// Reads `description`; nil for other text.
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
