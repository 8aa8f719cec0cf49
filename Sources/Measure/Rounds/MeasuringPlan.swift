import Core

/// The plan of a measurement: how long and how often models are run.
///
/// All models are run in many short rounds, each in a new random order. A temporary slowdown of the device then
/// affects all models a little instead of one model much. A model is run in at least `rounds.lowerBound` rounds,
/// until its estimate is precise.
public struct MeasuringPlan: Codable, Hashable, Sendable {
  /// The least and the greatest number of rounds.
  public var rounds: ClosedRange<Int>
  /// The least number of timed runs of a model in a round.
  public var runs: Int
  /// The required half-width of an estimate's 95 % interval, as a fraction of the estimate.
  public var precision: Double
  /// The time budget in seconds. Measuring stops at the end of the round that exceeds it; nil for no limit.
  public var budget: Double?
  /// The greatest fraction of the time for loading models. A model's runs in a round continue until loading takes no
  /// more than this fraction.
  public var overhead: Double
  /// The number of times that a model is run again in a round if other programs disturbed its runs.
  public var repetitions: Int
  /// The time limit in seconds of a model in a round, without its conversion, which may take ten minutes.
  public var limit: Double
  /// The seed of the rounds' orders.
  public var seed: UInt64

  public init(
    rounds: ClosedRange<Int> = 6...12, runs: Int = 15, precision: Double = 0.01, budget: Double? = nil,
    overhead: Double = 0.025, repetitions: Int = 1, limit: Double = 120, seed: UInt64 = 1
  ) {
    self.rounds = rounds
    self.runs = runs
    self.precision = precision
    self.budget = budget
    self.overhead = overhead
    self.repetitions = repetitions
    self.limit = limit
    self.seed = seed
  }

  func validate() throws {
    func require(_ condition: Bool, _ cause: String) throws {
      if !condition { throw InputError(cause) }
    }
    try require(rounds.lowerBound >= 1 && rounds.upperBound <= 10_000, "rounds must be 1 or more")
    try require((1...10_000).contains(runs), "runs must be from 1 to 10000")
    try require(precision > 0 && precision < 1, "the precision must lie between 0 and 1")
    try require(
      budget ?? 1 > 0 && (budget ?? 1).isFinite, "the budget must be more than 0 seconds, or nil for no budget")
    try require(overhead >= 0.001 && overhead < 1, "the overhead must lie between 0.001 and 1")
    try require((0...100).contains(repetitions), "repetitions must be from 0 to 100")
    try require(limit > 0 && limit <= 86400, "the limit must lie between 0 s and a day")
  }
}
