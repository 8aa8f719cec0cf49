import Numerics

/// A model on a tape: the part that is specific to a family of predictors that learn by gradients. `TapeTrainer` does
/// the rest.
///
/// ```swift
/// struct Regressor: TapeModel {
///   let layout: ParameterLayout
///   let layer: Linear
///
///   func outputs(
///     _ samples: ArraySlice<Int>, of rows: SampleRows, _ weights: Weights, dropoutSeed: UInt64?
///   ) throws -> Variable {
///     try layer(rows.constant(samples, on: weights.tape), weights)
///   }
/// }
/// ```
public protocol TapeModel: Sendable {
  /// The input of the model, for all samples.
  associatedtype Inputs

  /// The parameters.
  var layout: ParameterLayout { get }

  /// The outputs for some samples: `samples.count` rows, with as many columns as the loss's `outputHead` needs (1 for
  /// most losses).
  ///
  /// - Parameters:
  ///   - samples: Indices of samples in `inputs`.
  ///   - dropoutSeed: The seed of dropout while training; nil for predictions.
  /// - Throws: `TapeError` when shapes don't fit.
  func outputs(
    _ samples: ArraySlice<Int>, of inputs: Inputs, _ weights: Weights, dropoutSeed: UInt64?
  ) throws -> Variable

  /// A scalar that training minimises instead of the mean of `TrainingOptions.loss`, for losses that depend on
  /// several outputs at a time. Nil, the default, minimises that mean.
  ///
  /// - Throws: `TapeError` when shapes don't fit.
  func objective(_ batch: TrainingBatch, of inputs: Inputs, _ weights: Weights) throws -> Variable?
}

extension TapeModel {
  public func objective(_ batch: TrainingBatch, of inputs: Inputs, _ weights: Weights) throws -> Variable? { nil }
}

extension TapeModel {
  /// The outputs for the first `count` samples, sample by sample, with given parameters.
  func outputs(_ count: Int, of inputs: Inputs, parameters: ParameterVector, on tape: Tape) throws -> [Float] {
    let samples = Array(0..<count)
    return try tape.inParts(of: count, atOnce: Tape.samplesAtOnce) { part, tape in
      try outputs(samples[part], of: inputs, tape.bind(parameters), dropoutSeed: nil).floats
    }
  }
}

extension Tape {
  /// The number of samples that are predicted together: few enough for the processor's second cache.
  static var samplesAtOnce: Int { 64 }

  /// Predicts networks on the threads of the current context.
  ///
  /// - Parameter predict: A function that encodes and predicts some of them on a tape. Both together, part by part,
  ///   need less memory than all networks in encoded form.
  static func predictions(
    of graphs: [NetworkGraph], _ predict: ([NetworkGraph], Tape) throws -> [Double]
  ) throws -> [Double] {
    try Tape(threads: TrainingContext.current.threads).inParts(of: graphs.count, atOnce: 4 * samplesAtOnce) {
      part, tape in try predict(Array(graphs[part]), tape)
    }
  }
}

/// Rows of numbers, one for each sample.
public struct SampleRows: Sendable {
  public let count: Int
  public let columns: Int
  /// The values, row by row.
  public let values: [Float]

  /// - Precondition: There are `count * columns` values.
  public init(count: Int, columns: Int, values: [Float]) {
    self.count = count
    self.columns = columns
    self.values = values
  }

  /// The rows of some samples, on a tape.
  public func constant(_ samples: ArraySlice<Int>, on tape: Tape) -> Variable {
    var rows: [Float] = []
    rows.reserveCapacity(samples.count * columns)
    for sample in samples { rows += values[sample * columns..<(sample + 1) * columns] }
    return tape.constant(singles: rows, rows: samples.count, columns: columns)
  }
}
