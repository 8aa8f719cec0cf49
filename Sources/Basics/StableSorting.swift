extension Sequence {
  /// The elements in order, those of which none comes before the other in the order that they have: which the standard
  /// library's sorting does too, without promising it.
  package func stablySorted(by areInIncreasingOrder: (Element, Element) -> Bool) -> [Element] {
    enumerated().sorted { left, right in
      if areInIncreasingOrder(left.element, right.element) { return true }
      if areInIncreasingOrder(right.element, left.element) { return false }
      return left.offset < right.offset
    }.map(\.element)
  }
}
