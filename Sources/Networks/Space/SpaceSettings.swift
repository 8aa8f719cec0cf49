import Core

/// Checks and helpers that all spaces share.
enum SpaceSettings {
  static func check(_ name: String, widths: [Int], imageSize: Int, classes: Int) throws {
    guard (1...8).contains(widths.count), widths.allSatisfy({ (8...4096).contains($0) && $0 % 8 == 0 }) else {
      throw InputError(
        "the stages of the space \(name) have the widths \(widths)",
        remedy: "Use one to eight stages whose widths are multiples of 8, at most 4096.")
    }
    guard (8...512).contains(imageSize) else {
      throw InputError("the space \(name) can't have images of \(imageSize) pixels", remedy: "Use 8 to 512.")
    }
    guard (2...10_000).contains(classes) else {
      throw InputError("the space \(name) can't have \(classes) classes", remedy: "Use 2 to 10000.")
    }
  }

  /// Widths from a quarter of the whole to the whole, in steps of an eighth. Each is at least 8, and they differ by
  /// multiples of 8.
  static func innerWidths(_ width: Int) -> [Int] {
    let step = max(8, width / 8 / 8 * 8)
    let least = max(8, width / 4 / 8 * 8)
    return Array(stride(from: width, through: least, by: -step).reversed())
  }

  /// The channel axes of a batch norm: scale, shift, mean and variance.
  static func normalization(_ name: String) -> [NetworkUnit.ChannelAxis] {
    ["weight", "bias", "running_mean", "running_var"].map { NetworkUnit.ChannelAxis("\(name).\($0)", axis: 0) }
  }
}
