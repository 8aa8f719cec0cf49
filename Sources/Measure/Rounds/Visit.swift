/// The timed runs of one model in one round, and what the device was like meanwhile. Times are nanoseconds.
public struct Visit: Codable, Hashable, Sendable {
  /// The model's id.
  public var id: String
  public var digest: String
  /// The device's name in tables.
  public var device: String
  /// From 1.
  public var round: Int
  /// Each timed run, in their order.
  public var runs: [Int]
  /// How long the model took to load.
  public var load: Int
  /// How many runs there were before the timed ones, and how long they took together.
  public var warm: [Int]
  /// All of it, without waiting for others.
  public var wall: Int
  /// Seconds that the device was waited for.
  public var waiting: Double
  /// How long threads of the runtime were ready and had no processor.
  public var stalled: Int
  /// How many processors others kept busy, and the part of the time that a hypervisor took.
  public var others: Double
  public var steal: Double
  /// How long a fixed piece of work took just before.
  public var probe: Int
  /// Clocks in MHz and the highest temperature in degrees Celsius, where the device tells.
  public var clock: [Int]
  public var heat: Double?
  /// Why the runs are worth less than others; empty for good ones.
  public var spoilt: [String]

  init?(_ message: AgentMessage, _ model: ModelFile, device: String) {
    guard let round = message.round, let runs = message.runs, !runs.isEmpty, runs.allSatisfy({ $0 > 0 }) else {
      return nil
    }
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
  }

  /// For tests and for rounds that were timed elsewhere.
  public init(
    id: String, digest: String = "", device: String, round: Int, runs: [Int], probe: Int = 0, spoilt: [String] = []
  ) {
    (self.id, self.digest, self.device, self.round, self.runs) = (id, digest, device, round, runs)
    (load, warm, wall, waiting, stalled, others, steal) = (0, [0, 0], runs.reduce(0, +), 0, 0, 0, 0)
    (self.probe, clock, heat, self.spoilt) = (probe, [], nil, spoilt)
  }

  /// Milliseconds of each run.
  var milliseconds: [Double] { runs.map { Double($0) / 1e6 } }
}
