/// The timed runs of one model in one round, with the state of the device meanwhile. Times are in nanoseconds.
public struct Visit: Codable, Hashable, Sendable {
  /// The model's id.
  public var id: String
  public var digest: String
  /// The device's name in tables.
  public var device: String
  /// The number of the round, from 1.
  public var round: Int
  /// The time of each run, in order.
  public var runs: [Int]
  /// The time that loading the model took.
  public var load: Int
  /// The number of warm-up runs, and their total time.
  public var warm: [Int]
  /// The total time, without waiting for other programs.
  public var wall: Int
  /// The seconds of waiting for the device.
  public var waiting: Double
  /// The time in which threads of the runtime were ready but had no processor.
  public var stalled: Int
  /// The number of processors that other programs kept busy, and the fraction of the time that a hypervisor took
  /// (steal time).
  public var others: Double
  public var steal: Double
  /// The time that a fixed piece of work took just before.
  public var probe: Int
  /// Clocks in MHz and the highest temperature in degrees Celsius, as far as the device reports them.
  public var clock: [Int]
  public var heat: Double?
  /// The reasons why the runs count less than others; empty for undisturbed ones.
  public var spoilt: [String]

  init?(_ message: AgentMessage, _ model: ModelFile, device: String) {
    guard let round = message.round, let runs = message.runs else { return nil }
    id = model.id
    digest = model.digest
    self.device = device
    self.round = round
    self.runs = runs
    load = message.load ?? 0
    warm = message.warm ?? [0, 0]
    wall = message.wall ?? 0
    waiting = message.waiting ?? 0
    stalled = message.stalled ?? 0
    others = message.others ?? 0
    steal = message.steal ?? 0
    probe = message.probe ?? 0
    clock = message.clock ?? []
    heat = message.heat
    spoilt = message.spoilt ?? []
    if !isSound { return nil }
  }

  /// The longest time of a run, and of all runs of a visit, in nanoseconds: more than eleven days, and little enough
  /// for sums.
  private static let longest = 1_000_000_000_000_000

  /// Whether the numbers can be those of a measurement. An agent, or a file that was damaged, may give others.
  var isSound: Bool {
    (1...1_000_000).contains(round) && !runs.isEmpty && runs.allSatisfy { (1...Self.longest).contains($0) }
      && runs.reduce(0.0) { $0 + Double($1) } <= Double(Self.longest)
      && (warm + [load, wall]).allSatisfy { (0...Self.longest).contains($0) } && waiting.isFinite
  }

  /// Makes a visit, for tests and for rounds that were timed elsewhere.
  public init(
    id: String, digest: String = "", device: String, round: Int, runs: [Int], probe: Int = 0, spoilt: [String] = []
  ) {
    (self.id, self.digest, self.device, self.round, self.runs) = (id, digest, device, round, runs)
    (load, warm, wall, waiting, stalled, others, steal) = (0, [0, 0], runs.reduce(0, +), 0, 0, 0, 0)
    (self.probe, clock, heat, self.spoilt) = (probe, [], nil, spoilt)
  }

  /// The time of each run, in milliseconds.
  var milliseconds: [Double] { runs.map { Double($0) / 1e6 } }
}
