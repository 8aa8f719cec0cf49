import Numerics

/// Pools the rows of each group into a fixed number of rows, by attention with learned queries:
///
///     y_j = sum over rows of share_j * (V x),  share_j = softmax over rows of q_j . (K x) / sqrt(width)
struct QueryPooling: Sendable {
  let keys: Linear
  let values: Linear
  let queries: ParameterLayout.Tensor

  init(_ name: String, width: Int, queries count: Int, in layout: inout ParameterLayout) {
    keys = Linear("\(name).keys", inputs: width, outputs: width, in: &layout)
    values = Linear("\(name).values", inputs: width, outputs: width, in: &layout)
    queries = layout.add("\(name).queries", rows: count, columns: width, .uniform(bound: 1))
  }

  /// - Returns: For each group as many rows as there are queries, one below the other.
  /// - Throws: `TapeError` when shapes don't fit.
  func callAsFunction(_ x: Variable, _ groups: Segments, _ weights: Weights) throws -> Variable {
    let scores = try keys(x, weights).product(weights[queries], transposing: .right) / Double(x.columns).squareRoot()
    let shares = try scores.softmax(within: groups)
    let values = try values(x, weights)
    let pooled = try (0..<queries.rows).map { query in
      try groups.sums.sums(of: values * shares.columns(query..<query + 1))
    }
    return try Variable.joinedColumns(pooled).reshaped(rows: groups.count * queries.rows, columns: x.columns)
  }
}
