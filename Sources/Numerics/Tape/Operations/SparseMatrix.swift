/// A sparse matrix that sums rows, with its transpose, which carries gradients back: neighbours of a graph's nodes,
/// rows picked by number, the sum or mean of each segment of rows.
///
/// ```swift
/// let summed = try adjacency.sums(of: rows)  // A X
/// ```
public final class SparseMatrix {
  let forward: SparseRows
  let backward: SparseRows
  public var rowCount: Int { forward.rowCount }
  /// The rows of what is summed.
  public private(set) var columnCount: Int

  /// A matrix made of sums and their transpose, both kept up to date by whoever made them.
  package init(_ sums: SparseRows, transposed: SparseRows, columnCount: Int) {
    forward = sums
    backward = transposed
    self.columnCount = columnCount
  }

  /// - Parameters:
  ///   - rows: For each row the columns that it sums, with their factors.
  /// - Throws: `TapeError` when a column isn't there.
  public init(rows: [[(column: Int, weight: Float)]], columnCount: Int) throws {
    let entries = rows.reduce(0) { $0 + $1.count }
    forward = SparseRows(rowCapacity: rows.count, entryCapacity: entries)
    backward = SparseRows(rowCapacity: columnCount, entryCapacity: entries)
    self.columnCount = columnCount
    var end = 0
    for (row, sums) in rows.enumerated() {
      for (column, weight) in sums {
        guard 0..<columnCount ~= column else {
          throw TapeError(
            "SparseMatrix", "row \(row) sums row \(column) of \(columnCount)", remedy: "Rows count from 0.")
        }
        forward.columns.pointer[end] = Int32(truncatingIfNeeded: column)
        forward.weights.pointer[end] = weight
        end += 1
      }
      forward.offsets.pointer[row + 1] = Int32(truncatingIfNeeded: end)
    }
    forward.setCounts(rows: rows.count, entries: end)
    backward.transpose(forward, rowCount: columnCount)
  }

  /// Picks rows by their numbers, each as often as it is named: an embedding's rows, or both ends of edges.
  ///
  /// - Throws: `TapeError` when a row isn't there.
  public convenience init(picking numbers: [Int], of rowCount: Int) throws {
    try self.init(rows: numbers.map { [(column: $0, weight: Float(1))] }, columnCount: rowCount)
  }

  /// An empty matrix with room for as much, for `refill`.
  public init(rowCapacity: Int, columnCapacity: Int, entryCapacity: Int) {
    forward = SparseRows(rowCapacity: rowCapacity, entryCapacity: entryCapacity)
    backward = SparseRows(rowCapacity: columnCapacity, entryCapacity: entryCapacity)
    columnCount = 0
  }

  /// Picks other rows, in the memory that there is.
  ///
  /// - Throws: `TapeError` when a row isn't there, or there is no room.
  public func refill(picking numbers: some Collection<Int>, of rowCount: Int) throws {
    guard numbers.count <= min(forward.rowCapacity, forward.columns.count), rowCount <= backward.rowCapacity else {
      throw TapeError(
        "SparseMatrix", "\(numbers.count) rows of \(rowCount) are more than there is room for",
        remedy: "Make it with greater capacities.")
    }
    var end = 0
    for number in numbers {
      guard 0..<rowCount ~= number else {
        throw TapeError("SparseMatrix", "there is no row \(number) of \(rowCount)", remedy: "Rows count from 0.")
      }
      forward.columns.pointer[end] = Int32(truncatingIfNeeded: number)
      forward.weights.pointer[end] = 1
      end += 1
      forward.offsets.pointer[end] = Int32(truncatingIfNeeded: end)
    }
    columnCount = rowCount
    forward.setCounts(rows: end, entries: end)
    backward.transpose(forward, rowCount: rowCount)
  }

  /// Matrices along the diagonal of one: the graphs of a batch, whose rows stand one below the other.
  public convenience init(diagonalOf blocks: [SparseMatrix]) {
    self.init(
      rowCapacity: blocks.reduce(0) { $0 + $1.rowCount }, columnCapacity: blocks.reduce(0) { $0 + $1.columnCount },
      entryCapacity: blocks.reduce(0) { $0 + $1.forward.entryCount })
    fill(diagonalOf: blocks)
  }

  /// Becomes another batch, in the memory that there is.
  ///
  /// - Throws: `TapeError` when there is no room.
  public func refill(diagonalOf blocks: [SparseMatrix]) throws {
    var (rows, columns, entries) = (0, 0, 0)
    for block in blocks {
      rows += block.rowCount
      columns += block.columnCount
      entries += block.forward.entryCount
    }
    guard rows <= forward.rowCapacity, columns <= backward.rowCapacity, entries <= forward.columns.count else {
      throw TapeError(
        "SparseMatrix", "\(rows) rows of \(columns) with \(entries) entries are more than there is room for",
        remedy: "Make it with greater capacities.")
    }
    fill(diagonalOf: blocks)
  }

  private func fill(diagonalOf blocks: [SparseMatrix]) {
    var (row, column, end) = (0, 0, 0)
    for block in blocks {
      let source = block.forward
      for entry in 0..<source.entryCount {
        forward.columns.pointer[end + entry] = source.columns.pointer[entry] + Int32(truncatingIfNeeded: column)
        forward.weights.pointer[end + entry] = source.weights.pointer[entry]
      }
      for index in 1..<block.rowCount + 1 {
        forward.offsets.pointer[row + index] = source.offsets.pointer[index] + Int32(truncatingIfNeeded: end)
      }
      row += block.rowCount
      column += block.columnCount
      end += source.entryCount
    }
    columnCount = column
    forward.setCounts(rows: row, entries: end)
    backward.transpose(forward, rowCount: column)
  }

  /// The weighted sums of rows of `x`, `rowCount x columns`.
  ///
  /// - Throws: `TapeError` when `x` has not as many rows as this has columns.
  public func sums(of x: Variable) throws -> Variable {
    try SparseSums.record(self, x, isTransposed: false)
  }

  /// The transpose's sums: each row of `x` is added, weighted, to the rows that it was summed from; `columnCount x
  /// columns`.
  ///
  /// - Throws: `TapeError` when `x` has not as many rows as this.
  public func scatteredSums(of x: Variable) throws -> Variable {
    try SparseSums.record(self, x, isTransposed: true)
  }
}
