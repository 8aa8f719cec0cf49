import Numerics

/// Encodes networks as lines of source text: the features of a row are the numbers of its line's words, then -1.
///
/// Word 0 stands for all words that don't appear in training lines. The first row of each graph is the global node,
/// which has no words and aggregates all rows. Other rows aggregate themselves and their successors.
public struct SourceEncoding: GraphRowEncoding, CheckedStructure {
  /// The style in which graphs are written for predictions.
  public var style: SourceStyle
  /// The words, numbered from 1.
  let words: [String]
  /// The length of the longest training line, in words. Longer lines are cut.
  let length: Int
  let operations: OperationRegistry

  /// - Throws: `InputError` when there are no graphs, or a graph has an unknown operation.
  init(fitting graphs: [NetworkGraph], styles: [SourceStyle]) throws {
    let nodes = try GraphEncoding(fitting: graphs, quantities: [])
    operations = nodes.operations
    style = styles.first ?? SourceStyle(.module)
    let lines = styles.flatMap { style in
      Set(graphs.flatMap(\.nodes)).map { style.line(of: $0).sourceTokens }
    }
    words = Set(lines.joined()).union((0...9).map { "\($0)" }).sorted()
    length = max(lines.map(\.count).max() ?? 1, 1)
  }

  public var featureCount: Int { length }

  var isSound: Bool { (1...1_000_000).contains(length) }

  public func encode(_ graphs: [NetworkGraph]) throws -> EncodedGraphs { try encode(graphs, style) }

  func encode(_ graphs: [NetworkGraph], _ style: SourceStyle) throws -> EncodedGraphs {
    // The neighbours are those of a `GraphEncoding`, which also reports unknown operations.
    let flow = try GraphEncoding(operations: operations).encode(graphs)
    var result = flow
    result.featureCount = length
    result.features = []
    let numbers = Dictionary(zip(words, 1...), uniquingKeysWith: { first, _ in first })
    var known: [Node: [Float]] = [:]
    for graph in graphs {
      result.features += [Float](repeating: -1, count: length)
      for node in graph.nodes {
        if let row = known[node] {
          result.features += row
          continue
        }
        var row = style.line(of: node).sourceTokens.prefix(length).map { Float(numbers[$0] ?? 0) }
        row += [Float](repeating: -1, count: length - row.count)
        known[node] = row
        result.features += row
      }
    }
    return result
  }
}
