/// Rows in consecutive groups, such as the nodes of each graph of a batch.
///
/// ```swift
/// let graphs = Segments(lengths: [9, 7, 9])
/// let means = try graphs.means.sums(of: rows)  // 3 x columns
/// ```
public final class Segments {
  let offsets: Buffer<Int32>
  /// The index of each segment's first pair of rows; a segment of n rows has n^2 pairs.
  let pairs: Buffer<Int32>
  public let lengths: [Int]
  public var count: Int { lengths.count }
  public let rowCount: Int
  /// The number of pairs of rows of the same segment: n^2 for a segment of n rows, ordered by the first and then by
  /// the second row.
  public let pairCount: Int
  let longest: Int

  /// - Precondition: No length is negative.
  public init(lengths: [Int]) {
    self.lengths = lengths
    offsets = Buffer(lengths.count + 1, repeating: 0)
    pairs = Buffer(lengths.count + 1, repeating: 0)
    var (end, pair) = (0, 0)
    for (segment, length) in lengths.enumerated() {
      end += length
      pair += length * length
      offsets.pointer[segment + 1] = Int32(truncatingIfNeeded: end)
      pairs.pointer[segment + 1] = Int32(truncatingIfNeeded: pair)
    }
    rowCount = end
    pairCount = pair
    longest = lengths.max() ?? 0
  }

  /// A matrix that sums the rows of each segment. Its `scatteredSums(of:)` repeats a segment's row for all its rows.
  public private(set) lazy var sums = matrix { _ in 1 }

  /// A matrix that takes the mean of the rows of each segment; 0 for an empty one.
  public private(set) lazy var means = matrix { 1 / Float($0) }

  private func matrix(weight: (Int) -> Float) -> SparseMatrix {
    let sums = SparseRows(rowCapacity: count, entryCapacity: rowCount)
    var end = 0
    for (segment, length) in lengths.enumerated() {
      for _ in 0..<length {
        sums.columns.pointer[end] = Int32(truncatingIfNeeded: end)
        sums.weights.pointer[end] = weight(length)
        end += 1
      }
      sums.offsets.pointer[segment + 1] = Int32(truncatingIfNeeded: end)
    }
    sums.setCounts(rows: count, entries: end)
    return SparseMatrix(sums, columnCount: rowCount)
  }

  func require(_ x: Variable, by operation: String) throws {
    try x.tape.require(x, by: operation)
    guard x.rows == rowCount else {
      throw TapeError(
        operation, "the segments have \(rowCount) rows together, but \(x.shape) was given",
        remedy: "Give the rows of all segments in order.")
    }
  }
}
