/// A sparse matrix, row by row: row `r` has the entries `offsets[r]..<offsets[r + 1]` of `columns` and `weights`.
///
/// Filled anew for every batch, in memory for the largest one.
final class SparseRows {
  private(set) var rowCount = 0
  private(set) var entryCount = 0
  /// The largest number of rows.
  var rowCapacity: Int { offsets.count - 1 }
  let offsets: Buffer<Int32>
  let columns: Buffer<Int32>
  let weights: Buffer<Float>

  init(rowCapacity: Int, entryCapacity: Int) {
    offsets = Buffer(rowCapacity + 1, repeating: 0)
    columns = Buffer(entryCapacity, repeating: 0)
    weights = Buffer(entryCapacity, repeating: 0)
  }

  func removeAll() {
    rowCount = 0
    entryCount = 0
  }

  /// Adds an entry to the row that the next `endRow` ends.
  @inline(__always)
  func append(column: Int32, weight: Float) {
    columns.pointer[entryCount] = column
    weights.pointer[entryCount] = weight
    entryCount += 1
  }

  @inline(__always)
  func endRow() {
    rowCount += 1
    offsets.pointer[rowCount] = Int32(truncatingIfNeeded: entryCount)
  }

  /// Calls `body` with column and weight of every entry of a row.
  @inline(__always)
  func forEachEntry(ofRow row: Int, _ body: (_ column: Int, _ weight: Float) -> Void) {
    for entry in Int(offsets.pointer[row])..<Int(offsets.pointer[row + 1]) {
      body(Int(columns.pointer[entry]), weights.pointer[entry])
    }
  }

  /// Makes this matrix the transpose of `source`, with `rowCount` rows.
  func transpose(_ source: SparseRows, rowCount: Int) {
    self.rowCount = rowCount
    entryCount = source.entryCount
    // Counting sort; after the last loop each offset has moved up to the end of its row, which is the next one's start.
    (offsets.pointer + 1).update(repeating: 0, count: rowCount)
    for entry in 0..<entryCount where Int(source.columns.pointer[entry]) + 2 <= rowCount {
      offsets.pointer[Int(source.columns.pointer[entry]) + 2] += 1
    }
    if rowCount > 1 {
      for row in 1..<rowCount { offsets.pointer[row + 1] += offsets.pointer[row] }
    }
    for row in 0..<source.rowCount {
      source.forEachEntry(ofRow: row) { column, weight in
        let entry = Int(offsets.pointer[column + 1])
        columns.pointer[entry] = Int32(truncatingIfNeeded: row)
        weights.pointer[entry] = weight
        offsets.pointer[column + 1] += 1
      }
    }
  }
}
