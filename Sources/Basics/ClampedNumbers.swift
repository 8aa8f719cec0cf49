// Numbers from outside (a cell, a file, an option) may be infinite, NaN, or greater than any integer, and
// `Int(value)` would then end the process. These conversions never do. `scripts/lint/conversions` finds conversions
// that could.

extension FixedWidthInteger {
  /// The value without its fraction; clamped to the integer range, and 0 for NaN.
  @inlinable package init(clamping value: Double) {
    if value.isNaN {
      self = 0
    } else if value <= Double(Self.min) {
      self = .min
    } else if value >= Double(Self.max) {
      self = .max
    } else {
      self.init(value)  // bounded: by the two tests above
    }
  }
}

extension Duration {
  /// A duration of at most some thirty years; zero for NaN.
  package static func seconds(clamping value: Double) -> Duration {
    // bounded: to 1e9
    .seconds(value.isNaN ? 0 : min(max(value, -1e9), 1e9))
  }
}
