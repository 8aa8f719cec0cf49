internal import CKernels

/// Records computations in order to differentiate them: reverse-mode automatic differentiation.
///
/// Operations compute their results at once and record a step. `gradients(of:withRespectTo:)` goes back over the
/// steps and accumulates gradients by the chain rule. Gradients are matrices on the same tape: with `differentiable:
/// true` they can be differentiated again (Hessian-vector products, meta-learning).
///
/// ```swift
/// let tape = Tape()
/// for batch in batches {
///   tape.reset()
///   let weights = tape.bind(parameters)
///   let loss = try model(tape.constant(batch.inputs, rows: 16, columns: 64), weights)
///     .absoluteError(from: tape.constant(batch.targets, rows: 16, columns: 1))
///   try tape.backward(from: loss)
///   try optimizer.step(weights, rate: 1e-3)
/// }
/// ```
///
/// A tape reuses the memory of earlier passes, so that a pass allocates nothing. Results have the same bits for any
/// number of threads and on any processor: sums are added in an order that depends only on shapes, and functions such
/// as the exponential use operations that every processor rounds in the same way. A tape must be used from one thread
/// at a time.
public final class Tape {
  /// The floating-point precision of a tape.
  public enum Precision: Sendable {
    /// Single precision, for training.
    case single
    /// Double precision, for tests that compare gradients with differences.
    case double
  }

  public let precision: Precision
  let kernels: tape_kernels
  private let path: Int?
  let team: ThreadTeam
  /// The size of a number in bytes.
  let width: Int
  private(set) var pass = 0
  var steps: [TapeStep] = []
  private var arena = TapeArena()
  private let singleOne = Buffer<Float>(1, repeating: 1)
  private let doubleOne = Buffer<Double>(1, repeating: 1)
  var sweep = GradientSweep()
  /// Whether the current computation may be differentiated later.
  var isRecording = true
  /// Whether gradients that are currently computed will be differentiated again.
  var isDifferentiating = false

  /// - Parameters:
  ///   - threads: The number of threads that share the work. No result depends on it.
  public convenience init(precision: Precision = .single, threads: Int = 1) {
    self.init(precision: precision, team: ThreadTeam(threads), path: nil)
  }

  /// - Parameter path: The loops for AVX-512 (0), AVX2 (1) or any processor (2); nil for those of the process.
  init(precision: Precision, team: ThreadTeam, path: Int?) {
    self.precision = precision
    self.path = path
    self.team = team
    width = precision == .single ? 4 : 8
    kernels = TapeInstructions(path).table(isDouble: precision == .double)
  }

  /// The size in bytes of the memory for the results of a pass. It is constant once a pass needed no more than the
  /// earlier ones.
  public var memory: Int { arena.bytes }

  /// Starts a new pass. All variables of the tape become invalid, and their memory is reused.
  public func reset() {
    pass += 1
    steps.removeAll(keepingCapacity: true)
    arena.reset()
    isRecording = true
    isDifferentiating = false
  }

  /// Tapes of one thread each, for passes that run at the same time: as many as this tape has threads.
  private lazy var singleThreaded = (0..<team.size).map { _ in
    Tape(precision: precision, team: ThreadTeam(1), path: path)
  }

  /// Makes passes for parts of `count` samples, and returns their results one after the other.
  ///
  /// The threads share the parts, each of which has a tape to itself. The pass of a single part is shared by the
  /// threads instead.
  ///
  /// - Parameters:
  ///   - atOnce: The number of samples of a part, at least 1.
  ///   - pass: A function that computes the results of some samples on a tape, which has been reset.
  /// - Throws: The error of the first part whose pass fails.
  package func inParts<Value>(
    of count: Int, atOnce: Int, _ pass: (Range<Int>, Tape) throws -> [Value]
  ) throws -> [Value] {
    let parts = (count + atOnce - 1) / atOnce
    func run(_ part: Int, _ tape: Tape) throws -> [Value] {
      tape.reset()
      return try pass(part * atOnce..<min((part + 1) * atOnce, count), tape)
    }
    if parts < 2 || team.size < 2 { return try (0..<parts).flatMap { try run($0, self) } }
    let tapes = singleThreaded
    var results = [Result<[Value], any Error>](repeating: .success([]), count: parts)
    results.withUnsafeMutableBufferPointer { results in
      let results = results
      team.forEach(parts) { part, thread in results[part] = Result { try run(part, tapes[thread]) } }
    }
    return try results.flatMap { try $0.get() }
  }

  /// A matrix of these numbers, row by row, without a gradient.
  ///
  /// - Precondition: There are `rows * columns` numbers. Missing numbers are 0.
  public func constant(_ values: [Double], rows: Int, columns: Int) -> Variable {
    let result = matrix(rows, columns)
    for index in 0..<rows * columns { set(result.pointer, index, index < values.count ? values[index] : 0) }
    return result
  }

  /// A matrix of these numbers, row by row, without a gradient.
  public func constant(singles values: [Float], rows: Int, columns: Int) -> Variable {
    let result = matrix(rows, columns)
    let count = min(rows * columns, values.count)
    if precision == .single {
      values.withUnsafeBytes {
        if let source = $0.baseAddress { result.pointer.copyMemory(from: source, byteCount: 4 * count) }
      }
    } else {
      for index in 0..<count { set(result.pointer, index, Double(values[index])) }
    }
    for index in count..<rows * columns { set(result.pointer, index, 0) }
    return result
  }

  /// A matrix in which all elements have the same value.
  public func constant(_ value: Double, rows: Int = 1, columns: Int = 1) -> Variable {
    let result = matrix(rows, columns)
    for index in 0..<rows * columns { set(result.pointer, index, value) }
    return result
  }

  /// A matrix of these numbers, row by row, whose gradient can be requested.
  public func variable(_ values: [Double], rows: Int, columns: Int) -> Variable {
    let result = constant(values, rows: rows, columns: columns)
    steps[Int(result.id)].needsGradient = true
    return result
  }

  /// A contiguous matrix in memory outside the tape, which must stay valid during the pass.
  package func constant(at pointer: UnsafeMutableRawPointer, rows: Int, columns: Int) -> Variable {
    leaf(pointer, rows, columns, needsGradient: false)
  }

  /// - Parameter owner: The owner of the memory, which is retained during the pass.
  func leaf(
    _ pointer: UnsafeMutableRawPointer, _ rows: Int, _ columns: Int, needsGradient: Bool, owner: AnyObject? = nil
  ) -> Variable {
    append(
      TapeStep(
        rows: rows, columns: columns, pointer: pointer, isTemporary: false, needsGradient: needsGradient, object: owner)
    )
  }

  /// Uninitialised memory for a matrix, without an operation.
  func matrix(_ rows: Int, _ columns: Int) -> Variable {
    append(TapeStep(rows: rows, columns: columns, pointer: arena.take(rows * columns * width)))
  }

  /// Allocates memory for the result of a step, and records the step.
  func record(
    _ operation: any TapeOperation.Type, _ inputs: TapeStep.Inputs, _ rows: Int, _ columns: Int, number: Double = 0,
    setting: Int32 = 0, detail: Int32 = 0, seed: UInt64 = 0, object: AnyObject? = nil, viewOf owner: Variable? = nil,
    at pointer: UnsafeMutableRawPointer? = nil
  ) -> Variable {
    var step = TapeStep(
      rows: rows, columns: columns, pointer: pointer ?? arena.take(rows * columns * width), inputs: inputs,
      number: number, setting: setting, detail: detail, seed: seed, object: object)
    if let owner {
      step.owner = steps[Int(owner.id)].owner
      step.isTemporary = steps[Int(owner.id)].isTemporary
    }
    if isRecording {
      step.needsGradient =
        needs(inputs.0) || needs(inputs.1) || needs(inputs.2) || needs(inputs.3) || needs(inputs.4)
      if step.needsGradient { step.operation = operation }
    }
    return append(step)
  }

  private func needs(_ id: Int32) -> Bool { id >= 0 && steps[Int(id)].needsGradient }

  private func append(_ step: TapeStep) -> Variable {
    let id = Int32(truncatingIfNeeded: steps.count)
    steps.append(step)
    steps[Int(id)].id = id
    if step.owner < 0 { steps[Int(id)].owner = id }
    return variable(id)
  }

  func variable(_ id: Int32) -> Variable { Variable(tape: self, id: id, pass: pass) }

  /// The address of the number 1.
  var one: UnsafeMutableRawPointer {
    precision == .single ? UnsafeMutableRawPointer(singleOne.pointer) : UnsafeMutableRawPointer(doubleOne.pointer)
  }

  /// Memory for intermediate results of one step.
  func scratch(_ bytes: Int) -> UnsafeMutableRawPointer { arena.take(bytes) }
  func giveBack(_ pointer: UnsafeMutableRawPointer, bytes: Int) { arena.give(pointer, bytes: bytes) }

  @inline(__always)
  func number(at pointer: UnsafeMutableRawPointer, _ index: Int) -> Double {
    precision == .single
      ? Double(pointer.assumingMemoryBound(to: Float.self)[index]) : pointer.assumingMemoryBound(to: Double.self)[index]
  }

  @inline(__always)
  func set(_ pointer: UnsafeMutableRawPointer, _ index: Int, _ value: Double) {
    if precision == .single {
      pointer.assumingMemoryBound(to: Float.self)[index] = Float(value)
    } else {
      pointer.assumingMemoryBound(to: Double.self)[index] = value
    }
  }

  /// Requires that variables belong to the current pass of this tape and have not been overwritten.
  func require(_ variables: Variable..., by operation: String) throws {
    for variable in variables {
      if variable.tape !== self {
        throw TapeError(operation, "a variable belongs to another tape", remedy: "Make all variables on one tape.")
      }
      if variable.pass != pass {
        throw TapeError(
          operation, "a variable belongs to an earlier pass", remedy: "Make it again after the tape is reset.")
      }
    }
  }
}
