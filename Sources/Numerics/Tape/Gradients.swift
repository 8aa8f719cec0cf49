/// The state of a backward pass over a tape. Its memory is reused by all passes.
struct GradientSweep {
  /// For each step, the step that has its gradient; -1 if there is none.
  var gradients: [Int32] = []
  /// For each step, whether the requested gradients depend on its gradient.
  var isReached: [Bool] = []
  /// For each step, the number of steps whose gradient it is.
  var holders: [Int32] = []
  /// For each step, whether its gradient is a sum of its own, so that more can be added in place.
  var isSum: [Bool] = []
  /// For each step, whether its gradient was requested and must be kept.
  var isWanted: [Bool] = []
  /// For each step, the factors of a product that is its gradient but isn't computed yet; -1 if there is none.
  var pending: [(rows: Int32, gradient: Int32)] = []
  /// The first step that the backward pass recorded.
  var first = 0
}

extension Tape {
  /// The gradients of a scalar with respect to variables, each with the shape of its variable.
  ///
  /// - Parameter differentiable: Whether the gradients will be differentiated themselves.
  /// - Throws: `TapeError` when the loss is not a scalar, or a step has no second derivative.
  public func gradients(
    of loss: Variable, withRespectTo variables: [Variable], differentiable: Bool = false
  ) throws -> [Variable] {
    for variable in variables { try require(variable, by: "gradients") }
    try goBack(from: loss, differentiable: differentiable) { tape in
      for variable in variables { tape.want(Int(variable.id)) }
    }
    return try variables.map { try gradient(of: $0) ?? constant(0, rows: $0.rows, columns: $0.columns) }
  }

  /// Computes the gradients of a scalar with respect to all parameters and variables. `gradient(of:)` returns them.
  ///
  /// - Throws: `TapeError` like `gradients(of:withRespectTo:)`.
  public func backward(from loss: Variable, differentiable: Bool = false) throws {
    try goBack(from: loss, differentiable: differentiable) { tape in
      for index in tape.steps.indices {
        let step = tape.steps[index]
        if step.needsGradient, step.inputs.0 < 0 { tape.want(index) }
      }
    }
  }

  /// The gradient of a variable from the last `backward` or `gradients`; nil if the loss doesn't depend on the
  /// variable.
  public func gradient(of variable: Variable) throws -> Variable? {
    try require(variable, by: "gradient")
    if variable.id < sweep.pending.count { try computePending(variable.id) }
    guard variable.id < sweep.gradients.count else { return nil }
    let id = sweep.gradients[Int(variable.id)]
    return id < 0 ? nil : self.variable(id)
  }

  /// The product of a scalar's Hessian matrix `H` with a vector, `H v`, without computing `H`:
  ///
  ///     H v = gradient of (sum over all parameters of gradient * v)
  ///
  /// It uses reverse mode twice (Pearlmutter, 1994).
  ///
  /// - Parameter vectors: The vector `v`: one part for each of `variables`, with the variable's shape.
  /// - Returns: The product `H v`: one part for each of `variables`.
  public func hessianVectorProduct(
    of loss: Variable, withRespectTo variables: [Variable], times vectors: [Variable]
  ) throws -> [Variable] {
    guard variables.count == vectors.count else {
      throw TapeError(
        "hessianVectorProduct", "there are \(variables.count) variables and \(vectors.count) vectors",
        remedy: "Give one vector for each variable.")
    }
    let slopes = try gradients(of: loss, withRespectTo: variables, differentiable: true)
    var projection = constant(0)
    for (slope, vector) in zip(slopes, vectors) { projection = try projection + (slope * vector).sum() }
    return try gradients(of: projection, withRespectTo: variables)
  }

  private func goBack(from loss: Variable, differentiable: Bool, _ mark: (Tape) -> Void) throws {
    try require(loss, by: "gradients")
    if loss.count != 1 {
      throw TapeError(
        "gradients", "the loss is \(loss.shape) and not a scalar", remedy: "Take its sum() or mean().")
    }
    let count = steps.count
    sweep.gradients.removeAll(keepingCapacity: true)
    sweep.isReached.removeAll(keepingCapacity: true)
    sweep.holders.removeAll(keepingCapacity: true)
    sweep.isSum.removeAll(keepingCapacity: true)
    sweep.isWanted.removeAll(keepingCapacity: true)
    sweep.pending.removeAll(keepingCapacity: true)
    sweep.first = count
    extend(to: count)
    mark(self)
    for id in 0...Int(loss.id) { reach(id) }
    let (recorded, differentiated) = (isRecording, isDifferentiating)
    defer { (isRecording, isDifferentiating) = (recorded, differentiated) }
    (isRecording, isDifferentiating) = (differentiable, differentiable)
    guard sweep.isReached[Int(loss.id)] else { return }
    try accumulate(constant(1), to: loss.id)
    try pullBack(from: loss.id, downTo: 0)
  }

  private func extend(to count: Int) {
    while sweep.gradients.count < count {
      sweep.gradients.append(-1)
      sweep.isReached.append(false)
      sweep.holders.append(0)
      sweep.isSum.append(false)
      sweep.isWanted.append(false)
      sweep.pending.append((-1, -1))
    }
  }

  private func want(_ id: Int) {
    sweep.isWanted[id] = true
    sweep.isReached[id] = true
  }

  private func reach(_ id: Int) {
    guard steps[id].operation != nil else { return }
    let inputs = steps[id].inputs
    if isReached(inputs.0) || isReached(inputs.1) || isReached(inputs.2) || isReached(inputs.3) || isReached(inputs.4) {
      sweep.isReached[id] = true
    }
  }

  /// Whether a step's gradient is needed.
  func isReached(_ id: Int32) -> Bool { id >= 0 && sweep.isReached[Int(id)] }

  private func pullBack(from top: Int32, downTo bottom: Int32) throws {
    for id in stride(from: top, through: bottom, by: -1) {
      let gradient = sweep.gradients[Int(id)]
      guard gradient >= 0, sweep.isReached[Int(id)], let operation = steps[Int(id)].operation else { continue }
      let inputs = steps[Int(id)].inputs
      guard
        isReached(inputs.0) || isReached(inputs.1) || isReached(inputs.2) || isReached(inputs.3) || isReached(inputs.4)
      else { continue }
      try operation.pullBack(variable(gradient), through: steps[Int(id)], on: self)
      release(gradient, of: id)
    }
  }

  /// Adds a contribution to the gradient of a step if the gradient is needed.
  func accumulate(_ contribution: @autoclosure () throws -> Variable, to id: Int32) throws {
    guard isReached(id) else { return }
    try computePending(id)
    let contribution = try contribution()
    extend(to: steps.count)
    let index = Int(id)
    let present = sweep.gradients[index]
    if present < 0 {
      hold(contribution.id, for: index, isSum: false)
    } else if sweep.isSum[index] {
      addInPlace(contribution, to: variable(present))
      giveBackUnheld(contribution.id)
    } else {
      let sum = try variable(present) + contribution
      extend(to: steps.count)
      sweep.holders[Int(steps[Int(present)].owner)] -= 1
      giveBackUnheld(present)
      giveBackUnheld(contribution.id)
      hold(sum.id, for: index, isSum: !isDifferentiating)
    }
  }

  /// Adds `rows` transposed times `gradient` to the gradient of a parameter. If this is the only contribution, the
  /// product is postponed, so that the optimiser can use each part of it while it is in cache.
  func accumulate(product rows: Variable, _ gradient: Variable, to id: Int32) throws {
    guard isReached(id) else { return }
    let isAlone = sweep.gradients[Int(id)] < 0 && sweep.pending[Int(id)].rows < 0
    // A product whose factor the optimiser itself updates can't be postponed.
    let owner = steps[Int(steps[Int(rows.id)].owner)]
    let stays = owner.isTemporary || !owner.needsGradient
    guard isAlone, stays, !isDifferentiating, steps[Int(id)].inputs.0 < 0, sweep.isWanted[Int(id)] else {
      return try accumulate(rows.product(gradient, transposing: .left), to: id)
    }
    extend(to: steps.count)
    sweep.pending[Int(id)] = (rows.id, gradient.id)
    sweep.holders[Int(steps[Int(gradient.id)].owner)] += 1
  }

  /// The factors of a variable's gradient if it is a postponed product.
  func pendingGradient(of variable: Variable) throws -> (rows: Variable, gradient: Variable)? {
    try require(variable, by: "gradient")
    guard variable.id < sweep.pending.count, sweep.pending[Int(variable.id)].rows >= 0 else { return nil }
    let pending = sweep.pending[Int(variable.id)]
    return (self.variable(pending.rows), self.variable(pending.gradient))
  }

  private func computePending(_ id: Int32) throws {
    let pending = sweep.pending[Int(id)]
    guard pending.rows >= 0 else { return }
    sweep.pending[Int(id)] = (-1, -1)
    let recorded = isRecording
    defer { isRecording = recorded }
    isRecording = false
    let product = try variable(pending.rows).product(variable(pending.gradient), transposing: .left)
    extend(to: steps.count)
    hold(product.id, for: Int(id), isSum: true)
  }

  /// Keeps memory that several contributions share until all of them have been handed on.
  func holding(_ shared: Variable, _ body: () throws -> Void) throws {
    extend(to: steps.count)
    sweep.holders[Int(shared.id)] += 1
    try body()
    sweep.holders[Int(shared.id)] -= 1
    giveBackUnheld(shared.id)
  }

  private func hold(_ gradient: Int32, for index: Int, isSum: Bool) {
    sweep.gradients[index] = gradient
    sweep.isSum[index] = isSum
    sweep.holders[Int(steps[Int(gradient)].owner)] += 1
  }

  /// After a gradient was propagated through its step it isn't needed any more, unless it was requested.
  private func release(_ gradient: Int32, of id: Int32) {
    if sweep.isWanted[Int(id)] { return }
    sweep.holders[Int(steps[Int(gradient)].owner)] -= 1
    giveBackUnheld(gradient)
  }

  /// Frees a gradient's memory for reuse in the same pass if no step refers to it. Gradients that may be
  /// differentiated are kept.
  private func giveBackUnheld(_ gradient: Int32) {
    if isDifferentiating { return }
    let owner = steps[Int(gradient)].owner
    guard steps[Int(owner)].isTemporary, Int(owner) >= sweep.first, sweep.holders[Int(owner)] == 0 else {
      return
    }
    // The memory must be freed only once.
    sweep.holders[Int(owner)] = .min
    giveBack(steps[Int(owner)].pointer, bytes: steps[Int(owner)].count * width)
  }

  /// Propagates a gradient through the steps recorded since `first`, the last of them `result`. They compute the same
  /// as a step whose own gradient can't be differentiated.
  func pullBack(_ gradient: Variable, throughComposition result: Variable, from first: Int) throws {
    extend(to: steps.count)
    for id in first...max(first, Int(result.id)) { reach(id) }
    try accumulate(gradient, to: result.id)
    try pullBack(from: result.id, downTo: Int32(truncatingIfNeeded: first))
  }
}
