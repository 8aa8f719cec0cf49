/// The downhill simplex method (Nelder and Mead, 1965) for functions of a few variables without derivatives.
package enum NelderMead {
  /// A local minimum of `function`.
  ///
  /// - Parameters:
  ///   - start: One corner of the first simplex. Each other corner differs by `step` in one variable.
  ///   - iterations: The greatest number of steps.
  ///   - tolerance: The search ends when the values at the corners differ by less than this.
  ///   - function: The function to minimise. It may be infinite but not NaN.
  package static func minimum(
    from start: [Double], step: Double = 0.5, iterations: Int, tolerance: Double = 1e-3,
    of function: ([Double]) -> Double
  ) -> [Double] {
    guard !start.isEmpty else { return start }
    var corners = [start]
    for variable in start.indices {
      var corner = start
      corner[variable] += step
      corners.append(corner)
    }
    var values = corners.map(function)
    for _ in 0..<iterations {
      let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
      corners = order.map { corners[$0] }
      values = order.map { values[$0] }
      let last = corners.count - 1
      if values[last] - values[0] < tolerance { break }
      let centre = start.indices.map { variable in
        corners.dropLast().reduce(0) { $0 + $1[variable] } / Double(last)
      }
      // A point on the line from the worst corner through the centroid of the others.
      func point(_ distance: Double) -> [Double] {
        zip(centre, corners[last]).map { $0 + distance * ($0 - $1) }
      }
      let reflected = point(1)
      let reflectedValue = function(reflected)
      if reflectedValue < values[0] {
        let expanded = point(2)
        let expandedValue = function(expanded)
        let isBetter = expandedValue < reflectedValue
        corners[last] = isBetter ? expanded : reflected
        values[last] = isBetter ? expandedValue : reflectedValue
      } else if reflectedValue < values[last - 1] {
        corners[last] = reflected
        values[last] = reflectedValue
      } else {
        let isOutside = reflectedValue < values[last]
        let contracted = point(isOutside ? 0.5 : -0.5)
        let contractedValue = function(contracted)
        if contractedValue < (isOutside ? reflectedValue : values[last]) {
          corners[last] = contracted
          values[last] = contractedValue
        } else {
          for corner in 1...last {
            corners[corner] = zip(corners[0], corners[corner]).map { ($0 + $1) / 2 }
            values[corner] = function(corners[corner])
          }
        }
      }
    }
    return corners[values.indices.min { (values[$0], $0) < (values[$1], $1) } ?? 0]
  }
}
