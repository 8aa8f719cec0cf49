/// A structure in a predictor's file whose numbers must agree with each other, for example indices with the number of
/// what they count. A damaged file may have others.
protocol CheckedStructure: Decodable {
  /// Whether the numbers are consistent, so that no use of them is out of range.
  var isSound: Bool { get }
}

extension Array: CheckedStructure where Element: CheckedStructure {
  var isSound: Bool { allSatisfy(\.isSound) }
}
