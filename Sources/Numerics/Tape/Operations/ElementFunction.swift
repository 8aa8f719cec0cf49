internal import CKernels

/// A function of one number with its first and second derivatives, for `Variable.map`.
///
/// All functions are computed by additions, multiplications and divisions in a fixed order, so that their bits are
/// the same on every processor. exp, log and functions made of them differ from the correctly rounded result by some
/// units in the last place.
public struct ElementFunction: Hashable, Sendable {
  let code: tape_function.RawValue
  let parameter: Double

  private init(_ code: tape_function, _ parameter: Double = 0) {
    self.code = code.rawValue
    self.parameter = parameter
  }

  public static func == (left: ElementFunction, right: ElementFunction) -> Bool {
    left.code == right.code && left.parameter == right.parameter
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(code)
    hasher.combine(parameter)
  }

  public static let identity = ElementFunction(tape_identity)
  /// `max(x, 0)`
  public static let relu = ElementFunction(tape_relu)
  /// `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2` (Hendrycks and Gimpel, 2016)
  public static let gelu = ElementFunction(tape_gelu)
  public static let tanh = ElementFunction(tape_tanh)
  /// `1 / (1 + e^-x)`
  public static let sigmoid = ElementFunction(tape_sigmoid)
  /// `x / (1 + e^-x)`, also called swish
  public static let silu = ElementFunction(tape_silu)
  /// `log(1 + e^x)`
  public static let softplus = ElementFunction(tape_softplus)
  public static let exp = ElementFunction(tape_exp)
  /// The natural logarithm: NaN below 0, minus infinity at 0.
  public static let log = ElementFunction(tape_log)
  public static let squareRoot = ElementFunction(tape_sqrt)
  /// `|x|`, with derivative 0 at 0
  public static let absolute = ElementFunction(tape_abs)
  public static let square = ElementFunction(tape_square)
  /// `1 / x`
  public static let reciprocal = ElementFunction(tape_reciprocal)
  /// -1, 0 or 1, with derivative 0
  public static let sign = ElementFunction(tape_sign)
  /// `x` above 0, `slope x` elsewhere
  public static func leakyRelu(slope: Double = 0.01) -> ElementFunction { ElementFunction(tape_leaky, slope) }
  /// `x^2 / 2` up to `|x| = threshold`, `threshold (|x| - threshold / 2)` beyond (Huber, 1964)
  public static func huber(threshold: Double) -> ElementFunction { ElementFunction(tape_huber, threshold) }
  /// `quantile x` above 0, `(quantile - 1) x` below (Koenker and Bassett, 1978)
  public static func pinball(quantile: Double) -> ElementFunction { ElementFunction(tape_pinball, quantile) }

  /// Whether `RowUnit` computes it together with bias and norm.
  var isActivation: Bool {
    self == .identity || self == .relu || self == .gelu || self == .tanh || self == .sigmoid || self == .silu
  }
}

/// `y = f(x)`, element by element.
enum MapStep: TapeOperation {
  static let name = "map"

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    try tape.accumulate(
      MapSlopeStep.record(gradient, tape.variable(step.inputs.0), tape.variable(step.id), step), to: step.inputs.0)
  }
}

/// `g f'(x)`, element by element.
enum MapSlopeStep: TapeOperation {
  static let name = "slope of map"

  static func record(_ gradient: Variable, _ x: Variable, _ y: Variable, _ step: TapeStep) -> Variable {
    let tape = x.tape
    let result = tape.record(
      MapSlopeStep.self, TapeStep.inputs(gradient, x, y), x.rows, x.columns, number: step.number,
      setting: step.setting)
    let (g, from, value, to) = (gradient.pointer, x.pointer, y.pointer, result.pointer)
    let kernels = tape.kernels
    tape.inParts(of: x.count) { range in
      let start = range.lowerBound
      kernels.map_slope(
        tape_function(UInt32(step.setting)), step.number, range.count, tape.at(g, start), tape.at(from, start),
        tape.at(value, start), tape.at(to, start))
    }
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    let (inner, x, y) = (
      tape.variable(step.inputs.0), tape.variable(step.inputs.1), tape.variable(step.inputs.2)
    )
    try tape.accumulate(record(gradient, x, y, step), to: inner.id)
    // The dependence on y = f(x) is part of f''.
    try tape.accumulate(MapCurvatureStep.record(gradient, inner, x, y, step), to: x.id)
  }
}

/// `a b f''(x)`, element by element. Third derivatives are not available.
enum MapCurvatureStep: TapeOperation {
  static let name = "second derivative of map"

  static func record(_ a: Variable, _ b: Variable, _ x: Variable, _ y: Variable, _ step: TapeStep) -> Variable {
    let tape = x.tape
    let result = tape.record(MapCurvatureStep.self, TapeStep.inputs(a, b, x, y), x.rows, x.columns)
    let kernels = tape.kernels
    kernels.map_curvature(
      tape_function(UInt32(step.setting)), step.number, x.count, a.pointer, b.pointer, x.pointer, y.pointer,
      result.pointer)
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    throw TapeError(
      "gradients", "third derivatives of element-wise functions are not available",
      remedy: "Differentiate twice at most.")
  }
}

extension Variable {
  /// `f(x)` for every element.
  ///
  /// ```swift
  /// let hidden = try x.map(.tanh)
  /// ```
  public func map(_ function: ElementFunction) throws -> Variable {
    try tape.require(self, by: "map")
    let result = tape.record(
      MapStep.self, TapeStep.inputs(self), rows, columns, number: function.parameter, setting: Int32(function.code))
    let (from, to, kernels, tape) = (pointer, result.pointer, tape.kernels, tape)
    tape.inParts(of: count) {
      kernels.map(
        tape_function(function.code), function.parameter, $0.count, tape.at(from, $0.lowerBound),
        tape.at(to, $0.lowerBound))
    }
    return result
  }
}
