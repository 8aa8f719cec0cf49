internal import CKernels

/// Kernels for the few rows that a batch of graphs has, written with this processor's widest vectors.
///
/// OpenBLAS copies its operands before it multiplies, which with ten rows takes as long as the product. These kernels
/// read them where they lie, and one moves weights by AdamW while their gradient is still in registers.
package struct VectorKernels: @unchecked Sendable {  // A pointer to a constant.
  let table: UnsafePointer<vector_kernels>

  /// Those for the instructions that OpenBLAS uses, so that one choice, its own or that of `OPENBLAS_CORETYPE`, decides
  /// on all of a result's bits.
  package static let present: VectorKernels? =
    switch MatrixKernels.name.lowercased() {
    case "skylakex", "cooperlake", "sapphirerapids": kernels_for_instructions(0).map(VectorKernels.init)
    case "haswell", "zen": kernels_for_instructions(1).map(VectorKernels.init)
    default: nil
    }
  /// All that this processor can run.
  package static let all = (0..<2).compactMap { kernels_for_instructions($0).map(VectorKernels.init) }

  private init(_ table: UnsafePointer<vector_kernels>) { self.table = table }

  /// The instruction set, such as `AVX-512`.
  package var name: String { String(cString: table.pointee.name) }

  /// Whether results can have so few columns.
  package func covers(columns: Int) -> Bool { columns >= table.pointee.fewest_columns }

  /// `result = left * right`.
  ///
  /// - Returns: Whether there is a kernel for these shapes; if not, nothing was done.
  package func multiply(_ left: Matrix, _ right: Matrix, into result: Matrix) -> Bool {
    let kernel:
      (
        @convention(c) (
          Int, Int, Int, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int,
          UnsafeMutablePointer<Float>, Int
        ) -> Void
      )
    switch (left.isTransposed, right.isTransposed) {
    case (false, false) where covers(columns: result.columns): kernel = table.pointee.product
    case (false, true) where result.columns >= 4 && covers(columns: left.columns):
      kernel = table.pointee.transposed_product
    case (true, false) where covers(columns: result.columns): kernel = table.pointee.gradient
    default: return false
    }
    kernel(
      result.rows, left.isTransposed ? left.rows : left.columns, result.columns, left.pointer, left.rowStride,
      right.pointer, right.rowStride, result.pointer, result.rowStride)
    return true
  }

  /// Moves the weights in `range`, a matrix with the columns of `right`, against `left` (not yet transposed) transposed
  /// times `right`.
  ///
  /// - Returns: Whether there is a kernel for this shape and optimiser; if not, nothing was done.
  package func step(
    _ step: OptimizerStep, _ left: Matrix, _ right: Matrix, range: Range<Int>,
    of parameters: UnsafeMutablePointer<Float>
  ) -> Bool {
    guard covers(columns: right.columns), let rule = step.adamW else { return false }
    var numbers = kernels_adamw(
      stepSize: rule.stepSize, weightKeep: rule.weightKeep, keep1: rule.keep1, take1: rule.take1, keep2: rule.keep2,
      take2: rule.take2, correction: rule.correction, epsilon: rule.epsilon)
    table.pointee.gradient_step(
      left.columns, left.rows, right.columns, left.pointer, left.rowStride, right.pointer, right.rowStride,
      parameters + range.lowerBound, step.momentum + range.lowerBound, step.squares + range.lowerBound, &numbers)
    return true
  }
}
