extension Range<Int> {
  /// At most `count` elements at equal distances, the first one included; all of them if there are no more.
  package func evenlySpaced(_ count: Int) -> [Int] {
    count >= self.count ? Array(self) : (0..<Swift.max(count, 0)).map { lowerBound + $0 * self.count / count }
  }
}
