import Numerics

/// COBRA (Zbinden, Mauch and Cardinaux, DL4C 2022): a network's nodes as lines of source text, read by a transformer,
/// whose vectors a GCN over the network's graph makes a latency of.
///
/// Each node is a line in the manner of PyTorch (`SourceStyle`). The words of a line, with digits one by one, go
/// through a transformer; the mean over them is the node's feature. Graph convolutions with a global node follow, as in
/// BRP-NAS. All is trained together. Every batch is written in one of several styles, so that the predictor reads
/// others too.
///
/// ```swift
/// let fit = try COBRA().fit(to: data, split: split, label: "COBRA")
/// let renamed = fit.predictor.reading(SourceStyle(.short, input: "inputs", output: "hidden"))
/// ```
///
/// The paper's sizes and figures are not known, nor how it writes lines: all of that is our reading. The transformer
/// isn't pretrained. Lines that come more than once in a batch are read once.
public struct COBRA: GraphNetworkRecipe {
  public static let family = "cobra"

  /// Layers of the transformer, and the width of a word.
  public var readers: Int
  public var width: Int
  /// Graph convolutions, and their units.
  public var layers: Int
  public var units: Int
  /// The styles of source text that training graphs are written in; predictions use the first.
  public var styles: [SourceStyle]
  public var options: TrainingOptions
  public var encoding: SourceEncoding?

  public init(
    readers: Int = 2, width: Int = 32, layers: Int = 4, units: Int = 64,
    styles: [SourceStyle] = [
      SourceStyle(.module), SourceStyle(.function, input: "h", output: "h"),
      SourceStyle(.tuples, input: "input", output: "out"),
    ], options: TrainingOptions = .graphNetwork(epochs: 80, learningRate: 1e-3), encoding: SourceEncoding? = nil
  ) {
    self.readers = readers
    self.width = width
    self.layers = layers
    self.units = units
    self.styles = styles
    self.options = options
    self.encoding = encoding
  }

  public func validate() throws {
    try require(readers, in: 1...1024, "layers of the transformer", usual: "2")
    try require(layers, in: 1...1024, "layers", usual: "4")
    try require(units, in: 1...65536, "units", usual: "64")
    try require(styles.count, in: 1...64, "styles", usual: "3")
    guard width >= 4, width % 4 == 0, width <= 65536 else {
      throw InputError("words can't have \(width) numbers", remedy: "Use a multiple of 4; 32 is usual.")
    }
  }

  public func makeEncoding(fitting graphs: [NetworkGraph]) throws -> SourceEncoding {
    try SourceEncoding(fitting: graphs, styles: styles)
  }

  /// The graphs in the first style, then all of them in the second, and so on.
  public func encode(_ graphs: [NetworkGraph], with encoding: SourceEncoding) throws -> EncodedGraphs {
    try styles.dropFirst().reduce(into: encoding.encode(graphs, styles[0])) { all, style in
      all.append(try encoding.encode(graphs, style))
    }
  }

  public func makeNetwork(features: Int) -> COBRANetwork { COBRANetwork(self, length: features) }
}

extension EncodedGraphs {
  /// Puts other graphs of as many features behind these.
  mutating func append(_ others: EncodedGraphs) {
    let (rows, ends) = (rowCount, neighbours.count)
    nodeOffsets += others.nodeOffsets.dropFirst().map { $0 + rows }
    features += others.features
    neighbourOffsets += others.neighbourOffsets.dropFirst().map { $0 + ends }
    neighbours += others.neighbours
  }
}

extension GraphNetworkPredictor<COBRA> {
  /// The same predictor, which reads networks in another style.
  public func reading(_ style: SourceStyle) -> GraphNetworkPredictor<COBRA> {
    var encoding = encoding
    encoding.style = style
    return GraphNetworkPredictor(
      recipe: recipe, encoding: encoding, parameters: parameters, scale: scale, ranks: ranks, unit: unit, device: device
    )
  }
}
