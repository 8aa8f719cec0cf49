internal import CKernels

/// The softmax of each row or, with segments, of each column within each segment:
///
///     y = e^(x - max) / sum of e^(x - max)
enum Softmax: TapeOperation {
  static let name = "softmax"

  static func record(_ x: Variable, _ segments: Segments?) throws -> Variable {
    let tape = x.tape
    let result = tape.record(Softmax.self, TapeStep.inputs(x), x.rows, x.columns, object: segments)
    let (from, to, columns, kernels) = (x.pointer, result.pointer, x.columns, tape.kernels)
    if let segments {
      let offsets = segments.offsets.pointer
      tape.inParts(of: segments.count, numbersEach: 4 * x.count / max(segments.count, 1)) {
        kernels.segment_softmax(offsets, $0.lowerBound, $0.upperBound, columns, from, to)
      }
    } else {
      tape.inParts(of: x.rows, numbersEach: 4 * columns) {
        kernels.softmax($0.count, columns, tape.at(from, $0.lowerBound * columns), tape.at(to, $0.lowerBound * columns))
      }
    }
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    let y = tape.variable(step.id)
    let segments = step.object as? Segments
    if tape.isDifferentiating {
      // The gradient y (g - sum of g y) is written in terms of y, which is on the tape.
      let product = try gradient * y
      let sum = try segments.map { try $0.sums.scatteredSums(of: $0.sums.sums(of: product)) } ?? product.rowSums()
      try tape.accumulate(y * (gradient - sum), to: step.inputs.0)
      return
    }
    let result = tape.matrix(step.rows, step.columns)
    let (g, value, to, columns, kernels) = (gradient.pointer, y.pointer, result.pointer, step.columns, tape.kernels)
    if let segments {
      let offsets = segments.offsets.pointer
      tape.inParts(of: segments.count, numbersEach: 2 * step.count / max(segments.count, 1)) {
        kernels.segment_softmax_slope(offsets, $0.lowerBound, $0.upperBound, columns, g, value, to)
      }
    } else {
      tape.inParts(of: step.rows, numbersEach: 2 * columns) { range in
        let start = range.lowerBound * columns
        kernels.softmax_slope(range.count, columns, tape.at(g, start), tape.at(value, start), tape.at(to, start))
      }
    }
    try tape.accumulate(result, to: step.inputs.0)
  }
}

extension Variable {
  /// The softmax of each row.
  public func softmax() throws -> Variable {
    try tape.require(self, by: "softmax")
    return try Softmax.record(self, nil)
  }

  /// The softmax of each column over the rows of each segment.
  ///
  /// - Throws: `TapeError` when the segments have another number of rows.
  public func softmax(within segments: Segments) throws -> Variable {
    try segments.require(self, by: "softmax")
    return try Softmax.record(self, segments)
  }
}
