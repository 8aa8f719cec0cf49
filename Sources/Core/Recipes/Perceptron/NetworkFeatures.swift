import Numerics

/// The features of a network as a row of numbers: those sums of operation terms that differ between training graphs,
/// scaled to mean 0 and standard deviation 1.
struct NetworkFeatures: CheckedStructure, Codable, Hashable, Sendable {
  let terms: [OperationTerm]
  let means: [Double]
  /// The standard deviations, which are positive.
  let deviations: [Double]
  /// The operations of the training graphs.
  let operations: OperationRegistry

  /// - Throws: `InputError` when the registry doesn't know an operation.
  init(fitting graphs: [NetworkGraph], registry: OperationRegistry = .standard) throws {
    let varying = try VaryingTerms(fitting: graphs, registry: registry)
    terms = varying.terms
    means = varying.means
    deviations = varying.deviations
    operations = varying.operations
  }

  var isSound: Bool { means.count == terms.count && deviations.count == terms.count }

  /// - Throws: `InputError` when a graph has an operation that no training graph had.
  func rows(of graphs: [NetworkGraph]) throws -> SampleRows {
    var values: [Float] = []
    values.reserveCapacity(graphs.count * terms.count)
    for graph in graphs {
      try graph.requireOperations(of: operations)
      let sums = graph.operationSums(registry: operations)
      for (index, term) in terms.enumerated() {
        values.append(Float(((sums[term] ?? 0) - means[index]) / deviations[index]))
      }
    }
    return SampleRows(count: graphs.count, columns: terms.count, values: values)
  }
}
