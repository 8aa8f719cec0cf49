/// The product of a layer's rows with its weight, forward and backward, cut into parts that threads can share.
///
/// The parts follow from the matrices' shape alone, so that the number of threads decides on no bit of the result.
package final class LayerProduct {
  private let team: ThreadTeam
  private let kernels: VectorKernels
  /// For each thread, the gradient of the rows of the weight that it is at.
  private let gradients: [Buffer<Float>]
  /// Columns of a part of the forward product, and rows where there are many.
  private static let columnsAtOnce = 64
  private static let rowsAtOnce = 96
  /// Rows of the weight in a part of the backward product: a multiple of what kernels take at once that stays in cache.
  private static let weightRowsAtOnce = 60
  /// Arithmetic that takes long enough for another thread to be asked.
  private static let shared = 1_500_000

  /// - Parameter largest: The most elements of a weight that `backward` will get.
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

  /// Goes back through `forward`, given the gradient of its result, and moves the weight.
  ///
  /// A part of the weight is used, its gradient computed, and the optimiser applied to it while it is in cache; the
  /// whole gradient never is in memory.
  ///
  /// - Parameters:
  ///   - gradient: Of the result.
  ///   - rowsGradient: Is filled, unless nil, with that of `rows`.
  ///   - start: Where the weight begins in `parameters`.
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
