import Core
import Foundation
import TestSupport
import Testing

@testable import Measure

/// Measurements on this machine with the real agent: tables, failures, interruptions, changed devices.
@Suite(.waiting) struct MeasuringTests {
  private let device: TestDevice
  private let table: String

  init() throws {
    device = try TestDevice()
    table = device.table
  }

  @Test func whatReadersHaveToKnowIsInLines() throws {
    let models = try device.models(["a": "run", "b": "refuse", "c": "refuse", "d": "refuse"])
    _ = try device.measure(models, MeasuringPlan(rounds: 1...1, runs: 3, overhead: 0.9, repetitions: 0))
    try device.install("1.33.0")
    let result = try device.measure(models)
    let refusal = "no kernel for the operator Fold(18)"
    let remarks = result.remarks()
    #expect(remarks.count == 4 && remarks[0].hasPrefix("note: pc-ort-1t changed since the rounds of "))
    #expect(Array(remarks.dropFirst()) == ["b", "c", "d"].map { "\($0) on pc-ort-1t: \(refusal)" })
    #expect(
      Array(result.remarks(naming: 1).dropFirst()) == ["b on pc-ort-1t: \(refusal)", "and 2 more without a latency"])
  }

  @Test func aTableIsWhatLatencyDataReads() throws {
    let models = try device.models(["b": "run", "a": "run"])
    let result = try device.measure(models)
    #expect(result.rows.map(\.id) == ["b", "a"])
    #expect(result.rows.allSatisfy { $0.device == "pc-ort-1t" && $0.rounds == 2 && $0.repeats >= 6 })
    #expect(result.rows.allSatisfy { ($0.median ?? 0) >= 0.5 && $0.halves.count == 2 && $0.reason == nil })
    #expect(result.endings.map(\.cause) == [.rounds])
    let graphs = try ["a", "b"].map { try NetworkGraph(id: $0, nodes: [Node(.input)], edges: []) }
    let data = try result.latencies(of: graphs)
    #expect(data.unit == "ms")
    #expect(data.devices.map(\.runtime) == ["ONNX Runtime 1.32.0"])
    #expect(data.devices.map(\.threads) == [1])
    #expect((data.devices[0].descriptor["cores"] ?? 0) >= 1)
    let quartiles = try result.latencies(of: graphs, latencyColumn: "q1_ms")
    let quartile = try #require(try quartiles.measurements(on: "pc-ort-1t")[0]?.latency)
    #expect(abs(quartile - (result.rows[1].quartiles.first ?? 0)) < 1e-4 * quartile)
    let least = try #require(
      try result.latencies(of: graphs, latencyColumn: "min_ms").measurements(on: "pc-ort-1t")[0]?.latency)
    #expect(least <= quartile && least > 0)
    // The models can be given by a file, too.
    try NetworkGraph.save(graphs, to: device.path("architectures.jsonl"))
    let read = try LatencyData.load(architectures: device.path("architectures.jsonl"), latencies: table)
    #expect(read.measurementCount == 2)
    #expect(try read.measurements(on: "pc-ort-1t")[0]?.halves?.count == 2)
    // The rounds are in a compressed file beside the table.
    #expect(!FileManager.default.fileExists(atPath: device.path("latency.rounds.jsonl")))
    let journal = try RoundsJournal(device.path("latency.rounds.jsonl.gz"))
    #expect(journal.visits.count == 4)
    #expect(journal.sessions.map(\.description.runtimes) == [["onnxruntime": "1.32.0"]])
  }

  @Test func modelsThatFailAreRowsWithTheirReasonAndTheOthersGoOn() throws {
    let models = try device.models([
      "crashes": "crash", "good": "run", "hangs": "hang", "leaves": "leave", "refused": "refuse", "large": "memory",
      "better": "run",
    ])
    var plan = TestDevice.quickPlan
    plan.limit = 2
    let result = try device.measure(models, plan)
    let reasons = Dictionary(uniqueKeysWithValues: result.failures.map { ($0.id, $0.reason ?? "") })
    #expect(
      reasons == [
        "crashes": "the runtime crashed (SIGSEGV): a bad address",
        "hangs": "it took more than 2 seconds",
        "leaves": "the runtime ended the process (exit code 3)",
        "refused": "no kernel for the operator Fold(18)",
        "large": "memory ran out",
      ])
    #expect(result.rows.filter { $0.median != nil }.map(\.id) == ["good", "better"])
    // Rows of failed models have a reason in place of a latency, and readers skip them.
    let graphs = try models.map { try NetworkGraph(id: $0.id, nodes: [Node(.input)], edges: []) }
    #expect(try result.latencies(of: graphs).graphs.map(\.id) == ["good", "better"])
    #expect(
      try LatencyTable.read(table).rows.map(\.id) == ["good", "better"])
  }

  /// The runtime's process can't have more memory than its limit, and the system kills it if its own runs out.
  @Test func memoryThatRunsOutIsAReason() throws {
    let models = try device.models(["a": "allocate", "b": "killed", "c": "run"])
    var target = device.device()
    target.setups[0].memory = 512
    let result = try device.measure(models, on: target)
    #expect(
      result.rows.map(\.reason) == [
        "memory ran out", "the process was killed (SIGKILL), as happens when the device's memory runs out", nil,
      ])
    #expect(result.rows.map(\.rounds) == [0, 0, 2])
  }

  @Test func goesOnFromTheRoundsThatThereAre() throws {
    let models = try device.models(["a": "run", "b": "run"])
    _ = try device.measure(models, MeasuringPlan(rounds: 1...1, runs: 3, overhead: 0.9, repetitions: 0))
    let before = try RoundsJournal(Measuring.rounds(of: table)).visits
    let more = try device.models(["a": "run", "b": "run", "c": "run"])
    let result = try device.measure(more, MeasuringPlan(rounds: 3...3, runs: 3, overhead: 0.9, repetitions: 0))
    let after = try RoundsJournal(Measuring.rounds(of: table)).visits
    #expect(Array(after.prefix(before.count)) == before)
    let pairs = after.map { "\($0.id)\($0.round)" }.sorted()
    #expect(Set(pairs) == ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"])
    #expect(result.rows.map(\.rounds) == [3, 3, 3])
    // All rounds are done, so nothing is measured.
    _ = try device.measure(more, MeasuringPlan(rounds: 3...3, runs: 3, overhead: 0.9, repetitions: 0))
    #expect(try RoundsJournal(Measuring.rounds(of: table)).visits == after)
    // A model with other content counts as another model.
    let changed = try device.models(["a": "run differently", "b": "run", "c": "run"])
    let replaced = try device.measure(changed, MeasuringPlan(rounds: 1...1, runs: 3, overhead: 0.9, repetitions: 0))
    #expect(replaced.endings[0].agreement.count == 2)
    #expect(try RoundsJournal(Measuring.rounds(of: table)).visits.count == after.count + 1)
    _ = try device.measure(models, MeasuringPlan(rounds: 1...1, runs: 3, overhead: 0.9, repetitions: 0), isFresh: true)
    #expect(try RoundsJournal(Measuring.rounds(of: table)).visits.count == 2)
  }

  @Test func modelsThatTheTableLeavesOutAreTold() throws {
    let models = try device.models(["a": "run", "b": "refuse", "c": "run"])
    #expect(try device.measure(Array(models.prefix(2))).notices == [])
    func notice(_ what: String) -> String {
      "the table leaves out \(what) measured into it before. The rounds are kept: to have all models in the table, "
        + "measure them together"
    }
    #expect(try device.measure(Array(models.suffix(1))).notices == [notice("2 models that were")])
    #expect(try CSVTable.read(table).column("id") == ["c"])
    #expect(try device.measure(Array(models.prefix(2))).notices == [notice("a model that was")])
    let all = try device.measure(models)
    #expect(all.notices == [])
    #expect(all.rows.map(\.rounds) == [2, 0, 2])
    #expect(try CSVTable.read(table).column("id") == ["a", "b", "c"])
  }

  /// A measurement whose device is lost writes the table of what it has measured so far.
  @Test func aDeviceThatIsLostForGoodLeavesATable() throws {
    let models = try device.models(["a": "run", "b": "vanish"])
    _ = try device.measure(models, MeasuringPlan(rounds: 1...1, runs: 3, overhead: 0.9, repetitions: 0))
    try FileManager.default.removeItem(atPath: table)
    try device.write("", to: "vanish")
    var measuring = Measuring(models, on: device.device(), plan: TestDevice.quickPlan, table: table)
    (measuring.firstPause, measuring.endurance) = (0.01, 0.02)
    let lost = measuring
    let error = #expect(throws: InputError.self) { try lost.run() }
    #expect(
      error?.description == "\"pc-ort-1t\" is lost: the connection was closed\n"
        + "  The measurements so far are kept. Run the same command again once the device is back.")
    #expect(try CSVTable.read(table).column("id") == ["a", "b"])
  }

  /// A measurement that doesn't begin leaves the models of earlier ones in the table.
  @Test func aStartThatFailsLeavesTheTable() throws {
    let models = try device.models(["a": "run", "b": "run"])
    _ = try device.measure(models)
    let before = try String(contentsOfFile: table, encoding: .utf8)
    try device.wrapPython("exit 1")
    #expect(throws: InputError.self) {
      try device.measure([models[0]], MeasuringPlan(rounds: 3...3, runs: 3, overhead: 0.9, repetitions: 0))
    }
    #expect(try CSVTable.read(table).column("id") == ["a", "b"])
    #expect(try String(contentsOfFile: table, encoding: .utf8) == before)
  }

  /// A program that reads the agent and never answers isn't waited for.
  @Test func aPythonThatSaysNothingIsTold() throws {
    try device.wrapPython("exec cat >/dev/null")
    let target = device.device()
    let loss = #expect(throws: AgentSession.Loss.self) { _ = try AgentSession(target, greeting: 1) }
    #expect(
      loss?.refusal
        == InputError(
          "\"pc\": \(target.python) on this machine doesn't answer: it sent nothing for 1 seconds",
          remedy: "Check that `python:` in devices.yaml is a Python, and that the shell there starts it."))
  }

  /// A Python that can't run the agent isn't waited for, as there is nothing that may come back.
  @Test func aPythonThatEndsAtOnceIsTold() throws {
    let models = try device.models(["a": "run"])
    try device.wrapPython("printf 'no \\033[31mlicence\\n' >&2; exit 1")
    let error = #expect(throws: InputError.self) { try device.measure(models) }
    #expect(
      error?.description
        == "\"pc\": \(device.path("python")) on this machine ended before it answered: no <U+001B>[31mlicence\n"
        + "  Check that `python:` in devices.yaml is a Python, and that the shell there starts it.")
    #expect(!FileManager.default.fileExists(atPath: table))
  }

  @Test func aKilledAgentIsStartedAgain() throws {
    let models = try device.models(["a": "run", "b": "cut", "c": "run"])
    let result = try device.measure(models)
    #expect(result.rows.map(\.rounds) == [2, 2, 2])
    #expect(result.failures.isEmpty)
    #expect(try RoundsJournal(Measuring.rounds(of: table)).sessions.count == 2)
  }

  /// Measures models for one round, and uncompresses the rounds.
  /// - Returns: The content of the file of rounds.
  private func uncompressedRounds(_ models: [ModelFile]) throws -> Data {
    _ = try device.measure(models, MeasuringPlan(rounds: 1...1, runs: 3, overhead: 0.9, repetitions: 0))
    var journal = try RoundsJournal(Measuring.rounds(of: table))
    try journal.open()
    return try Data(contentsOf: URL(fileURLWithPath: Measuring.rounds(of: table)))
  }

  @Test func aTornLastLineIsPassedOver() throws {
    let models = try device.models(["a": "run"])
    let path = Measuring.rounds(of: table)
    let whole = try uncompressedRounds(models)
    try whole.dropLast(20).write(to: URL(fileURLWithPath: path))
    #expect(try RoundsJournal(path).visits.isEmpty)
    _ = try device.measure(models, MeasuringPlan(rounds: 1...1, runs: 3, overhead: 0.9, repetitions: 0))
    #expect(try RoundsJournal(path).visits.count == 1)
    // A damaged line that isn't the last one is an error.
    try Data((String(decoding: whole, as: UTF8.self).dropLast(20) + "\n{}\n").utf8).write(
      to: URL(fileURLWithPath: path))
    let thrown = #expect(throws: InputError.self) { try RoundsJournal(path) }
    #expect(
      thrown?.description == "\(path):2: this line is not an entry of a measurement's rounds\n"
        + "  Remove the line, or remove the file to measure again.")
  }

  @Test func roundsThatCantBeAreErrors() throws {
    let path = Measuring.rounds(of: table)
    let whole = String(decoding: try uncompressedRounds(device.models(["a": "run"])), as: UTF8.self)
    for (pattern, text) in [
      (#/"round":1/#, "\"round\":-5"), (#/"runs":\[\d+/#, "\"runs\":[9223372036854775807"),
      (#/"runs":\[[^\]]*/#, "\"runs\":["), (#/"wall":\d+/#, "\"wall\":-1"),
    ] as [(Regex<Substring>, String)] {
      let damaged = whole.replacing(pattern, with: text, maxReplacements: 1)
      #expect(damaged != whole, "\(text)")
      try Data((damaged + "\n").utf8).write(to: URL(fileURLWithPath: path))
      let thrown = #expect(throws: InputError.self) { try RoundsJournal(path) }
      #expect(thrown?.cause == "this line is not an entry of a measurement's rounds", "\(text)")
    }
  }

  /// A second measurement into the same table would lose the rounds of the first.
  @Test func aTableIsWrittenByOneMeasurementAtATime() throws {
    let models = try device.models(["a": "run"])
    let rounds = Measuring.rounds(of: table)
    let lock = try TableLock(rounds)
    let error = #expect(throws: InputError.self) { try device.measure(models) }
    #expect(
      error?.description
        == "\(rounds): another measurement is writing this table\n  Wait until it ends, or write another table.")
    lock.end()
    #expect(try device.measure(models).failures.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: rounds + ".lock"))
  }

  @Test func aChangedDeviceIsTold() throws {
    let models = try device.models(["a": "run"])
    _ = try device.measure(models, MeasuringPlan(rounds: 1...1, runs: 3, overhead: 0.9, repetitions: 0))
    try device.install("1.33.0")
    let result = try device.measure(models)
    let notice = try #require(result.notices.first)
    #expect(notice.hasPrefix("pc-ort-1t changed since the rounds of "))
    #expect(notice.hasSuffix(": ONNX Runtime was 1.32.0 and is 1.33.0"))
  }

  @Test func aChangedSetupOfTheSameNameIsTold() throws {
    let models = try device.models(["a": "run"])
    _ = try device.measure(models)
    var target = device.device()
    target.setups[0].options = ["optimization": "basic"]
    // All rounds are there, so nothing is measured with the new setup.
    let result = try device.measure(models, on: target)
    #expect(result.notices.count == 1)
    #expect(result.notices[0].hasSuffix(": its list of options was none and is optimization: basic"))
  }

  /// Without `processors:` the device chooses them, and may choose others later.
  @Test func changedDefaultProcessorsAreTold() throws {
    let models = try device.models(["a": "run"])
    let target = device.device()
    var journal = try RoundsJournal(Measuring.rounds(of: table))
    try journal.open()
    for date in ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"] {
      try journal.add(
        .session(
          RoundsJournal.Session(
            date: date, device: "pc-ort-1t", setup: target.setups[0], description: DeviceDescription(),
            plan: TestDevice.quickPlan, processors: [9999])))
    }
    let notices = try device.measure(models, on: target).notices
    #expect(notices.count == 1)
    #expect(
      notices.first?.hasPrefix(
        "pc-ort-1t changed since the rounds of 2026-01-02T00:00:00Z: its list of processors was [9999] and is [")
        == true)
  }

  /// The notice stays although the measurement after the change was interrupted and a third one completed the rounds.
  @Test func aChangeBeforeAnInterruptionIsTold() throws {
    let models = try device.models(["a": "run"])
    _ = try device.measure(models, MeasuringPlan(rounds: 1...1, runs: 3, overhead: 0.9, repetitions: 0))
    try device.install("1.33.0")
    _ = try device.measure(models)
    let result = try device.measure(models, MeasuringPlan(rounds: 3...3, runs: 3, overhead: 0.9, repetitions: 0))
    #expect(result.notices.map { $0.hasSuffix(": ONNX Runtime was 1.32.0 and is 1.33.0") } == [true])
  }

  @Test func aLaterMeasurementTriesFailedModelsAgain() throws {
    let models = try device.models(["a": "run", "b": "mended"])
    let first = try device.measure(models)
    #expect(first.failures.map(\.reason) == ["it isn't mended yet"])
    func attempts() throws -> Int {
      try RoundsJournal(Measuring.rounds(of: table)).entries.count { if case .failure = $0 { true } else { false } }
    }
    #expect(try attempts() == 2)
    #expect(try device.measure(models).failures.count == 1)
    #expect(try attempts() == 3)
    try device.write("", to: "mended")
    let last = try device.measure(models)
    #expect(last.rows.map(\.rounds) == [2, 2])
    #expect(last.rows.map(\.reason) == [nil, nil])
  }

  /// The model "heavy" does so while it is prepared. If models are prepared on all processors, nobody knows with which
  /// one the device was lost, so they are prepared one at a time afterwards.
  @Test(arguments: ["down", "heavy"]) func aModelThatTakesTheAgentDownIsARow(text: String) throws {
    let models = try device.models(["a": "run", "b": text, "c": "run"])
    var measuring = Measuring(models, on: device.device(), plan: TestDevice.quickPlan, table: table)
    measuring.firstPause = 0.01
    let result = try measuring.run()
    #expect(result.rows.map(\.rounds) == [2, 0, 2])
    #expect(result.rows[1].reason == "the device was lost 3 times while it ran: the connection was closed")
  }

  /// The next message that isn't about the preparation of models, which depends on the number of processors.
  private func next(of session: AgentSession) throws -> AgentMessage {
    while true {
      let message = try session.next(within: 20)
      if message.event != "preparing" { return message }
    }
  }

  /// A session that never falls silent lasts longer than the silence after which the agent ends.
  @Test func anAgentThatIsListenedToStaysAlive() throws {
    let models = try device.models([
      "a": "run", "b": "run", "c": "run", "d": "run", "e": "run", "f": "run", "g": "run", "h": "run",
    ])
    let target = device.device()
    let session = try AgentSession(target, pulse: 0.25)
    defer { session.end() }
    try session.bring(models) { _, _ in }
    try session.start(target.setups[0], patience: 0) { _ in }
    var request = AgentRequest("visit")
    request.limit = 20
    request.visits = (0..<24).map { index in
      let model = models[index % models.count]
      return AgentRequest.Visit(model: model.cacheName, id: model.id, round: index / models.count + 1, runs: 200)
    }
    try session.send(request)
    let start = ContinuousClock.now
    var events: [String] = []
    while events.last != "done" { events.append(try next(of: session).event) }
    #expect(events == Array(repeating: "visit", count: 24) + ["done"])
    #expect(start.duration(to: .now) > .seconds(6 * 0.25))
  }

  @Test func aTableKeepsTheRowsOfOtherDevices() throws {
    let models = try device.models(["a": "run", "b": "run"])
    _ = try device.measure(models, on: device.device("one"))
    let result = try device.measure(models, on: device.device("two"))
    #expect(Set(result.rows.map(\.device)) == ["two-ort-1t"])
    let text = try String(contentsOfFile: table, encoding: .utf8)
    #expect(text.split(separator: "\n").count == 5)
    #expect(text.contains("a,one-ort-1t,") && text.contains("b,two-ort-1t,"))
  }

  @Test func processorsThatTheDeviceLacksAreTold() throws {
    var target = device.device()
    target.setups[0].processors = [9999]
    let models = try device.models(["a": "run"])
    #expect(
      throws: InputError(
        "\"pc-ort-1t\": the processors [9999] can't be used: Invalid argument",
        remedy: "Change `processors:` in devices.yaml, or leave it out.")
    ) { try device.measure(models, on: target) }
  }

  @Test func nothingIsCleanedDuringAMeasurement() throws {
    let models = try device.models(["a": "run"])
    let target = device.device()
    let session = try AgentSession(target)
    try session.bring(models) { _, _ in }
    try session.start(target.setups[0], patience: 0) { _ in }
    let error = #expect(throws: InputError.self) { try DeviceReport.clean(target) }
    #expect(
      error?.cause == "\"pc\": a measurement on a device with this home folder uses the models; clean them afterwards")
    #expect(device.cached.count { $0.hasSuffix(".onnx") } == 1)
    session.end()
    #expect(try DeviceReport.clean(target).files == 1)
    #expect(device.cached.isEmpty)
  }

  @Test func modelsOfThisMachineAreLinkedAndCleanRemovesThem() throws {
    let models = try device.models(["a": "run", "b": "run"])
    _ = try device.measure(models)
    let linked = device.cached.filter { $0.hasSuffix(".onnx") && !$0.contains("-all") }.sorted()
    #expect(linked == models.map(\.cacheName).sorted())
    for model in models {
      let link = device.path("cache/labbook-agent/\(model.cacheName)")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == model.path)
    }
    #expect(!device.cached.contains { $0.hasSuffix(".part") })
    let removed = try DeviceReport.clean(device.device())
    #expect(removed.files >= 2)
    #expect(device.cached.isEmpty)
  }

  /// Times of another file must not be stored under this model's content.
  @Test func aModelThatChangesDuringAMeasurementFails() throws {
    let models = try device.models(["a": "run", "b": "run"])
    let target = device.device()
    let session = try AgentSession(target)
    defer { session.end() }
    try session.bring(models) { _, _ in }
    try device.write("run\n# changed\n", to: "models/a.onnx")
    try session.start(target.setups[0], patience: 0) { _ in }
    var request = AgentRequest("visit")
    request.limit = 20
    request.visits = models.map { AgentRequest.Visit(model: $0.cacheName, id: $0.id, round: 1, runs: 3) }
    try session.send(request)
    let answers = try models.map { _ in try next(of: session) }
    #expect(answers.map(\.event) == ["failed", "visit"])
    #expect(answers[0].reason == "the file has changed since the measurement began")
  }

  @Test func impossibleTasksAreRefused() throws {
    let models = try device.models(["a": "run"])
    #expect(throws: InputError("the list of models is empty")) { try device.measure([]) }
    let error = #expect(throws: InputError.self) { try device.measure(models + models) }
    #expect(error?.cause == "two models have the id \"a\"")
    #expect(throws: InputError("runs must be from 1 to 10000")) { try device.measure(models, MeasuringPlan(runs: 0)) }
  }
}
