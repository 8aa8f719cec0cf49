/// A sparse matrix that sums rows, with its transpose, which propagates gradients: the neighbours of a graph's nodes,
/// rows selected by number, or the sum or mean of each segment of rows.
///
/// ```swift
/// let summed = try adjacency.sums(of: rows)  // A X
/// ```
public final class SparseMatrix {
  let forward: SparseRows
  private let transposed: SparseRows
  private var isTransposed = false
  /// The transpose. It is computed when it is first needed, so that predictions don't wait for it.
  var backward: SparseRows {
    if !isTransposed {
      transposed.transpose(forward, rowCount: columnCount)
      isTransposed = true
    }
    return transposed
  }
  public var rowCount: Int { forward.rowCount }
  /// The number of rows of the matrix that is summed.
  public private(set) var columnCount: Int

  /// A matrix with given sums and their transpose. The caller must keep both up to date.
  package init(_ sums: SparseRows, transposed: SparseRows, columnCount: Int) {
    forward = sums
    self.transposed = transposed
    isTransposed = true
    self.columnCount = columnCount
  }

  /// A matrix with given sums, which don't change.
  init(_ sums: SparseRows, columnCount: Int) {
    forward = sums
    transposed = SparseRows(rowCapacity: columnCount, entryCapacity: sums.entryCount)
    self.columnCount = columnCount
  }

  /// - Parameters:
  ///   - rows: For each row the columns that it sums, with their factors.
  /// - Throws: `TapeError` when a column is out of range.
  public init(rows: [[(column: Int, weight: Float)]], columnCount: Int) throws {
    let entries = rows.reduce(0) { $0 + $1.count }
    forward = SparseRows(rowCapacity: rows.count, entryCapacity: entries)
    transposed = SparseRows(rowCapacity: columnCount, entryCapacity: entries)
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
  }

  /// Sums rows with factors that are the same within a sum.
  ///
  /// - Parameters:
  ///   - columns: The columns that the rows sum, row by row.
  ///   - starts: For each row the place of its first column in `columns`, and the number of columns.
  ///   - weight: The factor of a row that sums this many rows.
  /// - Throws: `TapeError` when a column is out of range.
  public init(columns: [Int32], starts: [Int], columnCount: Int, weight: (Int) -> Float) throws {
    let count = max(starts.count - 1, 0)
    forward = SparseRows(rowCapacity: count, entryCapacity: columns.count)
    transposed = SparseRows(rowCapacity: columnCount, entryCapacity: columns.count)
    self.columnCount = columnCount
    for row in 0..<count {
      let range = starts[row]..<starts[row + 1]
      let factor = weight(range.count)
      for entry in range {
        guard 0..<columnCount ~= Int(columns[entry]) else {
          throw TapeError(
            "SparseMatrix", "row \(row) sums row \(columns[entry]) of \(columnCount)", remedy: "Rows count from 0.")
        }
        forward.columns.pointer[entry] = columns[entry]
        forward.weights.pointer[entry] = factor
      }
      forward.offsets.pointer[row + 1] = Int32(truncatingIfNeeded: range.upperBound)
    }
    forward.setCounts(rows: count, entries: columns.count)
  }

  /// Selects rows by number, with repetitions: an embedding's rows, or both ends of edges.
  ///
  /// - Throws: `TapeError` when a row is out of range.
  public convenience init(picking numbers: [Int], of rowCount: Int) throws {
    try self.init(rows: numbers.map { [(column: $0, weight: Float(1))] }, columnCount: rowCount)
  }

  /// An empty matrix with these capacities, for `refill`.
  public init(rowCapacity: Int, columnCapacity: Int, entryCapacity: Int) {
    forward = SparseRows(rowCapacity: rowCapacity, entryCapacity: entryCapacity)
    transposed = SparseRows(rowCapacity: columnCapacity, entryCapacity: entryCapacity)
    columnCount = 0
  }

  /// Selects other rows, in the existing memory.
  ///
  /// - Throws: `TapeError` when a row is out of range, or the capacity is too small.
  public func refill(picking numbers: some Collection<Int>, of rowCount: Int) throws {
    guard numbers.count <= min(forward.rowCapacity, forward.columns.count), rowCount <= transposed.rowCapacity else {
      throw TapeError(
        "SparseMatrix", "\(numbers.count) rows of \(rowCount) exceed the matrix's capacity",
        remedy: "Create the matrix with greater capacities.")
    }
    var end = 0
    for number in numbers {
      guard 0..<rowCount ~= number else {
        throw TapeError("SparseMatrix", "row \(number) is not among \(rowCount) rows", remedy: "Rows count from 0.")
      }
      forward.columns.pointer[end] = Int32(truncatingIfNeeded: number)
      forward.weights.pointer[end] = 1
      end += 1
      forward.offsets.pointer[end] = Int32(truncatingIfNeeded: end)
    }
    columnCount = rowCount
    forward.setCounts(rows: end, entries: end)
    isTransposed = false
  }

  /// A block-diagonal matrix: the graphs of a batch, whose rows are concatenated.
  public convenience init(diagonalOf blocks: [SparseMatrix]) {
    self.init(
      rowCapacity: blocks.reduce(0) { $0 + $1.rowCount }, columnCapacity: blocks.reduce(0) { $0 + $1.columnCount },
      entryCapacity: blocks.reduce(0) { $0 + $1.forward.entryCount })
    fill(diagonalOf: blocks)
  }

  /// Becomes the block-diagonal matrix of another batch, in the existing memory.
  ///
  /// - Throws: `TapeError` when the capacity is too small.
  public func refill(diagonalOf blocks: [SparseMatrix]) throws {
    var (rows, columns, entries) = (0, 0, 0)
    for block in blocks {
      rows += block.rowCount
      columns += block.columnCount
      entries += block.forward.entryCount
    }
    guard rows <= forward.rowCapacity, columns <= transposed.rowCapacity, entries <= forward.columns.count else {
      throw TapeError(
        "SparseMatrix", "\(rows) rows of \(columns) with \(entries) entries exceed the matrix's capacity",
        remedy: "Create the matrix with greater capacities.")
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
    isTransposed = false
  }

  /// The weighted sums of rows of `x`: a `rowCount x columns` matrix.
  ///
  /// - Throws: `TapeError` when `x` doesn't have as many rows as this matrix has columns.
  public func sums(of x: Variable) throws -> Variable {
    try SparseSums.record(self, x, isTransposed: false)
  }

  /// The sums by the transpose: each row of `x` is added, weighted, to the rows that it was summed from. The result
  /// is a `columnCount x columns` matrix.
  ///
  /// - Throws: `TapeError` when `x` doesn't have as many rows as this matrix.
  public func scatteredSums(of x: Variable) throws -> Variable {
    try SparseSums.record(self, x, isTransposed: true)
  }
}
