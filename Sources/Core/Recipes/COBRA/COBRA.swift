import Numerics

/// COBRA (Zbinden, Mauch and Cardinaux, DL4C 2022): the nodes of a network are written as lines of source text. A
/// transformer reads each line, and a GCN on the network's graph predicts the latency from its vectors.
///
/// Each node is a line in the manner of PyTorch (`SourceStyle`). The words of a line, with digits as separate words,
/// are the tokens of a transformer; their mean is the node's feature. Graph convolutions with a global node follow,
/// as in BRP-NAS. Both parts are trained together. Every batch is written in one of several styles, so that the
/// predictor can read other styles too.
///
/// ```swift
/// let fit = try COBRA().fit(to: data, split: split, label: "COBRA")
/// let renamed = fit.predictor.reading(SourceStyle(.short, input: "inputs", output: "hidden"))
/// ```
///
/// The sizes, figures and line format of the paper are unknown, so all of them are Labbook's choice. The transformer
/// isn't pretrained. Equal lines in a batch are read only once.
public struct COBRA: GraphNetworkRecipe {
  public static let family = "cobra"

  /// The number of layers of the transformer, and the width of a word's vector.
  public var readers: Int
  public var width: Int
  /// The number of graph convolutions, and their units.
  public var layers: Int
  public var units: Int
  /// The styles of source text for training graphs. Predictions use the first one.
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

  /// The graphs in the first style, then all of them in the second style, and so on.
  public func encode(_ graphs: [NetworkGraph], with encoding: SourceEncoding) throws -> EncodedGraphs {
    try styles.dropFirst().reduce(into: encoding.encode(graphs, styles[0])) { all, style in
      all.append(try encoding.encode(graphs, style))
    }
  }

  public func makeNetwork(features: Int) -> COBRANetwork { COBRANetwork(self, length: features) }
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
