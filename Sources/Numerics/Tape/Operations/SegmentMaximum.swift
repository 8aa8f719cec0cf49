internal import CKernels

/// The greatest number of each column within each segment. Gradients go to the first row that has it. The step before
/// this one has the numbers of these rows.
enum SegmentMaximum: TapeOperation {
  static let name = "maximum"

  static func record(_ x: Variable, _ segments: Segments) throws -> Variable {
    try segments.require(x, by: name)
    let tape = x.tape
    // The matrix has room for one 32-bit number per element, in either precision.
    let places = tape.matrix(segments.count, x.columns)
    let result = tape.record(
      SegmentMaximum.self, TapeStep.inputs(x), segments.count, x.columns, setting: places.id, object: segments)
    let rows = places.pointer.assumingMemoryBound(to: Int32.self)
    tape.kernels.segment_maximum(
      segments.offsets.pointer, 0, segments.count, x.columns, x.pointer, result.pointer, rows)
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    try tape.accumulate(
      PlacedMaximum.record(gradient, places: step.setting, rows: tape.variable(step.inputs.0).rows, isPicking: false),
      to: step.inputs.0)
  }
}

/// Puts numbers at the places of the maxima, with 0 elsewhere, or (`detail` 1) reads numbers from there.
enum PlacedMaximum: TapeOperation {
  static let name = "places of the maximum"

  static func record(_ x: Variable, places: Int32, rows: Int, isPicking: Bool) -> Variable {
    let tape = x.tape
    let result = tape.record(
      PlacedMaximum.self, TapeStep.inputs(x), rows, x.columns, setting: places, detail: isPicking ? 1 : 0)
    let found = tape.variable(places)
    let numbers = found.pointer.assumingMemoryBound(to: Int32.self)
    let columns = x.columns
    if !isPicking {
      result.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: result.count * tape.width)
    }
    for index in 0..<found.count {
      let place = Int(numbers[index]) * columns + index % max(columns, 1)
      if isPicking {
        tape.set(result.pointer, index, place < 0 ? 0 : tape.number(at: x.pointer, place))
      } else if place >= 0 {
        tape.set(result.pointer, place, tape.number(at: x.pointer, index))
      }
    }
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    try tape.accumulate(
      record(
        gradient, places: step.setting, rows: tape.variable(step.inputs.0).rows, isPicking: step.detail == 0),
      to: step.inputs.0)
  }
}

extension Variable {
  /// The greatest number of each column within each segment, with one row for each segment; 0 for an empty one.
  ///
  /// - Throws: `TapeError` when the segments have another number of rows.
  public func maximum(within segments: Segments) throws -> Variable { try SegmentMaximum.record(self, segments) }
}
