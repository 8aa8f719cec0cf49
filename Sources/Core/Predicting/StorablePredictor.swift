/// A predictor that can be stored: handed on between cells, and written to a file.
///
/// Files, ensembles and residuals work for all families through these requirements. `PredictorFamilies` finds the
/// type of a family by its name.
public protocol StorablePredictor: LatencyPredictor, Codable, Hashable {
  /// The name of the family in files. It must never change, because existing files have it.
  static var family: String { get }

  /// Writes everything except unit and device to an archive.
  func write(to archive: inout PredictorArchive) throws

  /// Reads an archive that `write(to:)` wrote.
  /// - Throws: `InputError` when something is missing or damaged; the archive's functions add the place.
  init(reading archive: PredictorArchive) throws

  /// The estimates of a batch. The default estimates its graphs. Predictors with a costly intermediate result share
  /// it through the batch.
  func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate]

  /// The latencies of `estimate`, without its uncertainties. The default computes both. Predictors whose uncertainty is
  /// costly leave it out.
  func latencies(_ batch: GraphBatch) throws -> [Double]
}

/// A predictor that implements `estimate` of a batch; everything else follows from it.
public protocol BatchPredictor: StorablePredictor {}

extension BatchPredictor {
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] { try estimate(graphs).map(\.latency) }

  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] { try estimate(GraphBatch(graphs)) }
}

extension StorablePredictor {
  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    try estimate(batch.graphs)
  }

  public func latencies(_ batch: GraphBatch) throws -> [Double] { try estimate(batch).map(\.latency) }
}
