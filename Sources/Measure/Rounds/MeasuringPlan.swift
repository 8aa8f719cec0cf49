import Core

/// How long and how often models are run.
///
/// All models are run in many short rounds, each in a new random order: what slows the device for a while then slows all of
/// them, and none by much. A model is run until its estimate is precise, at least `rounds.lowerBound` rounds.
public struct MeasuringPlan: Codable, Hashable, Sendable {
  /// The least and the greatest number of rounds.
  public var rounds: ClosedRange<Int>
  /// The least number of timed runs of a model in a round.
  public var runs: Int
  /// The 95 % interval that an estimate has to reach: so much to both sides of it, as a part of it.
  public var precision: Double
  /// Seconds for all of it, after which it stops at the end of a round; nil for no such limit.
  public var budget: Double?
  /// The part of the time that loading models may take: a round's runs of a model go on until it is no more than that.
  public var overhead: Double
  /// How often in a round a model is run again whose runs were spoilt by others.
  public var repetitions: Int
  /// Seconds that a model may take in a round before it is given up.
  public var limit: Double
  /// Of the rounds' orders.
  public var seed: UInt64

  public init(
    rounds: ClosedRange<Int> = 6...12, runs: Int = 15, precision: Double = 0.01, budget: Double? = nil,
    overhead: Double = 0.05, repetitions: Int = 1, limit: Double = 120, seed: UInt64 = 1
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
    try require(budget ?? 1 > 0, "the budget must be more than 0 seconds")
    try require(overhead >= 0.001 && overhead < 1, "the overhead must lie between 0.001 and 1")
    try require((0...100).contains(repetitions), "repetitions must be from 0 to 100")
    try require(limit > 0 && limit <= 86400, "the limit must lie between 0 s and a day")
  }
}
