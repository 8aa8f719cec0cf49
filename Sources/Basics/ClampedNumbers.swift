// Numbers that come from outside (a cell, a file, an option) may be infinite, not a number, or greater than any
// integer, and `Int(value)` ends the process then. These conversions never do; `scripts/lint/conversions` finds those
// that would.

extension FixedWidthInteger {
  /// The value without its fraction; the least or greatest integer where it lies beyond, 0 where it is not a number.
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
  /// So many seconds, thirty years at most; none where the value is not a number.
  package static func seconds(clamping value: Double) -> Duration {
    // bounded: to 1e9
    .seconds(value.isNaN ? 0 : min(max(value, -1e9), 1e9))
  }
}
