internal import CKernels

extension Tape {
  /// The least number of elements for which another thread is worthwhile.
  private static let shared = 40_000
  /// The greatest number of parts that rows are cut into for parts with separate sums, and the least number of rows
  /// of a part.
  static let mostParts = 16
  static let leastRows = 16

  /// Calls `body` for parts of `count` items, in parallel if there are many. The items must be independent.
  func inParts(of count: Int, numbersEach: Int = 1, _ body: (Range<Int>) -> Void) {
    let numbers = count * max(numbersEach, 1)
    guard team.size > 1, numbers >= Self.shared, count > 1 else { return body(0..<count) }
    let parts = min(2 * team.size, count)
    team.forEach(parts) { part, _ in body(part * count / parts..<(part + 1) * count / parts) }
  }

  /// The number of parts that rows are cut into for sums over rows. It depends only on their number.
  static func parts(ofRows rows: Int) -> Int { max(1, min(rows / leastRows, mostParts)) }

  /// Calls `body` for those parts, in parallel if there are many elements.
  func forEachPart(ofRows rows: Int, columns: Int, _ body: (_ part: Int, _ range: Range<Int>) -> Void) {
    let parts = Self.parts(ofRows: rows)
    team.forEach(parts, isShared: rows * columns >= Self.shared / 4) { part, _ in
      body(part, part * rows / parts..<(part + 1) * rows / parts)
    }
  }

  /// The address of the element with this index.
  func at(_ pointer: UnsafeMutableRawPointer, _ index: Int) -> UnsafeMutableRawPointer { pointer + index * width }

  /// `target = target + addend`.
  func addInPlace(_ addend: Variable, to target: Variable) {
    let (from, to) = (addend.pointer, target.pointer)
    inParts(of: addend.count) { kernels.accumulate($0.count, at(from, $0.lowerBound), at(to, $0.lowerBound)) }
  }

  /// Sums the columns of `rows` rows, which are `stride` elements apart, into `columns` elements at `result`.
  func sumColumns(
    _ source: UnsafeMutableRawPointer, rows: Int, columns: Int, into result: UnsafeMutableRawPointer
  ) {
    let parts = Self.parts(ofRows: rows)
    if parts == 1 {
      kernels.column_sums(rows, columns, source, columns, result)
      return
    }
    let partial = scratch(parts * columns * width)
    forEachPart(ofRows: rows, columns: columns) { part, range in
      kernels.column_sums(
        range.count, columns, at(source, range.lowerBound * columns), columns, at(partial, part * columns))
    }
    kernels.column_sums(parts, columns, partial, columns, result)
    giveBack(partial, bytes: parts * columns * width)
  }
}
