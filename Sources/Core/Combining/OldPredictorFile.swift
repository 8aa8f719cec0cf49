/// Reads files of versions in which all predictors were GCNs: single ones, with or without a linear baseline, and
/// ensembles of them.
struct OldPredictorFile {
  static let gcn = "labbook-gcn-1"
  static let ensemble = "labbook-gcn-ensemble-1"

  private let content: SafeTensors
  private let place: Place

  init(_ content: SafeTensors, at place: Place) {
    self.content = content
    self.place = place
  }

  /// The form in which baselines were written.
  private struct Baseline: Decodable {
    struct Linear: Decodable {
      var terms: [LinearPredictor.Term]
      var prices: [Double]
      var intercept: Double
      var operations: OperationRegistry
    }

    var linear: Linear
    var floor: Double
  }

  private var unit: String { content.metadata["unit"] ?? "" }
  private var device: Device { Device(content.metadata["device"] ?? "") }

  func gcn(prefix: String = "") throws -> AnyPredictor {
    let archive = PredictorArchive(content, prefix: prefix, at: place)
    let baseline: Baseline? = try archive.value(ifPresent: "baseline")
    let network = try GCNPredictor(reading: archive, unit: baseline == nil ? unit : "", device: device)
    guard let baseline else { return AnyPredictor(network) }
    guard baseline.linear.terms.count == baseline.linear.prices.count else {
      throw archive.damage("the baseline has \(baseline.linear.prices.count) prices")
    }
    let linear = LinearPredictor(
      terms: baseline.linear.terms, prices: baseline.linear.prices, intercept: baseline.linear.intercept,
      operations: baseline.linear.operations, unit: unit, device: device)
    return AnyPredictor(
      ResidualPredictor(
        baseline: AnyPredictor(linear), floor: baseline.floor, rest: AnyPredictor(network), unit: unit))
  }

  func ensemble() throws -> AnyPredictor {
    let archive = PredictorArchive(content, at: place)
    guard let count: Int = try archive.value(ifPresent: "members"), 1...(1 << 16) ~= count else {
      throw archive.damage("the metadata's \"members\" can't be read")
    }
    do {
      return AnyPredictor(
        try EnsemblePredictor(
          members: (0..<count).map { try gcn(prefix: "members.\($0).") }, weights: archive.value("weights"),
          calibration: archive.value(ifPresent: "calibration")))
    } catch let error as InputError {
      throw error.at(place)
    }
  }
}
