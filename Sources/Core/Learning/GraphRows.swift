import Numerics

/// The encoded graphs of a batch on a tape, concatenated. Neural networks on graphs read them.
public final class GraphRows {
  /// The features, with one row for each node.
  public let features: Variable
  /// The range of rows of each graph.
  public let graphs: Segments
  /// The rows that each row aggregates, one row after the other.
  private let neighbours: [Int32]
  /// For each row the place of its first neighbour, and the number of neighbours.
  private let starts: [Int]

  /// - Parameter samples: Indices of graphs in `encoded`. A graph that is named several times is repeated.
  public init(_ samples: some Collection<Int>, of encoded: EncodedGraphs, on tape: Tape) {
    var lengths: [Int] = []
    lengths.reserveCapacity(samples.count)
    var (rowCount, entries) = (0, 0)
    for sample in samples {
      let rows = encoded.nodeOffsets[sample]..<encoded.nodeOffsets[sample + 1]
      lengths.append(rows.count)
      rowCount += rows.count
      entries += encoded.neighbourOffsets[rows.upperBound] - encoded.neighbourOffsets[rows.lowerBound]
    }
    var values: [Float] = []
    var neighbours: [Int32] = []
    var starts = [0]
    values.reserveCapacity(rowCount * encoded.featureCount)
    neighbours.reserveCapacity(entries)
    starts.reserveCapacity(rowCount + 1)
    for sample in samples {
      let rows = encoded.nodeOffsets[sample]..<encoded.nodeOffsets[sample + 1]
      values += encoded.features[rows.lowerBound * encoded.featureCount..<rows.upperBound * encoded.featureCount]
      let (first, end) = (Int32(truncatingIfNeeded: starts.count - 1), neighbours.count)
      let range = encoded.neighbourOffsets[rows.lowerBound]..<encoded.neighbourOffsets[rows.upperBound]
      for neighbour in encoded.neighbours[range] { neighbours.append(first + neighbour) }
      for row in rows { starts.append(end + encoded.neighbourOffsets[row + 1] - range.lowerBound) }
    }
    features = tape.constant(singles: values, rows: rowCount, columns: encoded.featureCount)
    graphs = Segments(lengths: lengths)
    self.neighbours = neighbours
    self.starts = starts
  }

  public var tape: Tape { features.tape }
  public var rowCount: Int { starts.count - 1 }

  /// The numbers of rows that the rows aggregate.
  private var counts: [Int] { (0..<rowCount).map { starts[$0 + 1] - starts[$0] } }

  /// A matrix that sums, for each row, the rows that it aggregates.
  public func neighbourSums() throws -> SparseMatrix {
    try SparseMatrix(columns: neighbours, starts: starts, columnCount: rowCount) { _ in 1 }
  }

  /// A matrix that takes, for each row, the mean of the rows that it aggregates; 0 where there are none.
  public func neighbourMeans() throws -> SparseMatrix {
    try SparseMatrix(columns: neighbours, starts: starts, columnCount: rowCount) { 1 / Float($0) }
  }

  /// A matrix that takes, for each row, the mean of the rows that aggregate it: the other direction of
  /// `neighbourMeans`.
  public func transposedMeans() throws -> SparseMatrix {
    var others = [[Int]](repeating: [], count: rowCount)
    for row in 0..<rowCount {
      for neighbour in neighbours[starts[row]..<starts[row + 1]] { others[Int(neighbour)].append(row) }
    }
    return try SparseMatrix(
      rows: others.map { row in row.map { ($0, 1 / Float(row.count)) } }, columnCount: rowCount)
  }

  /// The number of rows that each row aggregates, as a column.
  public var degrees: Variable {
    tape.constant(counts.map(Double.init), rows: rowCount, columns: 1)
  }

  /// Matrices that select both ends of each edge, and the edges of each row as segments.
  public func edges() throws -> (rows: SparseMatrix, neighbours: SparseMatrix, byRow: Segments) {
    let counts = counts
    let rows = counts.indices.flatMap { row in repeatElement(row, count: counts[row]) }
    return (
      try SparseMatrix(picking: rows, of: rowCount),
      try SparseMatrix(picking: neighbours.map(Int.init), of: rowCount), Segments(lengths: counts)
    )
  }
}

extension Variable {
  /// Each row divided by its Euclidean norm, or by 1e-6 if the norm is smaller.
  func normalisedRows() throws -> Variable {
    try self / ((self * self).rowSums() + 1e-12).map(.squareRoot)
  }
}
