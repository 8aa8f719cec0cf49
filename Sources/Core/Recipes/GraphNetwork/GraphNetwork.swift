import Numerics

/// A neural network that gives one number for each graph of a batch: the parameters, and the way from rows to outputs.
public protocol GraphNetwork: Sendable {
  /// The parameters.
  var layout: ParameterLayout { get }

  /// One number for each graph, `graphs x 1`.
  ///
  /// - Parameter dropoutSeed: In training, what decides on the elements that are dropped; nil when predicting.
  /// - Throws: `TapeError` when shapes don't fit.
  func outputs(_ rows: GraphRows, _ weights: Weights, dropoutSeed: UInt64?) throws -> Variable

  /// As `TapeModel.objective`, with what was encoded; nil for the options' loss, as by default.
  func objective(_ batch: TrainingBatch, of encoded: EncodedGraphs, _ weights: Weights) throws -> Variable?
}

extension GraphNetwork {
  public func objective(_ batch: TrainingBatch, of encoded: EncodedGraphs, _ weights: Weights) throws -> Variable? {
    nil
  }
}

/// A way to turn graphs into rows of features with their neighbours.
public protocol GraphRowEncoding: Codable, Hashable, Sendable {
  /// The features of a row.
  var featureCount: Int { get }
  /// - Throws: `InputError` that names the graph and node whose operation the encoding doesn't know.
  func encode(_ graphs: [NetworkGraph]) throws -> EncodedGraphs
}

extension GraphEncoding: GraphRowEncoding {}

/// A graph network as `TapeTrainer` takes it.
struct GraphNetworkModel<Network: GraphNetwork>: TapeModel {
  let network: Network

  var layout: ParameterLayout { network.layout }

  func outputs(
    _ samples: ArraySlice<Int>, of encoded: EncodedGraphs, _ weights: Weights, dropoutSeed: UInt64?
  ) throws -> Variable {
    try network.outputs(GraphRows(samples, of: encoded, on: weights.tape), weights, dropoutSeed: dropoutSeed)
  }

  func objective(_ batch: TrainingBatch, of encoded: EncodedGraphs, _ weights: Weights) throws -> Variable? {
    try network.objective(batch, of: encoded, weights)
  }
}
