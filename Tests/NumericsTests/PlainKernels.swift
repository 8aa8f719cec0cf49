@testable import Numerics

/// The reference of `RowKernels` and `OptimizerState`, written as plain loops in double precision.
enum PlainKernels {
  typealias Rows = [[Double]]

  /// Each row of `sums` is a list of columns and weights.
  static func sum(_ sums: [[(column: Int, weight: Double)]], of values: Rows) -> Rows {
    sums.map { entries in
      values[0].indices.map { column in entries.reduce(0) { $0 + $1.weight * values[$1.column][column] } }
    }
  }

  struct Activation {
    var bias: [Double]
    var scale: [Double]
    var shift: [Double]
    var layerNorm: Bool
    /// 0, or dropout's factor.
    var mask: (_ row: Int, _ column: Int) -> Double

    func forward(_ z: Rows) -> (normalised: Rows, result: Rows) {
      let normalised = z.map { row in
        let y = zip(row, bias).map(+)
        guard layerNorm else { return y }
        let mean = y.reduce(0, +) / Double(y.count)
        let variance = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(y.count)
        return y.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
      }
      let result = normalised.enumerated().map { index, row in
        row.enumerated().map { column, value in
          max(0, layerNorm ? value * scale[column] + shift[column] : value) * mask(index, column)
        }
      }
      return (normalised, result)
    }

    func backward(_ gradient: Rows, _ z: Rows) -> (z: Rows, bias: [Double], scale: [Double], shift: [Double]) {
      let (normalised, result) = forward(z)
      var gradients = (z: z, bias: bias.map { _ in 0.0 }, scale: bias.map { _ in 0.0 }, shift: bias.map { _ in 0.0 })
      for row in z.indices {
        let count = Double(bias.count)
        var outer = bias.map { _ in 0.0 }
        for column in bias.indices where result[row][column] > 0 {
          let passed = gradient[row][column] * mask(row, column)
          gradients.scale[column] += passed * normalised[row][column]
          gradients.shift[column] += passed
          outer[column] = passed * (layerNorm ? scale[column] : 1)
        }
        if layerNorm {
          let y = zip(z[row], bias).map(+)
          let center = y.reduce(0, +) / count
          let variance = y.reduce(0) { $0 + ($1 - center) * ($1 - center) } / count
          let mean = outer.reduce(0, +) / count
          let slope = zip(outer, normalised[row]).reduce(0) { $0 + $1.0 * $1.1 } / count
          outer = zip(outer, normalised[row]).map { ($0 - mean - $1 * slope) / (variance + 1e-5).squareRoot() }
        }
        gradients.z[row] = outer
        for column in bias.indices { gradients.bias[column] += outer[column] }
      }
      return gradients
    }
  }
}
