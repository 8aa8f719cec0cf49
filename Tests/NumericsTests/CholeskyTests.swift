import Testing

@testable import Numerics

@Suite struct CholeskyTests {
  @Test(arguments: [1, 2, 5, 20]) func solvesWhatItWasGiven(_ size: Int) throws {
    var random = SeededGenerator(seed: UInt64(size))
    let rows = (0..<3 * size * size).map { _ in random.uniform() - 0.5 }
    let matrix = NormalEquations.products(rows, width: size)
    let solution = (0..<size).map { _ in random.uniform() }
    func element(_ row: Int, _ column: Int) -> Double { matrix[max(row, column) * size + min(row, column)] }
    let vector = (0..<size).map { row in (0..<size).reduce(0) { $0 + element(row, $1) * solution[$1] } }
    let found = try #require(Cholesky(matrix, size: size)).solve(vector)
    #expect(zip(found, solution).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func eightVectorsHaveTheBitsOfEachAlone() throws {
    let size = 23
    var random = SeededGenerator(seed: 7)
    let rows = (0..<3 * size * size).map { _ in random.uniform() - 0.5 }
    let decomposition = try #require(Cholesky(NormalEquations.products(rows, width: size), size: size))
    let vectors = (0..<size).map { _ in SIMD8((0..<8).map { _ in random.uniform() }) }
    let solved = decomposition.forward(vectors)
    for lane in 0..<8 {
      #expect(solved.map { $0[lane] } == decomposition.forward(vectors.map { $0[lane] }))
    }
  }

  @Test func whatIsNotPositiveIsRefused() {
    #expect(Cholesky([1, 0, 2, 1], size: 2) == nil)
    #expect(Cholesky([0], size: 1) == nil)
    #expect(Cholesky([1, 2], size: 2) == nil)
  }

  @Test func productsAreThoseOfRows() {
    #expect(NormalEquations.products([1, 2, 3, 4], width: 2) == [10, 0, 14, 20])
    #expect(NormalEquations.products([1, 2, 3, 4], width: 2, with: [1, 10]) == [31, 42])
  }
}
