internal import CKernels

/// Scaled dot-product attention with several heads (Vaswani and others, 2017) within segments of rows. Each row
/// attends to all rows of its segment:
///
///     softmax(Q K^T / sqrt(width) + bias) V
///
/// The inputs are the concatenated queries, keys and values, and the bias. The step before this one has the softmax.
enum Attention: TapeOperation {
  static let name = "attention"

  static func record(_ packed: Variable, _ segments: Segments, heads: Int, bias: Variable?) throws -> Variable {
    let tape = packed.tape
    try segments.require(packed, by: name)
    guard heads >= 1, packed.columns % (3 * heads) == 0 else {
      throw TapeError(
        name, "\(packed.columns) columns can't be split into queries, keys and values of \(heads) heads",
        remedy: "Give 3 x heads x head width columns.")
    }
    if let bias {
      try tape.require(bias, by: name)
      guard bias.rows == segments.pairCount, bias.columns == heads else {
        throw TapeError(
          name, "the bias is \(bias.shape), but there are \(segments.pairCount) pairs and \(heads) heads",
          remedy: "Give one row for each pair and one column for each head.")
      }
    }
    let shares = tape.matrix(segments.pairCount, heads)
    let result = tape.record(
      Attention.self, (packed.id, bias?.id ?? -1, -1, -1, -1), packed.rows, packed.columns / 3,
      setting: Int32(truncatingIfNeeded: heads), detail: shares.id, object: segments)
    let (to, probabilities, kernels) = (result.pointer, shares.pointer, tape.kernels)
    inParts(segments, packed, bias, heads, on: tape) { attention, range, scratch in
      kernels.attention(attention, range.lowerBound, range.upperBound, probabilities, to, scratch)
    }
    return result
  }

  private static func inParts(
    _ segments: Segments, _ packed: Variable, _ bias: Variable?, _ heads: Int, on tape: Tape,
    _ body: (UnsafePointer<tape_attention>, Range<Int>, UnsafeMutableRawPointer) -> Void
  ) {
    let width = packed.columns / (3 * heads)
    var attention = tape_attention(
      offsets: segments.offsets.pointer, pairs: segments.pairs.pointer, heads: heads, head_width: width,
      packed: packed.pointer, bias: bias.map { UnsafeRawPointer($0.pointer) },
      scale: 1 / Double(max(width, 1)).squareRoot())
    let room = tape_attention_scratch(segments.longest, width)
    let scratch = tape.scratch(tape.team.size * room * tape.width)
    let parts = min(segments.count, 4 * tape.team.size)
    let isShared = segments.pairCount * packed.columns >= 40_000
    tape.team.forEach(parts, isShared: isShared) { part, thread in
      withUnsafePointer(to: &attention) {
        body(
          $0, part * segments.count / parts..<(part + 1) * segments.count / parts, tape.at(scratch, thread * room))
      }
    }
    tape.giveBack(scratch, bytes: tape.team.size * room * tape.width)
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    guard let segments = step.object as? Segments else { return }
    let packed = tape.variable(step.inputs.0)
    let bias = step.inputs.1 < 0 ? nil : tape.variable(step.inputs.1)
    let heads = Int(step.setting)
    if tape.isDifferentiating {
      let first = tape.steps.count
      let composed = try composition(packed, segments, heads: heads, bias: bias)
      return try tape.pullBack(gradient, throughComposition: composed, from: first)
    }
    let result = tape.matrix(packed.rows, packed.columns)
    let biasGradient = bias.map { tape.matrix($0.rows, $0.columns) }
    let (g, shares, to, kernels) = (
      gradient.pointer, tape.variable(step.detail).pointer, result.pointer, tape.kernels
    )
    inParts(segments, packed, bias, heads, on: tape) { attention, range, scratch in
      kernels.attention_slope(
        attention, range.lowerBound, range.upperBound, g, shares, to, biasGradient?.pointer, scratch)
    }
    try tape.accumulate(result, to: packed.id)
    if let bias, let biasGradient { try tape.accumulate(biasGradient, to: bias.id) }
  }

  /// The same computation by operations that can be differentiated twice, over all pairs of rows of a segment.
  static func composition(
    _ packed: Variable, _ segments: Segments, heads: Int, bias: Variable?
  ) throws -> Variable {
    let width = packed.columns / (3 * heads)
    let pairs = try segments.pairRows()
    let (firsts, seconds) = (try pairs.first.sums(of: packed), try pairs.second.sums(of: packed))
    let parts = try (0..<heads).map { head in
      func part(_ rows: Variable, _ kind: Int) throws -> Variable {
        let start = (kind * heads + head) * width
        return try rows.columns(start..<start + width)
      }
      var scores = try (part(firsts, 0) * part(seconds, 1)).rowSums() / Double(width).squareRoot()
      if let bias { scores = try scores + bias.columns(head..<head + 1) }
      let shares = try scores.softmax(within: pairs.groups)
      return try pairs.groups.sums.sums(of: part(seconds, 2) * shares)
    }
    return try Variable.joinedColumns(parts)
  }
}

extension Segments {
  /// Matrices that select the first and the second row of each pair, and the pairs of each first row as segments.
  func pairRows() throws -> (first: SparseMatrix, second: SparseMatrix, groups: Segments) {
    var (firsts, seconds, groups): ([Int], [Int], [Int]) = ([], [], [])
    var start = 0
    for length in lengths {
      for row in 0..<length {
        groups.append(length)
        for other in 0..<length {
          firsts.append(start + row)
          seconds.append(start + other)
        }
      }
      start += length
    }
    return (
      try SparseMatrix(picking: firsts, of: rowCount), try SparseMatrix(picking: seconds, of: rowCount),
      Segments(lengths: groups)
    )
  }
}

extension Variable {
  /// Attention with several heads within segments; each row attends to all rows of its segment:
  /// `softmax(Q K^T / sqrt(width) + bias) V` (Vaswani and others, 2017).
  ///
  /// The rows have queries, keys and values concatenated, each with all heads concatenated: `3 * heads * width`
  /// columns. The result has `heads * width`.
  ///
  /// - Parameter bias: A matrix with one row for each pair of rows of a segment (`Segments.pairCount`) and one column
  ///   for each head; minus infinity where a row must not attend to another.
  /// - Throws: `TapeError` when shapes don't fit.
  public func attention(within segments: Segments, heads: Int, bias: Variable? = nil) throws -> Variable {
    try Attention.record(self, segments, heads: heads, bias: bias)
  }
}
