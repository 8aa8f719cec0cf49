/// The one-hot features of networks: a column of ones and zeros for each pair of place and node. For networks that
/// aren't aligned (`StructuralFeatures`) they are the scaled sums of operations.
struct AdditiveColumns: Codable, Hashable, Sendable {
  let features: StructuralFeatures
  /// The pairs of place and symbol in the known networks, as place times the number of symbols plus the symbol,
  /// ascending.
  let places: [Int]

  /// - Throws: `InputError` like `StructuralFeatures`.
  init(_ graphs: [NetworkGraph]) throws {
    let features = try StructuralFeatures(graphs)
    let rows = try features.rows(of: graphs)
    let width = rows.positionCount
    var found = Set<Int>()
    for (index, symbol) in rows.symbols.enumerated() where symbol >= 0 {
      found.insert(index % max(width, 1) * features.symbols.count + Int(symbol))
    }
    self.features = features
    places = found.sorted()
  }

  /// Descriptions of the columns; only for aligned networks.
  var names: [String] {
    guard features.nodeCount != nil else { return features.numbers.columns.map { "sum \($0)" } }
    return places.map { place in
      let (position, symbol) = place.quotientAndRemainder(dividingBy: features.symbols.count)
      return "\(features.symbols[symbol].operation) at node \(features.positions[position])"
    }
  }

  var count: Int { features.nodeCount == nil ? features.numbers.columns.count : places.count }

  /// The features, row-major. A node that no known network has at its place has only zeros there.
  func rows(of graphs: [NetworkGraph]) throws -> [[Double]] {
    let rows = try features.rows(of: graphs)
    guard features.nodeCount != nil else {
      return (0..<rows.count).map { Array(rows.numbers[$0 * rows.numberCount..<($0 + 1) * rows.numberCount]) }
    }
    let columns = Dictionary(zip(places, places.indices), uniquingKeysWith: { first, _ in first })
    let width = rows.positionCount
    return (0..<rows.count).map { row in
      var result = [Double](repeating: 0, count: places.count)
      for position in 0..<width {
        let symbol = Int(rows.symbols[row * width + position])
        if symbol >= 0, let column = columns[position * features.symbols.count + symbol] { result[column] = 1 }
      }
      return result
    }
  }
}

/// A linear function of such rows: an intercept and a price for each column.
struct AdditiveFunction: Codable, Hashable, Sendable {
  var intercept: Double
  var prices: [Double]

  func value(_ row: [Double]) -> Double {
    zip(row, prices).reduce(intercept) { $0 + $1.0 * $1.1 }
  }
}
