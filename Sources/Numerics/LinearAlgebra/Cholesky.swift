/// The Cholesky decomposition of a symmetric positive definite matrix: the product of a lower triangular L and its
/// transpose.
///
/// It is computed in double precision with sums in a fixed order, so that the bits are the same on every machine.
package struct Cholesky {
  package let size: Int
  /// L in row-major order. The elements above its diagonal are unused.
  private let factor: [Double]

  /// - Parameter matrix: The matrix in row-major order. Only its lower triangle is read.
  /// - Returns: Nil if the matrix, after rounding, is not positive definite.
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

  /// Half the logarithm of the matrix's determinant: the sum of the logarithms of L's diagonal.
  package var halfLogDeterminant: Double {
    (0..<size).reduce(0) { $0 + CorrectlyRounded.log(factor[$1 * size + $1]) }
  }

  /// The inverse of the matrix, in row-major order.
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

  /// Solves L x = `vector`, which has `size` values.
  package func forward(_ vector: [Double]) -> [Double] {
    var x = vector
    for row in 0..<size {
      var rest = x[row]
      for inner in 0..<row { rest -= factor[row * size + inner] * x[inner] }
      x[row] = rest / factor[row * size + row]
    }
    return x
  }

  /// Solves L x = b for eight vectors b, each in one lane of `vectors`, which has `size` values. Every lane has the
  /// same bits as by `forward` of its vector alone. It takes much less time than eight vectors one by one: a sum in a
  /// fixed order must wait for each addition, and eight sums wait together.
  package func forward(_ vectors: [SIMD8<Double>]) -> [SIMD8<Double>] {
    var x = vectors
    x.withUnsafeMutableBufferPointer { x in
      factor.withUnsafeBufferPointer { factor in
        for row in 0..<size {
          var rest = x[row]
          for inner in 0..<row { rest -= factor[row &* size &+ inner] * x[inner] }
          x[row] = rest / factor[row &* size &+ row]
        }
      }
    }
    return x
  }

  /// Solves matrix x = `vector`, which has `size` values.
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

/// The normal equations of least squares for n rows of equal length. Sums are in the order of the rows.
package enum NormalEquations {
  /// The lower triangle of X transposed times X, in row-major order.
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

  /// X transposed times `targets`, which has one value for each row.
  package static func products(_ rows: [Double], width: Int, with targets: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: width)
    for (index, target) in targets.enumerated() {
      for column in 0..<width { result[column] += rows[index * width + column] * target }
    }
    return result
  }
}
