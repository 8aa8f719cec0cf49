internal import CKernels

/// Records what is computed, to give gradients of it: reverse-mode automatic differentiation.
///
/// Operations compute their results at once and note what they did; `gradients(of:withRespectTo:)` goes back over the
/// notes and adds up, by the chain rule, what each step says of its inputs. Gradients are matrices on the tape
/// themselves: with `differentiable: true` they can be differentiated again (Hessian-vector products, meta-learning).
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
/// A tape has all its memory from passes before, so that a pass allocates nothing. Its results are the same bits for
/// any number of threads and on any processor: sums are added in an order that depends on shapes alone, and functions
/// such as the exponential are computed by operations that every processor rounds alike. It is used from one thread at
/// a time.
public final class Tape {
  /// What numbers are kept as.
  public enum Precision: Sendable {
    /// For training.
    case single
    /// For tests of gradients against differences.
    case double
  }

  public let precision: Precision
  let kernels: tape_kernels
  let team: ThreadTeam
  /// Bytes of a number.
  let width: Int
  private(set) var pass = 0
  var steps: [TapeStep] = []
  private var arena = TapeArena()
  private let singleOne = Buffer<Float>(1, repeating: 1)
  private let doubleOne = Buffer<Double>(1, repeating: 1)
  var sweep = GradientSweep()
  /// Whether what is computed now may be differentiated later.
  var isRecording = true
  /// Whether gradients that are computed now will be differentiated again.
  var isDifferentiating = false

  /// - Parameters:
  ///   - threads: How many share the work; no result depends on it.
  public convenience init(precision: Precision = .single, threads: Int = 1) {
    self.init(precision: precision, team: ThreadTeam(threads), path: nil)
  }

  /// - Parameter path: The loops for AVX-512 (0), AVX2 (1) or any processor (2); nil for those that the process uses.
  init(precision: Precision, team: ThreadTeam, path: Int?) {
    self.precision = precision
    self.team = team
    width = precision == .single ? 4 : 8
    kernels = TapeInstructions(path).table(isDouble: precision == .double)
  }

  /// The bytes of memory for the results of a pass; they stay as they are once a pass needed no more than the ones
  /// before.
  public var memory: Int { arena.bytes }

  /// Begins a new pass: all variables of the tape become invalid, their memory is used again.
  public func reset() {
    pass += 1
    steps.removeAll(keepingCapacity: true)
    arena.reset()
    isRecording = true
    isDifferentiating = false
  }

  /// A matrix of these numbers, row by row, that no gradient is asked for.
  ///
  /// - Precondition: There are `rows * columns` of them; what is missing is 0.
  public func constant(_ values: [Double], rows: Int, columns: Int) -> Variable {
    let result = matrix(rows, columns)
    for index in 0..<rows * columns { set(result.pointer, index, index < values.count ? values[index] : 0) }
    return result
  }

  /// A matrix of these numbers, row by row, that no gradient is asked for.
  public func constant(singles values: [Float], rows: Int, columns: Int) -> Variable {
    let result = matrix(rows, columns)
    for index in 0..<rows * columns { set(result.pointer, index, index < values.count ? Double(values[index]) : 0) }
    return result
  }

  /// A matrix in which every number is the same.
  public func constant(_ value: Double, rows: Int = 1, columns: Int = 1) -> Variable {
    let result = matrix(rows, columns)
    for index in 0..<rows * columns { set(result.pointer, index, value) }
    return result
  }

  /// A matrix of these numbers, row by row, that gradients may be asked for.
  public func variable(_ values: [Double], rows: Int, columns: Int) -> Variable {
    let result = constant(values, rows: rows, columns: columns)
    steps[Int(result.id)].needsGradient = true
    return result
  }

  /// A matrix that stays where it is, contiguous, as long as the pass goes on.
  package func constant(at pointer: UnsafeMutableRawPointer, rows: Int, columns: Int) -> Variable {
    leaf(pointer, rows, columns, needsGradient: false)
  }

  /// - Parameter owner: Whoever has the memory, kept as long as the pass goes on.
  func leaf(
    _ pointer: UnsafeMutableRawPointer, _ rows: Int, _ columns: Int, needsGradient: Bool, owner: AnyObject? = nil
  ) -> Variable {
    append(
      TapeStep(
        rows: rows, columns: columns, pointer: pointer, isTemporary: false, needsGradient: needsGradient, object: owner)
    )
  }

  /// Memory for a matrix, with anything in it, and no operation.
  func matrix(_ rows: Int, _ columns: Int) -> Variable {
    append(TapeStep(rows: rows, columns: columns, pointer: arena.take(rows * columns * width)))
  }

  /// Memory for the result of a step, and the step itself.
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

  /// Where the number 1 stands.
  var one: UnsafeMutableRawPointer {
    precision == .single ? UnsafeMutableRawPointer(singleOne.pointer) : UnsafeMutableRawPointer(doubleOne.pointer)
  }

  /// Memory for work within one step.
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

  /// That variables are of this pass of this tape, and their numbers still there.
  func require(_ variables: Variable..., by operation: String) throws {
    for variable in variables {
      if variable.tape !== self {
        throw TapeError(operation, "a variable is another tape's", remedy: "Make all variables on one tape.")
      }
      if variable.pass != pass {
        throw TapeError(
          operation, "a variable is of an earlier pass", remedy: "Make it anew after the tape is reset.")
      }
    }
  }
}
