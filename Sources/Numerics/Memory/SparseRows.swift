/// A sparse matrix in CSR form: row `r` has the entries `offsets[r]..<offsets[r + 1]` of `columns` and `weights`.
///
/// It is refilled for every batch, in memory for the largest one.
package final class SparseRows {
  package private(set) var rowCount = 0
  package private(set) var entryCount = 0
  /// The greatest number of rows.
  package var rowCapacity: Int { offsets.count - 1 }
  package let offsets: Buffer<Int32>
  package let columns: Buffer<Int32>
  package let weights: Buffer<Float>

  package init(rowCapacity: Int, entryCapacity: Int) {
    offsets = Buffer(rowCapacity + 1, repeating: 0)
    columns = Buffer(entryCapacity, repeating: 0)
    weights = Buffer(entryCapacity, repeating: 0)
  }

  /// Must be called after `offsets`, `columns` and `weights` were written directly.
  package func setCounts(rows: Int, entries: Int) {
    rowCount = rows
    entryCount = entries
  }

  /// Calls `body` with the column and the weight of every entry of a row.
  @inlinable @inline(__always)
  package func forEachEntry(ofRow row: Int, _ body: (_ column: Int, _ weight: Float) -> Void) {
    for entry in Int(offsets.pointer[row])..<Int(offsets.pointer[row + 1]) {
      body(Int(columns.pointer[entry]), weights.pointer[entry])
    }
  }

  /// Makes this matrix the transpose of `source`, with `rowCount` rows.
  package func transpose(_ source: SparseRows, rowCount: Int) {
    self.rowCount = rowCount
    entryCount = source.entryCount
    let (offsets, columns, weights) = (self.offsets.pointer, self.columns.pointer, self.weights.pointer)
    let sourceColumns = source.columns.pointer
    let (sourceOffsets, sourceWeights) = (source.offsets.pointer, source.weights.pointer)
    // A counting sort: after the last loop each offset has moved to the end of its row, which is the start of the
    // next row.
    (offsets + 1).update(repeating: 0, count: rowCount)
    for entry in 0..<source.entryCount where Int(sourceColumns[entry]) + 2 <= rowCount {
      offsets[Int(sourceColumns[entry]) + 2] += 1
    }
    for row in 1..<max(rowCount, 1) { offsets[row + 1] += offsets[row] }
    for row in 0..<source.rowCount {
      for entry in Int(sourceOffsets[row])..<Int(sourceOffsets[row + 1]) {
        let column = Int(sourceColumns[entry])
        let place = Int(offsets[column + 1])
        columns[place] = Int32(truncatingIfNeeded: row)
        weights[place] = sourceWeights[entry]
        offsets[column + 1] += 1
      }
    }
  }
}
