/// A predictor of any family as one type: for arrays of different predictors, and for files of unknown content.
///
/// ```swift
/// let predictor = try openPredictor("latency.safetensors")
/// if let linear = predictor.as(LinearPredictor.self) { print(linear.prices) }
/// ```
///
/// It can be handed on between cells if its family is one of `PredictorFamilies`.
public struct AnyPredictor: StorablePredictor {
  public static let family = "any"

  /// The wrapped predictor; never an `AnyPredictor` itself.
  public let base: any StorablePredictor

  public init(_ predictor: some StorablePredictor) {
    base = (predictor as? AnyPredictor)?.base ?? predictor
  }

  /// The predictor as a value of `type`; nil if it belongs to another family.
  public func `as`<Predictor: StorablePredictor>(_ type: Predictor.Type) -> Predictor? {
    base as? Predictor ?? self as? Predictor
  }

  /// The name of the family in files.
  public var family: String { type(of: base).family }

  public var device: Device { base.device }
  public var unit: String { base.unit }
  public var calibration: ConformalCalibration? { base.calibration }
  public var warnings: [String] { base.warnings }
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] { base.warnings(for: graphs) }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] { try base.predict(graphs) }
  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] { try base.estimate(graphs) }
  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] { try base.estimate(batch) }
  public func latencies(_ batch: GraphBatch) throws -> [Double] { try base.latencies(batch) }

  public func write(to archive: inout PredictorArchive) throws { try base.write(to: &archive) }

  public init(reading archive: PredictorArchive) throws {
    guard let family = archive.family else {
      throw archive.damage("the file doesn't name the family of its predictor")
    }
    do {
      base = try PredictorFamilies.predictor(family).init(reading: archive)
    } catch let error as UnknownFamily {
      throw archive.damage(error.cause, remedy: error.remedy)
    }
  }

  public static func == (left: AnyPredictor, right: AnyPredictor) -> Bool {
    AnyHashable(left.base) == AnyHashable(right.base)
  }

  public func hash(into hasher: inout Hasher) { base.hash(into: &hasher) }
}

extension AnyPredictor: Codable {
  private static let coding = FamilyCoding(content: "predictor")

  public init(from decoder: any Decoder) throws {
    base = try Self.coding.decode(from: decoder, type: { try PredictorFamilies.predictor($0) })
  }

  public func encode(to encoder: any Encoder) throws {
    try Self.coding.encode(base, family: family, to: encoder)
  }
}

extension PredictorArchive {
  /// The nested predictor that was stored under a name.
  /// - Throws: `InputError` when it doesn't exist or is damaged.
  public func predictor(_ name: String) throws -> AnyPredictor {
    guard let inner = archive(name) else { throw damage("the part \"\(name)\" is missing") }
    return try AnyPredictor(reading: inner)
  }
}
