/// The operation terms whose sums over a graph's nodes are not the same in all training graphs, and the mean and the
/// standard deviation of each sum over the training graphs. Nearest neighbours and perceptrons use these sums as
/// features; a sum that is the same in all graphs tells nothing about their latencies.
struct VaryingTerms {
  /// The operations of the training graphs.
  let operations: OperationRegistry
  /// The sums of each training graph.
  let sums: [[OperationTerm: Double]]
  let terms: [OperationTerm]
  let means: [Double]
  /// The standard deviations, which are positive.
  let deviations: [Double]

  /// - Throws: `InputError` when the registry doesn't know an operation.
  init(fitting graphs: [NetworkGraph], registry: OperationRegistry = .standard) throws {
    let operations = try registry.restricted(to: graphs.lazy.flatMap { $0.nodes.lazy.map(\.operation) })
    let sums = graphs.map { $0.operationSums(registry: operations) }
    let count = Double(max(graphs.count, 1))
    let spreads = Set(sums.lazy.flatMap(\.keys)).sorted().map { term in
      let mean = sums.reduce(0) { $0 + ($1[term] ?? 0) } / count
      let variance = sums.reduce(0) { $0 + (($1[term] ?? 0) - mean) * (($1[term] ?? 0) - mean) } / count
      return (term: term, mean: mean, deviation: variance.squareRoot())
    }
    let varying = spreads.filter { $0.deviation > 1e-12 * abs($0.mean) }
    self.operations = operations
    self.sums = sums
    terms = varying.map(\.term)
    means = varying.map(\.mean)
    deviations = varying.map(\.deviation)
  }
}
