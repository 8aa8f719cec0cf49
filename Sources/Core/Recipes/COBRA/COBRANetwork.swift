import Numerics

/// COBRA's transformer and GCN; see `COBRA`.
public struct COBRANetwork: GraphNetwork {
  public let layout: ParameterLayout
  private let styles: Int
  private let words: Embedding
  private let places: Embedding
  private let readers: [TransformerLayer]
  private let convolutions: [GraphConvolution]
  private let output: Linear
  /// The greatest number of words in the vocabulary.
  static let vocabulary = 512

  init(_ recipe: COBRA, length: Int) {
    var layout = ParameterLayout()
    styles = recipe.styles.count
    words = Embedding("words", count: Self.vocabulary, width: recipe.width, in: &layout)
    places = Embedding("places", count: max(length, 1), width: recipe.width, in: &layout)
    readers = (0..<recipe.readers).map {
      TransformerLayer("readers.\($0)", width: recipe.width, heads: 4, inner: 2 * recipe.width, in: &layout)
    }
    convolutions = (0..<recipe.layers).map {
      GraphConvolution(
        "convolutions.\($0)", inputs: $0 == 0 ? recipe.width : recipe.units, units: recipe.units, in: &layout)
    }
    output = Linear("output", inputs: recipe.units, outputs: 1, in: &layout)
    self.layout = layout
  }

  public func outputs(_ rows: GraphRows, _ weights: Weights, dropoutSeed: UInt64?) throws -> Variable {
    let lines = DistinctLines(rows.features)
    let picked = try words(SparseMatrix(picking: lines.words, of: Self.vocabulary), weights)
    var x = try picked + places(SparseMatrix(picking: lines.places, of: places.table.rows), weights)
    let segments = Segments(lengths: lines.lengths)
    for reader in readers { x = try reader(x, segments, weights) }
    x = try SparseMatrix(picking: lines.lineOfRow, of: lines.lengths.count).sums(of: segments.means.sums(of: x))
    let neighbours = try rows.neighbourSums()
    for layer in convolutions { x = try layer(x, neighbours, weights) }
    // The global node is the first row of each graph.
    var starts: [Int] = []
    var start = 0
    for length in rows.graphs.lengths {
      starts.append(start)
      start += length
    }
    return try output(SparseMatrix(picking: starts, of: rows.rowCount).sums(of: x), weights)
  }

  public func objective(_ batch: TrainingBatch, of encoded: EncodedGraphs, _ weights: Weights) throws -> Variable? {
    guard let seed = batch.dropoutSeed, styles > 1 else { return nil }
    let shift = encoded.count / styles * Int(seed % UInt64(styles))
    let rows = GraphRows(batch.samples.map { $0 + shift }, of: encoded, on: weights.tape)
    return try batch.meanLoss(of: outputs(rows, weights, dropoutSeed: seed))
  }
}

/// The distinct lines of a batch, with all their words in one list.
private struct DistinctLines {
  private(set) var words: [Int] = []
  private(set) var places: [Int] = []
  private(set) var lengths: [Int] = []
  private(set) var lineOfRow: [Int] = []

  init(_ features: Variable) {
    let (values, width) = (features.floats, features.columns)
    var numbers: [ArraySlice<Float>: Int] = [:]
    for row in 0..<features.rows {
      let line = values[row * width..<(row + 1) * width]
      if let number = numbers[line] {
        lineOfRow.append(number)
        continue
      }
      numbers[line] = lengths.count
      lineOfRow.append(lengths.count)
      let length = line.firstIndex { $0 < 0 }.map { $0 - line.startIndex } ?? width
      lengths.append(length)
      for place in 0..<length {
        words.append(min(max(Int(line[line.startIndex + place]), 0), COBRANetwork.vocabulary - 1))
        places.append(place)
      }
    }
  }
}
