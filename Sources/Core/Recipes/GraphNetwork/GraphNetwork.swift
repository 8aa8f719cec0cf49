import Numerics

/// A neural network that gives one number for each graph of a batch: the parameters, and the computation from rows to
/// outputs.
public protocol GraphNetwork: Sendable {
  /// The parameters.
  var layout: ParameterLayout { get }

  /// One number for each graph: a `graphs x 1` matrix.
  ///
  /// - Parameter dropoutSeed: The seed of dropout while training; nil for predictions.
  /// - Throws: `TapeError` when shapes don't fit.
  func outputs(_ rows: GraphRows, _ weights: Weights, dropoutSeed: UInt64?) throws -> Variable

  /// The objective as in `TapeModel.objective`, with the encoded graphs. Nil, the default, uses the options' loss.
  func objective(_ batch: TrainingBatch, of encoded: EncodedGraphs, _ weights: Weights) throws -> Variable?
}

extension GraphNetwork {
  public func objective(_ batch: TrainingBatch, of encoded: EncodedGraphs, _ weights: Weights) throws -> Variable? {
    nil
  }
}

/// An encoding of graphs as rows of features with neighbours.
public protocol GraphRowEncoding: Codable, Hashable, Sendable {
  /// The number of features of a row.
  var featureCount: Int { get }
  /// - Throws: `InputError` that names the graph and node whose operation the encoding doesn't know.
  func encode(_ graphs: [NetworkGraph]) throws -> EncodedGraphs
}

extension GraphEncoding: GraphRowEncoding {}

/// A graph network in the form that `TapeTrainer` needs.
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
