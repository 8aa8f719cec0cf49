internal import CKernels
import Synchronization

/// Kernels for batches with few rows, compiled for the vector instructions of one processor.
///
/// BLAS libraries copy their operands before they multiply, which takes as long as the product if there are ten rows.
/// These kernels read the operands in place, and one of them updates weights by AdamW while their gradient is in
/// registers. All choices give the same bits: see `Sources/CKernels/vectors.inc`.
package struct VectorKernels: @unchecked Sendable {  // A pointer to a constant.
  let table: UnsafePointer<vector_kernels>

  /// The kernels of this process.
  package static var present: VectorKernels { all[number.load(ordering: .relaxed)] }
  /// The index in `all` of the present kernels.
  private static let number = Atomic(all.firstIndex { $0.choice == .present } ?? 0)

  /// Sets the kernels of this process, so that tests can compare whole training runs. Products that are computed
  /// meanwhile have the same bits with either kernels.
  package static func use(_ kernels: VectorKernels) {
    number.store(all.firstIndex { $0.choice == kernels.choice } ?? 0, ordering: .relaxed)
  }

  package let choice: KernelChoice
  /// The kernels that this processor can run.
  package static let all = KernelChoice.allCases.compactMap { VectorKernels($0) }

  /// The result is nil if this processor lacks the instructions.
  package init?(_ choice: KernelChoice) {
    let number: Int32 =
      switch choice {
      case .avx512: 0
      case .avx2: 1
      case .plain: 2
      }
    guard let table = kernels_for_instructions(number) else { return nil }
    self.table = table
    self.choice = choice
  }

  /// The name of the instruction set, such as `AVX-512`.
  package var name: String { String(cString: table.pointee.name) }

  /// Computes `result = left * right`.
  package func multiply(_ left: Matrix, _ right: Matrix, into result: Matrix) {
    let kernel:
      (
        @convention(c) (
          Int, Int, Int, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int,
          UnsafeMutablePointer<Float>, Int
        ) -> Void
      )
    switch (left.isTransposed, right.isTransposed) {
    case (false, false): kernel = table.pointee.product
    case (false, true): kernel = table.pointee.transposed_product
    case (true, false): kernel = table.pointee.gradient
    case (true, true): return multiplyTransposed(left, right, into: result)
    }
    kernel(
      result.rows, left.isTransposed ? left.rows : left.columns, result.columns, left.pointer, left.rowStride,
      right.pointer, right.rowStride, result.pointer, result.rowStride)
  }

  /// Multiplies two transposed factors by copying the right one. No time-critical code needs this.
  private func multiplyTransposed(_ left: Matrix, _ right: Matrix, into result: Matrix) {
    let copy = Buffer(right.rows * right.columns, repeating: Float(0))
    for row in 0..<right.rows {
      for column in 0..<right.columns {
        copy.pointer[column * right.rows + row] = right.pointer[row * right.rowStride + column]
      }
    }
    multiply(left, Matrix(pointer: copy.pointer, rows: right.columns, columns: right.rows), into: result)
  }

  /// Updates the weights in `range`, a matrix with the columns of `right`, by the gradient that is the product of
  /// `left`, which isn't transposed yet, transposed, with `right`. The bits are those of the product and
  /// `OptimizerStep.apply`.
  ///
  /// - Returns: Whether there is a kernel for this optimiser. If not, nothing was done.
  package func step(
    _ step: OptimizerStep, _ left: Matrix, _ right: Matrix, range: Range<Int>,
    of parameters: UnsafeMutablePointer<Float>
  ) -> Bool {
    guard let rule = step.adamW else { return false }
    var numbers = kernels_adamw(rule)
    table.pointee.gradient_step(
      left.columns, left.rows, right.columns, left.pointer, left.rowStride, right.pointer, right.rowStride,
      parameters + range.lowerBound, step.momentum + range.lowerBound, step.squares + range.lowerBound, &numbers)
    return true
  }

  /// Updates the weights in `range` of `weights` by AdamW; the first of `gradients` belongs to the first weight of
  /// the range.
  func adamW(
    _ rule: OptimizerStep.AdamW, _ range: Range<Int>, gradients: UnsafePointer<Float>, gradientScale: Float,
    weights: UnsafeMutablePointer<Float>, momentum: UnsafeMutablePointer<Float>, squares: UnsafeMutablePointer<Float>
  ) {
    var numbers = kernels_adamw(rule)
    table.pointee.adamw(
      range.count, gradients, gradientScale, weights + range.lowerBound, momentum + range.lowerBound,
      squares + range.lowerBound, &numbers)
  }
}

extension kernels_adamw {
  fileprivate init(_ rule: OptimizerStep.AdamW) {
    self.init(
      stepSize: rule.stepSize, weightKeep: rule.weightKeep, keep1: rule.keep1, take1: rule.take1, keep2: rule.keep2,
      take2: rule.take2, correction: rule.correction, epsilon: rule.epsilon)
  }
}
