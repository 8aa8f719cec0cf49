import Core
import Foundation
import TestSupport
import Testing

@testable import Measure

/// Rounds that other programs disturb: waiting, the reasons, repetitions, notices, and why measuring ends.
@Suite(.waiting) struct DisturbanceTests {
  private let device: TestDevice
  private let table: String

  init() throws {
    device = try TestDevice()
    table = device.path("latency.csv")
  }

  private static func plan(_ rounds: ClosedRange<Int>, repetitions: Int = 0) -> MeasuringPlan {
    MeasuringPlan(rounds: rounds, runs: 3, overhead: 0.9, repetitions: repetitions, limit: 20)
  }

  /// A device on which every visit is disturbed: no load is as low as its `quiet`.
  private func disturbed(patience: Double) -> TargetDevice {
    TargetDevice("pc", python: device.path("python"), quiet: -1, patience: patience)
  }

  /// Measures, and returns the notes of the progress, too.
  private func measure(
    _ models: [ModelFile], on target: TargetDevice, _ plan: MeasuringPlan
  ) throws -> (result: MeasuredLatencies, notes: [String]) {
    var notes: [String] = []
    let result = try Measuring(models, on: target, plan: plan, table: table).run { notes.append($0.note) }
    return (result, notes)
  }

  private var visits: [Visit] {
    get throws { try RoundsJournal(Measuring.rounds(of: table)).visits }
  }

  /// Stores visits of earlier measurements, each with two runs of this many milliseconds.
  private func store(
    _ models: [ModelFile], on name: String = "pc-ort-1t", rounds: ClosedRange<Int>, milliseconds: Int
  ) throws {
    var journal = try RoundsJournal(Measuring.rounds(of: table))
    try journal.open()
    for round in rounds {
      for model in models {
        let runs = [milliseconds * 1_000_000, milliseconds * 1_000_000]
        let visit = Visit(id: model.id, digest: model.digest, device: name, round: round, runs: runs)
        try journal.add(.visit(visit))
      }
    }
  }

  // MARK: Waiting

  /// The first visit is disturbed, so the second one of the round waits until the patience is used up. Then nothing is
  /// done again.
  @Test func aDisturbedRoundIsDoneAgainAfterWaiting() throws {
    let models = try device.models(["a": "run"])
    let (result, notes) = try measure(models, on: disturbed(patience: 0.7), Self.plan(2...2, repetitions: 1))
    let visits = try self.visits
    #expect(visits.map(\.round) == [1, 1, 2])
    let isDisturbed = visits.map { visit in
      visit.spoilt.contains { $0.hasPrefix("other processes kept ") && $0.hasSuffix(" processors busy") }
    }
    #expect(isDisturbed == [true, true, true])
    #expect(visits.first?.waiting == 0 && visits.dropFirst().first?.waiting ?? 0 > 0)
    #expect(notes.contains { $0.hasPrefix("pc-ort-1t: waiting: other programs keep ") })
    #expect(notes.contains { $0.hasPrefix("pc-ort-1t: round 2, 1 of 1, median ") && $0.hasSuffix(")") })
    #expect(
      result.notices == ["pc-ort-1t: other programs ran for more than 0 s, so rounds were timed under load"])
    #expect(result.rows.map(\.rounds) == [2] && result.rows.map(\.spoilt) == [2])
    #expect(result.rows.map(\.countsDisturbed) == [true])
    #expect(result.summary(table: table).contains("1 of 1 rows rely on rounds that other programs disturbed"))
    #expect(result.endings.allSatisfy { $0.waiting > 0 })
  }

  /// Without patience nothing waits, and there is nothing to tell.
  @Test(arguments: [0, 2])
  func disturbedRunsAreRepeatedAsOftenAsThePlanSays(repetitions: Int) throws {
    let models = try device.models(["a": "run", "b": "run"])
    let target = disturbed(patience: 0)
    let (result, notes) = try measure(models, on: target, Self.plan(1...1, repetitions: repetitions))
    #expect(try visits.map(\.id).sorted() == ["a", "b"].flatMap { Array(repeating: $0, count: 1 + repetitions) })
    #expect(try visits.allSatisfy { $0.round == 1 })
    #expect(!notes.contains { $0.contains("waiting") })
    #expect(result.notices.isEmpty)
    #expect(result.rows.map(\.rounds) == [1, 1])
  }

  // MARK: Reasons

  /// The agent and the built-in runtimes give the same reasons.
  @Test func eachDisturbanceHasAReason() throws {
    let expected = [
      "", "other processes ran on its processors", "other processes kept 0.3 processors busy",
      "the hypervisor took 20 % of the time", "the processor was throttled", "the processor was throttled",
      "the processor's clock fell", "the processor was slower than before",
      "other processes ran on its processors, the hypervisor took 20 % of the time, the processor's clock fell",
    ]
    let worker = PackageResources.begin_py + PackageResources.system_py + PackageResources.worker_py
    let printed = try AgentFunctions.python(String(decoding: worker, as: UTF8.self) + Self.workerVisits)
    #expect(printed.components(separatedBy: "\n") == expected.map { "[\($0)]" })

    let own = BuiltInWorker(OneDNNRuntime.self, setup: RuntimeSetup(.onednn, on: "pc"), quiet: 0.15, patience: 0)
    func reasons(
      stalled: Int = 0, others: Double = 0, steal: Double = 0, clock: Int = 1000, throttled: Int = 0,
      isLimited: Bool = false, probe: Int = 100
    ) -> String {
      own.reasons(
        spent: 1_000_000, stalled: stalled, (others, steal),
        before: ThisMachine.ClockState(clocks: [1000, 500], heat: nil, throttled: 0, isLimited: isLimited),
        after: ThisMachine.ClockState(clocks: [clock, 500], heat: nil, throttled: throttled, isLimited: false),
        probe: probe, best: 100
      ).joined(separator: ", ")
    }
    #expect(
      [
        reasons(), reasons(stalled: 20_000), reasons(others: 0.34), reasons(steal: 0.2), reasons(throttled: 1),
        reasons(isLimited: true), reasons(clock: 900), reasons(probe: 116),
        reasons(stalled: 20_000, steal: 0.2, clock: 900),
      ] == expected)
  }

  /// Visits of the agent's worker, with numbers in place of this machine's state.
  private static let workerVisits = """

    Load.WINDOW = 1e9
    class Model:
        def prepared(self, path): return path
        def load(self, path): self.run = lambda: None

    class State:
        def look(self): return self.state
        def age(self): return 0.0

    worker = Worker.__new__(Worker)
    worker.setup, worker.processors, worker.say = {"threads": 1, "quiet": 0.15}, [0, 1], lambda message: None
    worker.best_probe, worker.isDisturbed, worker.patience = 100, False, 0.0
    worker.runtime, worker.load = Model(), State()

    def visit(stalled=0, others=0.0, steal=0.0, clock=1000, throttled=0, limited=False, probe=100):
        global clocks, waited
        before = {"clock": [1000, 500], "heat": None, "throttled": 0, "limited": limited}
        states = [before, {"clock": [clock, 500], "heat": None, "throttled": throttled, "limited": False}]
        stalls = [0, stalled]
        clocks, waited = lambda processors: states.pop(0), lambda: stalls.pop(0)
        worker.load.state, worker.probe = (others, steal), lambda: probe
        answer = worker.visit({"path": "m", "limit": 20, "runs": 3, "most": 10})
        print("[%s]" % ", ".join(answer["spoilt"]))

    visit()
    visit(stalled=10 ** 15)
    visit(others=0.34)
    visit(steal=0.2)
    visit(throttled=1)
    visit(limited=True)
    visit(clock=900)
    visit(probe=116)
    visit(stalled=10 ** 15, steal=0.2, clock=900)
    """

  /// The agent and the built-in runtimes name the same programs.
  @Test func theBusiestProgramsAreNamed() throws {
    func line(_ name: String, _ user: Int, _ kernel: Int) -> String {
      "1 (\(name)) S 1 1 1 0 -1 4194304 100 0 0 0 \(user) \(kernel) 0 0 20 0 1"
    }
    let before = [
      "11": line("a", 10, 0), "12": line("b c", 5, 5), "13": line("d) (e", 0, 0), "14": line("idle", 9, 9),
      "15": line("little", 1, 0), "16": "",
    ]
    let after = [
      "11": line("a", 20, 0), "12": line("b c", 5, 30), "13": line("d) (e", 4, 3), "14": line("idle", 9, 9),
      "15": line("little", 3, 0), "16": "", "17": line("new", 50, 50),
    ]
    let expected = ["b c", "a", "d) (e"]
    let programs = [before, after].map { $0.compactMapValues(ProcessorLoad.program) }
    #expect(programs.map(\.count) == [5, 6])
    #expect(ProcessorLoad.busiest(from: programs[0], to: programs[1]) == expected)
    #expect(ProcessorLoad.busiest(from: programs[1], to: programs[1]) == [])
    func python(_ table: [String: String]) -> String {
      let entries = table.map { "\"/proc/\($0.key)/stat\": \"\($0.value)\"" }
      return "{\(entries.sorted().joined(separator: ", "))}"
    }
    let printed = try AgentFunctions.output(
      """
      tables = [\(python(before)), \(python(after))]
      glob.glob = lambda pattern: list(tables[0])
      read = lambda path, default="": tables[0][path]
      time.sleep = lambda seconds: tables.pop(0)
      print("\\n".join(busiest()))
      """)
    #expect(printed.components(separatedBy: "\n") == expected)
  }

  // MARK: Ending

  @Test func measuringEndsWithTheBudget() throws {
    let models = try device.models(["a": "run", "b": "run"])
    var plan = Self.plan(1...9)
    plan.budget = 1e-9
    let (result, _) = try measure(models, on: device.device(), plan)
    #expect(result.endings.map(\.cause) == [.budget])
    #expect(result.rows.map(\.rounds) == [1, 1])
    #expect(
      result.summary(table: table).first?.hasPrefix(
        "pc-ort-1t: the time was used up, 0 % of the estimates are precise enough; no model has two rounds; ") == true)
  }

  /// All rounds are equal, so no device is needed to see that the estimates are precise.
  @Test func measuringEndsWhenAllEstimatesArePrecise() throws {
    let models = try device.models(["a": "run", "b": "run"])
    try store(models, rounds: 1...3, milliseconds: 2)
    let target = TargetDevice("pc", python: "/no/such/python")
    let (result, _) = try measure(models, on: target, Self.plan(3...12))
    #expect(result.endings.map(\.cause) == [.precision])
    #expect(result.rows.map(\.median) == [2, 2])
    #expect(try visits.count == 6)
  }

  // MARK: Progress

  /// The second runtime's earlier rounds count from the beginning, so that the fraction doesn't jump when its turn
  /// comes.
  @Test func theFractionCountsEarlierRoundsOfLaterRuntimes() throws {
    let models = try device.models(["a": "run", "b": "run"])
    try store(models, on: "second", rounds: 1...1, milliseconds: 1)
    var target = device.device()
    target.setups.append(RuntimeSetup(.onnxruntime, on: "pc", name: "second"))
    var fractions: [Double] = []
    _ = try Measuring(models, on: target, plan: Self.plan(2...2), table: table).run { fractions.append($0.fraction) }
    #expect(fractions == fractions.sorted())
    #expect(Set(fractions) == [0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1])
  }

  /// The median so far is that of all models, and not of the round's first ones.
  @Test func theMedianSoFarCountsEarlierRounds() throws {
    let models = try device.models(["a": "run", "b": "run", "c": "run"])
    try store(models, rounds: 1...1, milliseconds: 800_000)
    let (_, notes) = try measure(models, on: device.device(), Self.plan(2...2))
    let rounds = notes.filter { $0.contains("round") }
    #expect(rounds.map { $0.prefix { $0 != "," } } == Array(repeating: "pc-ort-1t: round 2", count: 3))
    #expect(rounds.first?.hasPrefix("pc-ort-1t: round 2, 1 of 3, median 8e+05 ms") == true)
    #expect(rounds.last?.hasPrefix("pc-ort-1t: round 2, 3 of 3, median 4e+05 ms") == true)
  }
}
