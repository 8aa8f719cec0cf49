import Foundation
import Numerics

/// A graph convolutional network that computes one or more numbers for a graph, as in BRP-NAS (Dudziak and others,
/// 2020).
///
/// Each of its layers maps the matrix `H` of node vectors, one row per node, to
///
///     dropout(relu(layerNorm(A H W + b)))
///
/// where `A` sums every node's neighbours, including itself. The first `H` has the node features. A readout makes one
/// vector of each graph's rows, and a linear unit for each output reads this vector.
///
/// ```swift
/// let network = try GCN(.init(layers: 4, hiddenUnits: 64), featureCount: graphs.featureCount, seed: 1)
/// let outputs = try network.outputs(for: graphs)
/// ```
public struct GCN: Hashable, Sendable {
  public let configuration: Configuration
  /// The number of features of a node.
  public let featureCount: Int
  /// The number of outputs for a graph.
  public let outputCount: Int
  /// All weights in one vector; `tensors` describes their places.
  public internal(set) var parameters: [Float]

  /// A network with random weights. The same seed gives the same weights.
  ///
  /// - Throws: `InputError` when a setting is out of its range.
  public init(_ configuration: Configuration, featureCount: Int, outputCount: Int = 1, seed: UInt64) throws {
    try configuration.validate()
    if featureCount < 1 {
      throw InputError("a GCN needs at least one feature per node", remedy: "Encode the graphs with GraphEncoding.")
    }
    self.configuration = configuration
    self.featureCount = featureCount
    guard 1...Self.mostOutputs ~= outputCount else {
      throw InputError("a GCN can't have \(outputCount) outputs", remedy: "Use 1 to \(Self.mostOutputs).")
    }
    self.outputCount = outputCount
    parameters = GCNParameters(configuration, featureCount: featureCount, outputCount: outputCount)
      .initialValues(seed: seed)
  }

  /// A network with given weights.
  ///
  /// - Throws: `InputError` when a setting is out of its range or the number of weights doesn't match the settings.
  public init(_ configuration: Configuration, featureCount: Int, outputCount: Int = 1, parameters: [Float]) throws {
    try configuration.validate()
    let expected = GCNParameters(
      configuration, featureCount: min(max(featureCount, 0), 1 << 24),
      outputCount: min(max(outputCount, 1), Self.mostOutputs)
    ).count
    guard 1...(1 << 24) ~= featureCount, 1...Self.mostOutputs ~= outputCount, parameters.count == expected else {
      throw InputError(
        "\(parameters.count) weights don't make a GCN of \(configuration.layers) layers of"
          + " \(configuration.hiddenUnits) units on \(featureCount) features, which has \(expected)")
    }
    self.configuration = configuration
    self.featureCount = featureCount
    self.outputCount = outputCount
    self.parameters = parameters
  }

  private static let mostOutputs = 1024

  /// The name, the shape (row-major) and the range in `parameters` of every tensor.
  ///
  /// `layers.N.weight` with shape [inputs, units] is the right factor of the node vectors.
  public var tensors: [(name: String, shape: [Int], range: Range<Int>)] {
    GCNParameters(configuration, featureCount: featureCount, outputCount: outputCount).tensors
  }

  /// The outputs, graph by graph.
  ///
  /// - Throws: `InputError` when the graphs have another number of features, or a graph has no nodes.
  public func outputs(for graphs: EncodedGraphs) throws -> [Float] {
    if graphs.featureCount != featureCount {
      throw InputError(
        "the graphs have \(graphs.featureCount) features per node, the network reads \(featureCount)",
        remedy: "Encode them with the encoding the network was trained with.")
    }
    try graphs.validate()
    var outputs: [Float] = []
    outputs.reserveCapacity(graphs.count * outputCount)
    let weights = Buffer(parameters.count, repeating: Float(0))
    weights.copy(parameters)
    let team = ThreadTeam(TrainingContext.current.threads)
    var first = 0
    while first < graphs.count {
      var end = first + 1
      while end < graphs.count, graphs.nodeOffsets[end + 1] - graphs.nodeOffsets[first] <= Self.rowsAtOnce { end += 1 }
      let (distinct, numbers) = graphs.distinct(in: first..<end, team: team)
      let table = RowTable(
        graphs, selection: distinct, layers: configuration.layers, readout: configuration.readout,
        mergesEqualRows: true, team: team)
      let batch = BatchRows(table, capacity: distinct.count)
      let pass = GCNPass(
        configuration, featureCount: featureCount, outputCount: outputCount, batches: [batch], learns: false, team: team
      )
      batch.select(Array(0..<Int32(distinct.count))[...], withTransposes: false)
      pass.forward(batch, parameters: weights.pointer, dropout: nil)
      for number in numbers {
        for output in 0..<outputCount { outputs.append(pass.outputs.pointer[Int(number) * outputCount + output]) }
      }
      first = end
    }
    return outputs
  }

  /// The number of nodes that are predicted together. It bounds the memory.
  private static let rowsAtOnce = 1 << 18
}

extension GCN: Codable {
  private enum CodingKeys: String, CodingKey {
    case configuration, featureCount, outputCount, parameters
  }

  /// Decodes the form that `encode(to:)` writes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let configuration = try container.decode(Configuration.self, forKey: .configuration)
    let featureCount = try container.decode(Int.self, forKey: .featureCount)
    let outputCount = try container.decodeIfPresent(Int.self, forKey: .outputCount) ?? 1
    let parameters = try container.decode([Float].self, forKey: .parameters)
    do {
      try self.init(configuration, featureCount: featureCount, outputCount: outputCount, parameters: parameters)
    } catch let error as InputError {
      throw DecodingError.dataCorruptedError(forKey: .parameters, in: container, debugDescription: error.description)
    }
  }

  /// Encodes the weights as one list of numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(configuration, forKey: .configuration)
    try container.encode(featureCount, forKey: .featureCount)
    // A single output isn't written, so that the form is the same as before networks could have several outputs.
    if outputCount != 1 { try container.encode(outputCount, forKey: .outputCount) }
    try container.encode(parameters, forKey: .parameters)
  }
}
