/// The product of a layer's rows with its weight, forward and backward, cut into parts that threads share.
///
/// The parts depend only on the shapes of the matrices, so that the number of threads changes no bit of the result.
package final class LayerProduct {
  private let team: ThreadTeam
  private let kernels: VectorKernels
  /// For each thread, the gradient of the rows of the weight that it currently computes.
  private let gradients: [Buffer<Float>]
  /// The number of columns of a part of the forward product, or of rows if there are many.
  private static let columnsAtOnce = 64
  private static let rowsAtOnce = 96
  /// The number of rows of the weight in a part of the backward product: a multiple of the kernels' block that fits
  /// into the cache.
  private static let weightRowsAtOnce = 60
  /// The least number of multiplications for which another thread is worthwhile.
  private static let shared = 1_500_000

  /// - Parameter largest: The greatest number of elements of a weight that `backward` will get.
  package init(largest: Int, units: Int, team: ThreadTeam, kernels: VectorKernels = .present) {
    self.team = team
    self.kernels = kernels
    let elements = min(largest, Self.weightRowsAtOnce * units)
    gradients = (0..<team.size).map { _ in Buffer(elements, repeating: 0) }
  }

  /// `result = rows * weight`.
  package func forward(_ rows: Matrix, _ weight: Matrix, into result: Matrix) {
    let isShared = 2 * rows.rows * weight.rows * weight.columns >= Self.shared
    if rows.rows >= 4 * Self.rowsAtOnce {
      team.forEach((rows.rows + Self.rowsAtOnce - 1) / Self.rowsAtOnce, isShared: isShared) { part, _ in
        let range = part * Self.rowsAtOnce..<min((part + 1) * Self.rowsAtOnce, rows.rows)
        MatrixProduct.multiply(rows.rows(range), weight, into: result.rows(range), kernels: kernels)
      }
    } else {
      let parts = max(weight.columns / Self.columnsAtOnce, 1)
      team.forEach(parts, isShared: isShared) { part, _ in
        let end = part == parts - 1 ? weight.columns : (part + 1) * Self.columnsAtOnce
        let range = part * Self.columnsAtOnce..<end
        MatrixProduct.multiply(rows, weight.columns(range), into: result.columns(range), kernels: kernels)
      }
    }
  }

  /// The backward pass of `forward` for a given gradient of its result. It also updates the weight.
  ///
  /// Each part of the weight is used, its gradient computed, and the optimiser applied to it while it is in cache.
  /// The whole gradient is never in memory.
  ///
  /// - Parameters:
  ///   - gradient: The gradient of the result.
  ///   - rowsGradient: Receives the gradient of `rows`; nil if it isn't needed.
  ///   - start: The index in `parameters` at which the weight begins.
  package func backward(
    _ rows: Matrix, _ weight: Matrix, gradient: Matrix, rowsGradient: Matrix?, step: OptimizerStep, start: Int,
    parameters: UnsafeMutablePointer<Float>
  ) {
    let height = Self.weightRowsAtOnce
    let isShared = (4 * rows.rows + 20) * weight.rows * weight.columns >= Self.shared
    team.forEach((weight.rows + height - 1) / height, isShared: isShared) { part, thread in
      let range = part * height..<min((part + 1) * height, weight.rows)
      if let rowsGradient {
        MatrixProduct.multiply(
          gradient, weight.rows(range).transposed, into: rowsGradient.columns(range), kernels: kernels)
      }
      let begin = start + range.lowerBound * weight.columns
      let places = begin..<begin + range.count * weight.columns
      let used = rows.columns(range)
      if kernels.step(step, used, gradient, range: places, of: parameters) { return }
      let weightGradient = Matrix(pointer: gradients[thread].pointer, rows: range.count, columns: weight.columns)
      MatrixProduct.multiply(used.transposed, gradient, into: weightGradient, kernels: kernels)
      step.apply(places, of: parameters, gradients: weightGradient.pointer, kernels: kernels)
    }
  }
}
