/// The product of a layer's rows with its weight, forward and backward, cut into parts that threads can share.
///
/// The parts follow from the matrices' shape alone, so that the number of threads decides on no bit of the result.
final class LayerProduct {
  private let threads: Int
  /// For each thread, the gradient of the rows of the weight that it is at.
  private let gradients: [Buffer<Float>]
  /// Beyond this many rows, copying them for every part costs more than keeping a part of the gradient in cache brings.
  private static let fewRows = 48
  private static let fewWeightRows = 64
  /// Arithmetic that takes long enough for another thread to be asked.
  private static let shared = 8_000_000

  /// - Parameter largest: The most elements of a weight.
  init(largest: Int, units: Int, threads: Int) {
    self.threads = threads
    gradients = (0..<threads).map { _ in Buffer(max(largest / 2 + units, Self.fewWeightRows * units), repeating: 0) }
  }

  private func threads(for arithmetic: Int) -> Int { arithmetic >= Self.shared ? threads : 1 }

  /// `result = rows * weight`.
  func forward(_ rows: Matrix, _ weight: Matrix, into result: Matrix) {
    let parts = weight.columns >= 128 ? 2 : 1
    Parallelism.forEach(parts, threads: threads(for: 2 * rows.rows * weight.rows * weight.columns)) { part, _ in
      let columns = part * weight.columns / parts..<(part + 1) * weight.columns / parts
      MatrixProduct.multiply(rows, weight.columns(columns), into: result.columns(columns))
    }
  }

  /// Goes back through `forward`, given the gradient of its result, and moves the weight.
  ///
  /// A part of the weight is used, its gradient computed, and the optimiser applied to it while it is in cache; the whole
  /// gradient never is in memory.
  ///
  /// - Parameters:
  ///   - gradient: Of the result.
  ///   - rowsGradient: Is filled, unless nil, with that of `rows`.
  ///   - start: Where the weight begins in `parameters`.
  func backward(
    _ rows: Matrix, _ weight: Matrix, gradient: Matrix, rowsGradient: Matrix?, step: OptimizerStep, start: Int,
    parameters: UnsafeMutablePointer<Float>
  ) {
    let height = rows.rows <= Self.fewRows ? Self.fewWeightRows : (weight.rows + 1) / 2
    let parts = (weight.rows + height - 1) / height
    let work = Part(step: step, parameters: parameters, gradients: gradients.map(\.pointer))
    let arithmetic = (4 * rows.rows + 20) * weight.rows * weight.columns
    Parallelism.forEach(parts, threads: threads(for: arithmetic)) { part, thread in
      let range = part * height..<min((part + 1) * height, weight.rows)
      if let rowsGradient {
        MatrixProduct.multiply(gradient, weight.rows(range).transposed, into: rowsGradient.columns(range))
      }
      let weightGradient = Matrix(pointer: work.gradients[thread], rows: range.count, columns: weight.columns)
      MatrixProduct.multiply(rows.columns(range).transposed, gradient, into: weightGradient)
      let begin = start + range.lowerBound * weight.columns
      work.step.apply(
        begin..<begin + range.count * weight.columns, of: work.parameters, gradients: weightGradient.pointer)
    }
  }

  private struct Part: @unchecked Sendable {  // Each part writes memory of its own.
    let step: OptimizerStep
    let parameters: UnsafeMutablePointer<Float>
    let gradients: [UnsafeMutablePointer<Float>]
  }
}
