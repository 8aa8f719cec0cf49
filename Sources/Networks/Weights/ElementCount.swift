extension [Int] {
  /// The number of elements of a tensor with this shape; nil if an extent is less than 1, or if the number overflows.
  var elementCount: Int? {
    var count = 1
    for extent in self {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: extent)
      guard extent > 0, !isTooLarge else { return nil }
      count = product
    }
    return count
  }
}
