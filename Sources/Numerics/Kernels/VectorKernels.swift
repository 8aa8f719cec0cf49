internal import CKernels
import Synchronization

/// Kernels for the few rows that a batch of graphs has, compiled for one processor's vectors.
///
/// Libraries copy their operands before they multiply, which with ten rows takes as long as the product. These kernels
/// read them where they lie, and one moves weights by AdamW while their gradient is still in registers. All choices
/// give the same bits: see `Sources/CKernels/vectors.inc`.
package struct VectorKernels: @unchecked Sendable {  // A pointer to a constant.
  let table: UnsafePointer<vector_kernels>

  /// Those of this process.
  package static var present: VectorKernels { all[number.load(ordering: .relaxed)] }
  /// Which of `all` are present.
  private static let number = Atomic(all.firstIndex { $0.choice == .present } ?? 0)

  /// Makes the process use these from now on, so that tests can compare whole trainings. Whoever multiplies meanwhile
  /// gets the same bits from either.
  package static func use(_ kernels: VectorKernels) {
    number.store(all.firstIndex { $0.choice == kernels.choice } ?? 0, ordering: .relaxed)
  }

  package let choice: KernelChoice
  /// All that this processor can run.
  package static let all = KernelChoice.allCases.compactMap { VectorKernels($0) }

  /// Nil where this processor lacks the instructions.
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

  /// The instruction set, such as `AVX-512`.
  package var name: String { String(cString: table.pointee.name) }

  /// `result = left * right`.
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

  /// Both factors transposed, which nothing in a hurry needs: the right one is copied.
  private func multiplyTransposed(_ left: Matrix, _ right: Matrix, into result: Matrix) {
    let copy = Buffer(right.rows * right.columns, repeating: Float(0))
    for row in 0..<right.rows {
      for column in 0..<right.columns {
        copy.pointer[column * right.rows + row] = right.pointer[row * right.rowStride + column]
      }
    }
    multiply(left, Matrix(pointer: copy.pointer, rows: right.columns, columns: right.rows), into: result)
  }

  /// Moves the weights in `range`, a matrix with the columns of `right`, against `left` (not yet transposed) transposed
  /// times `right`; the bits are those of the product and `OptimizerStep.apply`.
  ///
  /// - Returns: Whether there is a kernel for this optimiser; if not, nothing was done.
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

  /// Moves the weights in `range` of `weights` by AdamW against `gradients`, the first at the range's beginning.
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
