import Core
import Dispatch
import Foundation
import Glibc

/// Loads one model at a time, warms it up and times it, as `worker.py` does on other devices.
final class BuiltInWorker {
  private let runtime: any BuiltInRuntime.Type
  private let setup: RuntimeSetup
  let processors: [Int]
  private let quiet: Double
  private var patience: Double
  private var load = ProcessorLoad()
  private var bestProbe = Int.max
  private var waited = 0.0
  private(set) var isDisturbed = false

  init(_ runtime: any BuiltInRuntime.Type, setup: RuntimeSetup, quiet: Double, patience: Double) {
    (self.runtime, self.setup, self.quiet, self.patience) = (runtime, setup, quiet, patience)
    processors = setup.processors ?? ThisMachine.lastProcessors(setup.threads)
  }

  /// Checks whether other processes keep processors busy. Returns a message about it, or nil if they don't or the
  /// patience is used up.
  func wait() -> AgentMessage? {
    guard patience > 0 else { return nil }
    let before = ProcessorLoad.programs
    usleep(UInt32(ProcessorLoad.window * 1e6))  // bounded: a constant
    waited += ProcessorLoad.window
    patience -= ProcessorLoad.window
    let now = load.look()
    guard now.others > quiet || now.steal > 0.01 else { return nil }
    let names = ProcessorLoad.busiest(from: before, to: ProcessorLoad.programs)
    return AgentMessage(event: "waiting", others: now.others, by: names, patience: max(0, patience))
  }

  func visit(
    _ content: Data, _ path: String, _ visit: AgentRequest.Visit, limit: Double
  ) throws -> AgentMessage {
    try apart { [self] in try timedVisit(content, path, visit, limit: limit) }
  }

  func profile(_ content: Data, _ path: String, _ visit: AgentRequest.Visit) throws -> AgentMessage {
    try apart { [self] in
      let model = try runtime.init(content, file: path, setup: setup)
      _ = try Self.warmUp(model)
      var plain: [Int] = []
      var whole: [Int] = []
      var operators: [AgentMessage.Operator] = []
      var times: [[Double]] = []
      // Blocks of runs without and with the profiler alternate, so that a change of the clock affects both alike.
      while plain.count < visit.runs {
        let count = min(5, visit.runs - plain.count)
        plain += try Self.timed(count, model.run)
        whole += try Self.timed(count) {
          operators = try model.profile()
          times.append(operators.map(\.nanoseconds))
        }
      }
      var start = 0.0
      for index in operators.indices {
        operators[index].nanoseconds = median(times.map { $0[index] })
        // One operator runs after the other.
        operators[index].start = start
        start += operators[index].nanoseconds
      }
      return AgentMessage(event: "profile", plain: plain, profiled: whole, operators: operators)
    }
  }

  private func timedVisit(
    _ content: Data, _ path: String, _ visit: AgentRequest.Visit, limit: Double
  ) throws -> AgentMessage {
    let began = Self.now
    func check() throws {
      if Double(Self.now - began) > limit * 1e9 {
        throw InputError("it took more than \(String(format: "%g", limit)) seconds")
      }
    }
    let model = try runtime.init(content, file: path, setup: setup)
    let loaded = Self.now - began
    let warm = try Self.warmUp(model, check)
    let before = ThisMachine.clockState(processors)
    let probe = Self.probe()
    let (stalledBefore, start) = (ProcessorLoad.stalled, Self.now)
    let warmed = warm.reduce(0, +)
    // A model that loads slowly doesn't take more than half of its time limit for that.
    let wanted = min(
      visit.factor * Double(start - began - warmed) - Double(warmed), 0.5e9 * limit - Double(start - began))
    var runs: [Int] = []
    var sum = 0
    while runs.count < visit.runs || (Double(sum) < wanted && runs.count < visit.most) {
      let times = try Self.timed(5, model.run)
      runs += times
      sum += times.reduce(0, +)
      try check()
    }
    let (spent, stalled) = (Self.now - start, ProcessorLoad.stalled - stalledBefore)
    let state = load.look()
    let after = ThisMachine.clockState(processors)
    bestProbe = min(bestProbe, probe)
    let spoilt = reasons(
      spent: spent, stalled: stalled, state, before: before, after: after, probe: probe, best: bestProbe)
    isDisturbed = !spoilt.isEmpty
    defer { waited = 0 }
    return AgentMessage(
      event: "visit", load: loaded, warm: [warm.count, warmed], runs: runs, stalled: stalled, others: state.others,
      steal: state.steal, probe: probe, clock: after.clocks, heat: after.heat, spoilt: spoilt, waiting: waited,
      wall: Self.now - began)
  }

  /// The reasons why the runs are less reliable than others.
  /// - Parameters:
  ///   - spent: The nanoseconds of the runs together, of which threads waited `stalled` for a processor.
  ///   - probe: The nanoseconds of the probe just before, and the `best` of all probes.
  func reasons(
    spent: Int, stalled: Int, _ state: (others: Double, steal: Double), before: ThisMachine.ClockState,
    after: ThisMachine.ClockState, probe: Int, best: Int
  ) -> [String] {
    var reasons: [String] = []
    if Double(stalled) > 0.01 * Double(spent * setup.threads) {
      reasons.append("other processes ran on its processors")
    }
    if state.others > quiet {
      reasons.append("other processes kept \(String(format: "%.1f", state.others)) processors busy")
    }
    if state.steal > 0.01 {
      reasons.append("the hypervisor took \(String(format: "%.0f", state.steal * 100)) % of the time")
    }
    if after.throttled > before.throttled || before.isLimited || after.isLimited {
      reasons.append("the processor was throttled")
    }
    // Each processor is compared with itself: those of one device may have different clocks.
    if zip(before.clocks, after.clocks).contains(where: { Double($1) < 0.95 * Double($0) }) {
      reasons.append("the processor's clock fell")
    }
    if Double(probe) > 1.15 * Double(best) { reasons.append("the processor was slower than before") }
    return reasons
  }

  // MARK: Timing

  private static var now: Int { Int(clamping: DispatchTime.now().uptimeNanoseconds) }

  private static func timed(_ count: Int, _ run: () throws -> Void) rethrows -> [Int] {
    try (0..<count).map { _ in
      let start = now
      try run()
      return max(1, now - start)
    }
  }

  /// Runs a model until three runs are no faster than the three before, at most 51 times.
  /// - Parameter check: Is called after every three runs, and throws if they take too long.
  /// - Returns: The nanoseconds of each run.
  private static func warmUp(_ model: any BuiltInRuntime, _ check: () throws -> Void = {}) throws -> [Int] {
    var warm: [Int] = []
    while warm.count < 50 {
      warm += try timed(3, model.run)
      try check()
      let last = warm.suffix(6).map(Double.init)
      if last.count == 6, median(Array(last.prefix(3))) <= 1.03 * median(Array(last.suffix(3))) { break }
    }
    return warm
  }

  /// The nanoseconds of a fixed piece of work, which show whether the processor is slower than before.
  private static func probe() -> Int {
    var sum: UInt64 = 0
    let times = timed(3) {
      for value in 0..<UInt64(200_000) { sum = (sum &+ value) &* 0x9E37_79B9_7F4A_7C15 }
    }
    // The sum is used, so that the compiler doesn't remove its computation.
    return (times.min() ?? 1) + (sum == 1 ? 1 : 0)
  }

  /// Runs `body` on its own thread, pinned to the processors. The threads that oneDNN starts from it are pinned, too,
  /// but those of a training in the same process aren't.
  private func apart<Result>(_ body: @escaping () throws -> Result) throws -> Result {
    // This thread waits for the other one, so both never use shared state at the same time.
    nonisolated(unsafe) let body = body
    nonisolated(unsafe) var result: Swift.Result<Result, any Error>?
    let processors = processors
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      ThisMachine.pin(to: processors)
      // If the system allows it, the thread gets a high priority.
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -10)
      result = Swift.Result { try body() }
      done.signal()
    }
    thread.stackSize = 16 << 20
    thread.start()
    done.wait()
    guard let result else { throw InputError("the thread that runs the model didn't start") }
    return try result.get()
  }
}
