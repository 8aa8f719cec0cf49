import Numerics

/// Many encoded graphs in one flat, sparse, unpadded layout, which a GCN reads.
///
/// Graph `g` has the rows `nodeOffsets[g]..<nodeOffsets[g + 1]`; its first row is the global node if the encoding has
/// one. Row `r` aggregates the rows `neighbours[neighbourOffsets[r]..<neighbourOffsets[r + 1]]` of its own graph,
/// including itself, so that one aggregation is `Y[r] = sum over n of X[first row of the graph + n]`.
public struct EncodedGraphs: Codable, Hashable, Sendable {
  /// The number of columns of `features`.
  public var featureCount: Int
  /// The first row of each graph, and the number of rows: `count + 1` entries, from 0.
  public var nodeOffsets: [Int]
  /// The features, row-major: `nodeOffsets.last` rows of `featureCount` columns.
  public var features: [Float]
  /// The start of each row's neighbours: rows + 1 entries, from 0.
  public var neighbourOffsets: [Int]
  /// The rows' neighbours as row indices within the graph, ascending for each row.
  public var neighbours: [Int32]

  public init(featureCount: Int) {
    self.featureCount = featureCount
    nodeOffsets = [0]
    features = []
    neighbourOffsets = [0]
    neighbours = []
  }

  /// The number of graphs.
  public var count: Int { nodeOffsets.count - 1 }
  /// The number of nodes of all graphs together.
  public var rowCount: Int { nodeOffsets[count] }
}

extension EncodedGraphs {
  /// Encodes parts of `items` on the threads of the current context, and joins the results in order.
  ///
  /// - Throws: The error of the first part that can't be encoded.
  init<Item>(
    featureCount: Int, encoding items: [Item], _ encode: (ArraySlice<Item>) throws -> EncodedGraphs
  ) throws {
    // Starting threads takes longer than encoding a few graphs.
    let team = ThreadTeam(items.count < 512 ? 1 : TrainingContext.current.threads)
    var parts = [Result<EncodedGraphs, any Error>?](repeating: nil, count: team.size)
    parts.withUnsafeMutableBufferPointer { parts in
      let parts = parts
      team.forEach(parts.count) { part, _ in
        let first = part * items.count / parts.count
        parts[part] = Result { try encode(items[first..<(part + 1) * items.count / parts.count]) }
      }
    }
    let made = try parts.compactMap { try $0?.get() }
    if let only = made.first, made.count == 1 {
      self = only
      return
    }
    self.init(featureCount: featureCount)
    features.reserveCapacity(made.reduce(0) { $0 + $1.features.count })
    neighbours.reserveCapacity(made.reduce(0) { $0 + $1.neighbours.count })
    for part in made { append(part) }
  }

  /// Appends graphs with the same features.
  mutating func append(_ others: EncodedGraphs) {
    let (rows, ends) = (rowCount, neighbours.count)
    nodeOffsets += others.nodeOffsets.dropFirst().map { rows + $0 }
    features += others.features
    neighbourOffsets += others.neighbourOffsets.dropFirst().map { ends + $0 }
    neighbours += others.neighbours
  }

  /// The distinct graphs of `range` (those that don't equal an earlier one node by node), and for each graph of
  /// `range` the number of the distinct graph that it equals.
  func distinct(in range: Range<Int>, team: ThreadTeam = ThreadTeam(1)) -> (graphs: [Int], numbers: [Int32]) {
    let numbers = Buffer(range.count, repeating: Int32(0))
    _ = SequenceInterner.numbering(range.count, into: numbers.pointer, team: team) { items, interner in
      // The ends of the neighbour lists are part of the content, so that graphs of different sizes differ.
      var content: [Int32] = []
      features.withUnsafeBufferPointer { features in
        features.withMemoryRebound(to: Int32.self) { bits in
          for item in items {
            let rows = nodeOffsets[range.lowerBound + item]..<nodeOffsets[range.lowerBound + item + 1]
            let first = neighbourOffsets[rows.lowerBound]
            content.removeAll(keepingCapacity: true)
            content.append(Int32(rows.count))
            for row in rows { content.append(Int32(neighbourOffsets[row + 1] - first)) }
            content.append(contentsOf: neighbours[first..<neighbourOffsets[rows.upperBound]])
            content.append(
              contentsOf: UnsafeBufferPointer(
                rebasing: bits[rows.lowerBound * featureCount..<rows.upperBound * featureCount]))
            numbers.pointer[item] = content.withUnsafeBufferPointer { interner.intern($0) }
          }
        }
      }
    }
    var distinct: [Int] = []
    for (graph, number) in zip(range, numbers.values) where number == distinct.count { distinct.append(graph) }
    return (distinct, numbers.array)
  }
}
