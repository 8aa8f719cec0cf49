/// The parameters of a model as variables of a tape, for one pass.
public struct Weights {
  public let tape: Tape
  public let layout: ParameterLayout
  private let first: Int32
  /// The numbers of the variables; nil if they are consecutive.
  private let numbers: [Int32]?

  init(tape: Tape, layout: ParameterLayout, first: Int32, numbers: [Int32]? = nil) {
    self.tape = tape
    self.layout = layout
    self.first = first
    self.numbers = numbers
  }

  /// The variable of a tensor of the layout.
  public subscript(tensor: ParameterLayout.Tensor) -> Variable {
    tape.variable(numbers?[tensor.index] ?? first + Int32(truncatingIfNeeded: tensor.index))
  }

  /// All variables, in the layout's order.
  public var variables: [Variable] { layout.tensors.map { self[$0] } }

  /// `w - rate * gradient` for each variable, on the tape: a step of an inner loop, through which gradients are
  /// propagated to `w` (model-agnostic meta-learning; Finn, Abbeel and Levine, 2017).
  ///
  /// ```swift
  /// let slopes = try tape.gradients(of: loss(weights), withRespectTo: weights.variables, differentiable: true)
  /// let adapted = try weights.moved(against: slopes, rate: 0.01)
  /// try tape.backward(from: loss(adapted))  // of the weights before the step
  /// ```
  ///
  /// - Throws: `TapeError` when the number of gradients differs from the number of variables.
  public func moved(against gradients: [Variable], rate: Double) throws -> Weights {
    guard gradients.count == layout.tensors.count else {
      throw TapeError(
        "moved", "\(gradients.count) gradients were given for \(layout.tensors.count) tensors",
        remedy: "Request the gradients of all variables.")
    }
    let numbers = try zip(variables, gradients).map { try ($0 - $1 * rate).id }
    return Weights(tape: tape, layout: layout, first: 0, numbers: numbers)
  }

  /// The same weights with some tensors replaced by other variables on the tape, which are computed from others.
  ///
  /// - Throws: `TapeError` when a variable's shape differs from its tensor's.
  public func replacing(_ replacements: [(tensor: ParameterLayout.Tensor, variable: Variable)]) throws -> Weights {
    var numbers = layout.tensors.map { self[$0].id }
    for (tensor, variable) in replacements {
      guard variable.rows == tensor.rows, variable.columns == tensor.columns else {
        throw TapeError(
          "replacing", "\"\(tensor.name)\" is \(tensor.rows) x \(tensor.columns), but \(variable.shape) was given",
          remedy: "Give a variable of the same shape.")
      }
      numbers[tensor.index] = variable.id
    }
    return Weights(tape: tape, layout: layout, first: 0, numbers: numbers)
  }

  /// The gradients that `Tape.backward(from:)` computed, as one vector in the layout's order; 0 where there is none.
  public func gradients() throws -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(layout.count)
    for tensor in layout.tensors {
      result += try tape.gradient(of: self[tensor])?.values ?? Array(repeating: 0, count: tensor.range.count)
    }
    return result
  }
}

extension Tape {
  /// The parameters of a model as variables of this pass. They are read in place, so they must not be updated before
  /// the end of the pass.
  ///
  /// - Throws: `TapeError` when their precision differs from the tape's.
  public func bind(_ parameters: ParameterVector) throws -> Weights {
    guard parameters.precision == precision else {
      throw TapeError(
        "bind", "parameters in \(parameters.precision) precision can't be used on a tape in \(precision) precision",
        remedy: "Use the same precision for both.")
    }
    let first = Int32(truncatingIfNeeded: steps.count)
    for tensor in parameters.layout.tensors {
      _ = leaf(parameters.pointer(tensor), tensor.rows, tensor.columns, needsGradient: true, owner: parameters)
    }
    return Weights(tape: self, layout: parameters.layout, first: first)
  }
}
