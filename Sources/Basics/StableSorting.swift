extension Sequence {
  /// The elements sorted stably: equal elements keep their order. The standard library's sorting is stable too, but
  /// doesn't guarantee it.
  package func stablySorted(by areInIncreasingOrder: (Element, Element) -> Bool) -> [Element] {
    enumerated().sorted { left, right in
      if areInIncreasingOrder(left.element, right.element) { return true }
      if areInIncreasingOrder(right.element, left.element) { return false }
      return left.offset < right.offset
    }.map(\.element)
  }
}
