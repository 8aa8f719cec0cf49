internal import CKernels

/// Bias, layer norm and activation of each row, in one pass while the row is in cache:
///
///     y = z + bias;  x = (y - mean(y)) / sqrt(variance(y) + epsilon);  h = f(scale * x + shift)
///
/// Without norm it is `h = f(z + bias)`. If `z` are sums over sparse rows, they are computed in the same pass. The
/// inputs are z (or the rows that are summed), bias, scale and shift. `setting` is the function; `detail` is the step
/// that has x, followed by the reciprocals of the standard deviations.
enum RowUnit: TapeOperation {
  static let name = "bias, norm and activation"

  struct Vectors {
    var bias: Variable?
    var scale: Variable?
    var shift: Variable?
  }

  /// - Parameters:
  ///   - sums: The sums by which rows of `z` are computed first.
  ///   - consumes: Whether `z`, a product, isn't needed afterwards, so that its memory may be overwritten.
  static func record(
    _ z: Variable, sums: SparseMatrix? = nil, _ vectors: Vectors, _ function: ElementFunction, epsilon: Double,
    consumes: Bool = false
  ) throws -> Variable {
    let tape = z.tape
    let rows = sums?.rowCount ?? z.rows
    for vector in [vectors.bias, vectors.scale, vectors.shift] {
      guard let vector else { continue }
      try tape.require(z, vector, by: name)
      guard vector.rows == 1, vector.columns == z.columns else {
        throw TapeError(
          name, "a vector of \(vector.shape) was given for rows of \(z.columns)", remedy: "Use 1 x \(z.columns).")
      }
    }
    if let sums, sums.columnCount != z.rows {
      throw TapeError(
        name, "the matrix sums \(sums.columnCount) rows, but \(z.shape) was given",
        remedy: "Give as many rows as it has columns.")
    }
    let normalises = vectors.scale != nil
    let keepsInner = normalises || !(function == .relu || function == .identity)
    let inPlace = consumes && sums == nil
    // The sums themselves are not kept if the result suffices.
    let inner =
      keepsInner
      ? tape.record(
        RowUnit.self, (-1, -1, -1, -1, -1), rows, z.columns, viewOf: inPlace ? z : nil, at: inPlace ? z.pointer : nil)
      : nil
    let reciprocals = normalises ? tape.matrix(rows, 1) : nil
    if inPlace { tape.steps[Int(z.id)].isOverwritten = true }
    let result = tape.record(
      RowUnit.self, (z.id, vectors.bias?.id ?? -1, vectors.scale?.id ?? -1, vectors.shift?.id ?? -1, -1), rows,
      z.columns, number: epsilon, setting: Int32(function.code), detail: inner?.id ?? -1, object: sums,
      viewOf: inPlace && !keepsInner ? z : nil, at: inPlace && !keepsInner ? z.pointer : nil)
    var unit = tape_unit(
      width: z.columns, function: tape_function(function.code), normalises: normalises ? 1 : 0, epsilon: epsilon,
      bias: vectors.bias.map { UnsafeRawPointer($0.pointer) },
      scale: vectors.scale.map { UnsafeRawPointer($0.pointer) },
      shift: vectors.shift.map { UnsafeRawPointer($0.pointer) })
    var entries = sums.map { tape_sums($0.forward) }
    let (from, to, kernels) = (z.pointer, result.pointer, tape.kernels)
    let x = inner?.pointer ?? to
    let places = reciprocals?.pointer ?? to
    tape.inParts(of: rows, numbersEach: 3 * z.columns) { range in
      withUnsafePointer(to: &unit) { unit in
        guard entries != nil else {
          return kernels.unit(unit, nil, nil, range.lowerBound, range.upperBound, from, x, to, places)
        }
        withUnsafeMutablePointer(to: &entries) {
          $0.withMemoryRebound(to: tape_sums.self, capacity: 1) {
            kernels.unit(unit, $0, from, range.lowerBound, range.upperBound, nil, x, to, places)
          }
        }
      }
    }
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    func vector(_ id: Int32) -> Variable? { id < 0 ? nil : tape.variable(id) }
    let vectors = Vectors(
      bias: vector(step.inputs.1), scale: vector(step.inputs.2), shift: vector(step.inputs.3))
    let sums = step.object as? SparseMatrix
    if tape.isDifferentiating {
      let first = tape.steps.count
      let composed = try composition(step, vectors, sums, on: tape)
      return try tape.pullBack(gradient, throughComposition: composed, from: first)
    }
    let (rows, columns) = (step.rows, step.columns)
    let normalises = vectors.scale != nil
    let result = tape.matrix(rows, columns)
    let all = tape.matrix(3, columns)
    var unit = tape_unit(
      width: columns, function: tape_function(UInt32(step.setting)), normalises: normalises ? 1 : 0,
      epsilon: step.number,
      bias: vectors.bias.map { UnsafeRawPointer($0.pointer) },
      scale: vectors.scale.map { UnsafeRawPointer($0.pointer) },
      shift: vectors.shift.map { UnsafeRawPointer($0.pointer) })
    let x = step.detail >= 0 ? tape.variable(step.detail).pointer : step.pointer
    let reciprocals = normalises ? tape.variable(step.detail + 1).pointer : step.pointer
    let parts = Tape.parts(ofRows: rows)
    let partial = parts > 1 ? tape.scratch(parts * 3 * columns * tape.width) : all.pointer
    let (g, h, to, kernels) = (gradient.pointer, step.pointer, result.pointer, tape.kernels)
    partial.initializeMemory(as: UInt8.self, repeating: 0, count: parts * 3 * columns * tape.width)
    tape.forEachPart(ofRows: rows, columns: 3 * columns) { part, range in
      withUnsafePointer(to: &unit) {
        kernels.unit_slope(
          $0, range.lowerBound, range.upperBound, g, x, h, reciprocals, to, tape.at(partial, part * 3 * columns))
      }
    }
    if parts > 1 {
      kernels.column_sums(parts, 3 * columns, partial, 3 * columns, all.pointer)
      tape.giveBack(partial, bytes: parts * 3 * columns * tape.width)
    }
    try tape.holding(all) {
      if let bias = vectors.bias { try tape.accumulate(all.rows(0..<1), to: bias.id) }
      if let scale = vectors.scale { try tape.accumulate(all.rows(1..<2), to: scale.id) }
      if let shift = vectors.shift { try tape.accumulate(all.rows(2..<3), to: shift.id) }
    }
    if let sums {
      try tape.accumulate(sums.scatteredSums(of: result), to: step.inputs.0)
    } else {
      try tape.accumulate(result, to: step.inputs.0)
    }
  }

  /// The same computation by operations that can be differentiated twice.
  private static func composition(
    _ step: TapeStep, _ vectors: Vectors, _ sums: SparseMatrix?, on tape: Tape
  ) throws -> Variable {
    let source = tape.steps[Int(step.inputs.0)]
    var y = source.isOverwritten ? try Product.repeated(source, on: tape) : tape.variable(step.inputs.0)
    if let sums { y = try sums.sums(of: y) }
    if let bias = vectors.bias { y = try y + bias }
    if let scale = vectors.scale, let shift = vectors.shift {
      let count = Double(max(step.columns, 1))
      let centred = try y - y.rowSums() / count
      let deviation = try ((centred.map(.square).rowSums() / count) + step.number).map(.squareRoot)
      y = try centred / deviation * scale + shift
    }
    guard let function = ElementFunction.activation(code: step.setting) else { return y }
    return try y.map(function)
  }
}

extension ElementFunction {
  static func activation(code: Int32) -> ElementFunction? {
    [.relu, .gelu, .tanh, .sigmoid, .silu].first { $0.code == UInt32(code) }
  }
}

extension Variable {
  /// `f(layerNorm(x + bias))` of each row, with `layerNorm(y) = scale (y - mean) / sqrt(variance + epsilon) + shift`
  /// (Ba, Kiros and Hinton, 2016); without `scale` and `shift`, `f(x + bias)`.
  ///
  /// - Parameters:
  ///   - bias: A `1 x columns` matrix, like `scale` and `shift`, which must be given both or neither.
  /// - Throws: `TapeError` when a vector has another shape.
  public func unit(
    bias: Variable? = nil, scale: Variable? = nil, shift: Variable? = nil, activation: ElementFunction = .identity,
    epsilon: Double = 1e-5
  ) throws -> Variable {
    try unit(sums: nil, bias: bias, scale: scale, shift: shift, activation: activation, epsilon: epsilon)
  }

  func unit(
    sums: SparseMatrix?, bias: Variable?, scale: Variable?, shift: Variable?, activation: ElementFunction,
    epsilon: Double = 1e-5, consumes: Bool = false
  ) throws -> Variable {
    try tape.require(self, by: RowUnit.name)
    guard (scale == nil) == (shift == nil) else {
      throw TapeError(RowUnit.name, "only one of scale and shift was given", remedy: "Give both or neither.")
    }
    let vectors = RowUnit.Vectors(bias: bias, scale: scale, shift: shift)
    guard activation.isActivation else {
      return try RowUnit.record(self, sums: sums, vectors, .identity, epsilon: epsilon, consumes: consumes)
        .map(activation)
    }
    return try RowUnit.record(self, sums: sums, vectors, activation, epsilon: epsilon, consumes: consumes)
  }

  /// `f(layerNorm(x weight + bias))`: a product that only this needs, followed by `unit`.
  ///
  /// - Throws: `TapeError` when the shapes don't match.
  public func linear(
    _ weight: Variable, bias: Variable? = nil, scale: Variable? = nil, shift: Variable? = nil,
    activation: ElementFunction = .identity
  ) throws -> Variable {
    let product = try product(weight)
    if bias == nil, scale == nil, activation == .identity { return product }
    return try product.unit(
      sums: nil, bias: bias, scale: scale, shift: shift, activation: activation, consumes: true)
  }
}
