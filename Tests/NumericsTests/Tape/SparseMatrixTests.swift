import Testing

@testable import Numerics

@Suite struct SparseMatrixTests {
  private let tape = Tape(precision: .double)

  /// The dense form: the product of the matrix and the identity matrix.
  private func dense(_ matrix: SparseMatrix) throws -> [Double] {
    var unit = [Double](repeating: 0, count: matrix.columnCount * matrix.columnCount)
    for row in 0..<matrix.columnCount { unit[row * matrix.columnCount + row] = 1 }
    return try matrix.sums(of: tape.constant(unit, rows: matrix.columnCount, columns: matrix.columnCount)).values
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func picksRows() throws {
    let matrix = try SparseMatrix(picking: [2, 0, 2], of: 3)
    #expect(try dense(matrix) == [0, 0, 1, 1, 0, 0, 0, 0, 1])
    let x = tape.constant([1, 2, 3], rows: 3, columns: 1)
    #expect(try matrix.sums(of: x).values == [3, 1, 3])
    #expect(try matrix.scatteredSums(of: x).values == [2, 0, 4])
  }

  @Test func sumsRowsWithOneFactorForEachSum() throws {
    let matrix = try SparseMatrix(columns: [0, 1, 1], starts: [0, 2, 2, 3], columnCount: 2) { 1 / Float($0) }
    #expect(try dense(matrix) == [0.5, 0.5, 0, 0, 0, 1])
    let x = tape.constant([1, 10, 100], rows: 3, columns: 1)
    #expect(try matrix.scatteredSums(of: x).values == [0.5, 100.5])
    #expect(
      message { _ = try SparseMatrix(columns: [0, 2], starts: [0, 1, 2], columnCount: 2) { _ in 1 } } == """
        SparseMatrix: row 1 sums row 2 of 2
          Rows count from 0.
        """)
  }

  @Test func blocksStandAlongTheDiagonal() throws {
    let first = try SparseMatrix(rows: [[(0, 1), (1, 2)]], columnCount: 2)
    let second = try SparseMatrix(rows: [[], [(0, 3)]], columnCount: 1)
    let matrix = SparseMatrix(diagonalOf: [first, second])
    #expect((matrix.rowCount, matrix.columnCount) == (3, 3))
    #expect(try dense(matrix) == [1, 2, 0, 0, 0, 0, 0, 0, 3])
    let x = tape.constant([1, 10, 100], rows: 3, columns: 1)
    #expect(try matrix.scatteredSums(of: x).values == [1, 2, 300])
  }

  @Test func isFilledAnewInTheSameMemory() throws {
    let matrix = SparseMatrix(rowCapacity: 3, columnCapacity: 4, entryCapacity: 3)
    try matrix.refill(picking: [3, 1], of: 4)
    #expect(try dense(matrix) == [0, 0, 0, 1, 0, 1, 0, 0])
    try matrix.refill(diagonalOf: [SparseMatrix(picking: [0], of: 1), SparseMatrix(picking: [1], of: 2)])
    #expect(try dense(matrix) == [1, 0, 0, 0, 0, 1])
    try matrix.refill(picking: [0], of: 1)
    #expect(try dense(matrix) == [1])
    #expect(
      message { try matrix.refill(picking: [0, 0, 0, 0], of: 1) } == """
        SparseMatrix: 4 rows of 1 exceed the matrix's capacity
          Create the matrix with greater capacities.
        """)
    #expect(
      message { try matrix.refill(diagonalOf: [SparseMatrix(picking: [0, 1, 2, 3], of: 4)]) } == """
        SparseMatrix: 4 rows of 4 with 4 entries exceed the matrix's capacity
          Create the matrix with greater capacities.
        """)
  }

  @Test func rowsThatAreNotThereAreErrors() {
    #expect(
      message { _ = try SparseMatrix(picking: [0, 3], of: 3) } == """
        SparseMatrix: row 1 sums row 3 of 3
          Rows count from 0.
        """)
  }
}
