/// A predictor that can be kept: handed on between cells, and written to a file.
///
/// Files, ensembles and residuals are made for all families alike from what this asks for. A family's type is found by
/// its name in `PredictorFamilies`.
public protocol StorablePredictor: LatencyPredictor, Codable, Hashable {
  /// What files call this kind of predictors; never changed, since files have it.
  static var family: String { get }

  /// Puts all but unit and device into an archive.
  func write(to archive: inout PredictorArchive) throws

  /// Reads what `write(to:)` put there.
  /// - Throws: `InputError` when something is missing or damaged; the archive's functions give the place.
  init(reading archive: PredictorArchive) throws

  /// The estimates of a batch. By default those of its graphs; predictors that first make something costly of the
  /// graphs take it from the batch.
  func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate]
}

extension StorablePredictor {
  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    try estimate(batch.graphs)
  }
}
