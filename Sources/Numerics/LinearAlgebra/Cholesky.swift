/// The decomposition of a symmetric positive definite matrix into L times L transposed, L lower triangular.
///
/// In double precision, every sum in the order of its terms, so that the bits are the same on every machine.
package struct Cholesky {
  package let size: Int
  /// L row by row; above its diagonal is what was there.
  private let factor: [Double]

  /// - Parameter matrix: Row by row; only its lower triangle is read.
  /// - Returns: Nil where rounding leaves the matrix no longer positive definite.
  package init?(_ matrix: [Double], size: Int) {
    guard matrix.count == size * size else { return nil }
    var factor = matrix
    let isSolved = factor.withUnsafeMutableBufferPointer { factor in
      for row in 0..<size {
        for column in 0...row {
          var rest = factor[row * size + column]
          for inner in 0..<column { rest -= factor[row * size + inner] * factor[column * size + inner] }
          if column < row {
            factor[row * size + column] = rest / factor[column * size + column]
          } else if rest > 0 {
            factor[row * size + row] = rest.squareRoot()
          } else {
            return false
          }
        }
      }
      return true
    }
    guard isSolved else { return nil }
    self.size = size
    self.factor = factor
  }

  /// Half the logarithm of the matrix's determinant: the sum of the logarithms on the diagonal of L.
  package var halfLogDeterminant: Double {
    (0..<size).reduce(0) { $0 + CorrectlyRounded.log(factor[$1 * size + $1]) }
  }

  /// The inverse of the matrix, row by row.
  package var inverse: [Double] {
    var result: [Double] = []
    result.reserveCapacity(size * size)
    for column in 0..<size {
      var unit = [Double](repeating: 0, count: size)
      unit[column] = 1
      result += solve(unit)
    }
    return result
  }

  /// The x for which L times x is `vector`, of `size` values.
  package func forward(_ vector: [Double]) -> [Double] {
    var x = vector
    for row in 0..<size {
      var rest = x[row]
      for inner in 0..<row { rest -= factor[row * size + inner] * x[inner] }
      x[row] = rest / factor[row * size + row]
    }
    return x
  }

  /// The x for which the matrix times x is `vector`, of `size` values.
  package func solve(_ vector: [Double]) -> [Double] {
    var x = forward(vector)
    for row in (0..<size).reversed() {
      var rest = x[row]
      for inner in row + 1..<size { rest -= factor[inner * size + row] * x[inner] }
      x[row] = rest / factor[row * size + row]
    }
    return x
  }
}

/// What least squares need of n rows of as many values each, every sum in the rows' order.
package enum NormalEquations {
  /// The lower triangle, row by row, of the rows' products with each other: X transposed times X.
  package static func products(_ rows: [Double], width: Int) -> [Double] {
    var result = [Double](repeating: 0, count: width * width)
    guard width > 0 else { return result }
    result.withUnsafeMutableBufferPointer { result in
      rows.withUnsafeBufferPointer { rows in
        for start in stride(from: 0, through: rows.count - width, by: width) {
          for row in 0..<width {
            let value = rows[start + row]
            for column in 0...row { result[row * width + column] += value * rows[start + column] }
          }
        }
      }
    }
    return result
  }

  /// X transposed times `targets`, one for each row.
  package static func products(_ rows: [Double], width: Int, with targets: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: width)
    for (index, target) in targets.enumerated() {
      for column in 0..<width { result[column] += rows[index * width + column] * target }
    }
    return result
  }
}
