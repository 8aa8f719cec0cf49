import Core
import Foundation

/// Measures with one runtime of a device.
struct SetupMeasuring {
  let models: [ModelFile]
  let device: TargetDevice
  let setup: RuntimeSetup
  let plan: MeasuringPlan
  /// The seconds before the first reconnection to a lost device.
  let firstPause: Double
  /// The total time in seconds for reconnecting to a lost device without any progress.
  let endurance: Double
  /// The sum of the fractions of the device's later setups that earlier measurements completed.
  var later = 0.0

  /// Counters of the current measurement.
  private struct Course {
    /// The time at which the device was first reserved. Connecting and waiting for it cost no budget.
    var start: Double?
    /// The time at which the device was lost, until it is found again, and the seconds of earlier outages.
    var lostSince: Double?
    var outages = 0.0
    var waited = 0.0
    /// The number of the journal's entries when the measurement began.
    let known: Int
    /// The model that ran when the device was last lost, and how often in a row.
    var lostWith: (id: String, times: Int)?
    /// Whether the device was lost while models were prepared on all of its processors.
    var wasLostPreparing = false
    /// The number of visits by earlier runs of Labbook, and by this one.
    let earlier: Int
    var visited = 0
    var medians: RunningMedian
    var isImpatient = false
    /// The seconds of measuring so far, without outages.
    var seconds: Double {
      start.map { (lostSince ?? ProcessInfo.processInfo.systemUptime) - $0 - outages } ?? 0
    }

    mutating func begin() {
      let now = ProcessInfo.processInfo.systemUptime
      if start == nil { start = now }
      if let lostSince { outages += now - lostSince }
      lostSince = nil
    }
  }

  /// - Parameter hasAnswered: Whether the device has answered during this measurement. One that never did isn't waited
  ///   for.
  func run(
    _ journal: inout RoundsJournal, hasAnswered: inout Bool, notices: inout [String],
    progress: (MeasuringProgress) -> Void
  ) throws -> MeasuredLatencies.Ending {
    let earlier = journal.visits(of: models, on: setup.name)
    var course = Course(known: journal.entries.count, earlier: earlier.count, medians: RunningMedian(earlier))
    var lost = 0.0
    var pause = firstPause
    var cause = ending(journal, course)
    while cause == nil {
      let before = journal.entries.count
      do {
        let session = try begin(&journal, course, &hasAnswered, progress)
        defer { session.end() }
        course.begin()
        while cause == nil {
          try round(session, &journal, &course, progress)
          cause = ending(journal, course)
        }
      } catch let loss as AgentSession.Loss {
        if let refusal = loss.refusal, !hasAnswered { throw refusal }
        if course.start != nil, course.lostSince == nil { course.lostSince = ProcessInfo.processInfo.systemUptime }
        if journal.entries.count > before + 1 { (lost, pause) = (0, firstPause) }
        guard lost < endurance else {
          throw InputError(
            "\"\(setup.name)\" is lost: \(loss)",
            remedy: "The measurements so far are kept. Run the same command again once the device is back.")
        }
        progress(MeasuringProgress(fraction: fraction(course), note: "lost: \(loss); trying again"))
        Thread.sleep(forTimeInterval: pause)
        lost += pause
        pause = min(pause * 2, 30)
      }
    }
    notices += changes(journal)
    if course.isImpatient {
      notices.append(
        "\(setup.name): other programs ran for more than \(Int(clamping: device.patience)) s, "
          + "so rounds were timed under load")
    }
    return summary(journal, course, cause ?? .rounds)
  }

  // MARK: Beginning

  /// Connects, transfers the models, starts the runtime and notes the device's description.
  private func begin(
    _ journal: inout RoundsJournal, _ course: Course, _ hasAnswered: inout Bool,
    _ progress: (MeasuringProgress) -> Void
  ) throws -> any DeviceSession {
    let part = fraction(course)
    func say(_ note: String) { progress(MeasuringProgress(fraction: part, note: "\(setup.name): \(note)")) }
    say("connecting")
    let session = try device.session(for: setup)
    // A built-in runtime says nothing of the device's agent.
    if !setup.runtime.isBuiltIn { hasAnswered = true }
    let description = try session.describe()
    guard description.runtimes[setup.runtime.rawValue] != nil, !lacksConverter(description, journal) else {
      throw device.lacking([setup.runtime], on: description)
    }
    try session.bring(models) { say("model \($0 + 1) of \($1) is transferred") }
    let processors = try session.start(setup, patience: max(0, device.patience - course.waited)) { message in
      if message.event == "busy" { say("waiting for another measurement on the device") }
    }
    try journal.add(
      .session(
        RoundsJournal.Session(
          date: Date().formatted(.iso8601), device: setup.name, setup: setup, description: description, plan: plan,
          processors: processors)))
    return session
  }

  /// Whether the device can't convert any of the models for the runtime: all are ONNX models, and none has run with it
  /// there. Those that have are in the device's cache in converted form.
  func lacksConverter(_ description: DeviceDescription, _ journal: RoundsJournal) -> Bool {
    description.missingConverter(setup.runtime) != nil && models.allSatisfy { $0.cacheName.hasSuffix(".onnx") }
      && device.setups.allSatisfy {
        $0.runtime != setup.runtime || journal.visits(of: models, on: $0.name).isEmpty
      }
  }

  /// The changes of the device and of the setup from one session to the next, of all sessions whose rounds the table
  /// holds.
  private func changes(_ journal: RoundsJournal) -> [String] {
    var notices: [String] = []
    var before: RoundsJournal.Session?
    func compare(_ setup: RuntimeSetup, _ description: DeviceDescription?, _ processors: [Int]? = nil) {
      guard let before else { return }
      var changes =
        (description?.changes(since: before.description, runtime: setup.runtime) ?? [])
        + setup.changes(since: before.setup)
      // The default processors may change without a change of the setup, such as in a smaller container.
      if (setup.threads, setup.processors) == (before.setup.threads, before.setup.processors),
        let earlier = before.processors, let processors, earlier != processors
      {
        changes.append("its list of processors was \(earlier) and is \(processors)")
      }
      for change in changes {
        let notice = "\(setup.name) changed since the rounds of \(before.date): \(change)"
        if !notices.contains(notice) { notices.append(notice) }
      }
    }
    for session in journal.sessions where session.device == setup.name {
      compare(session.setup, session.description, session.processors)
      before = session
    }
    // If nothing was left to measure, there is no session of the present setup.
    compare(setup, nil)
    return notices
  }

  // MARK: Rounds

  /// The number of the next round of a model; nil if it needs none.
  private func next(_ model: ModelFile, _ state: SetupState) -> Int? {
    if state.hasFailed(model.id) { return nil }
    let visits = state.visits[model.id] ?? []
    let rounds = visits.last?.round ?? 0
    guard rounds < plan.rounds.upperBound else { return nil }
    if visits.count >= plan.rounds.lowerBound, MeasuredRounds.isPrecise(visits, within: plan.precision) { return nil }
    return rounds + 1
  }

  /// Visits all models that have the fewest rounds once, and those whose runs were disturbed again.
  private func round(
    _ session: any DeviceSession, _ journal: inout RoundsJournal, _ course: inout Course,
    _ progress: (MeasuringProgress) -> Void
  ) throws {
    let state = SetupState(journal, models: models, device: setup.name, from: course.known)
    let wanted = models.compactMap { model in next(model, state).map { (model, $0) } }
    guard let number = wanted.map(\.1).min() else { return }
    var random = SeededGenerator(seed: plan.seed &+ UInt64(number))
    var open = wanted.filter { $0.1 == number }.map(\.0).shuffled(using: &random)
    for _ in 0...plan.repetitions where !open.isEmpty {
      let spoilt = try visit(lostLast(open, course), number, session, &journal, &course, progress)
      open = open.filter { spoilt.contains($0.id) }.shuffled(using: &random)
      if course.isImpatient || isUsedUp(course) { break }
    }
  }

  /// Moves the model that ran when the device was last lost to the end. The others are measured even if it takes the
  /// device down each time, and a bad connection is lost with another model the next time.
  private func lostLast(_ models: [ModelFile], _ course: Course) -> [ModelFile] {
    guard let id = course.lostWith?.id else { return models }
    return models.filter { $0.id != id } + models.filter { $0.id == id }
  }

  /// - Returns: The ids of models whose runs were disturbed.
  private func visit(
    _ models: [ModelFile], _ number: Int, _ session: any DeviceSession, _ journal: inout RoundsJournal,
    _ course: inout Course, _ progress: (MeasuringProgress) -> Void
  ) throws -> Set<String> {
    let byID = Dictionary(models.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var request = AgentRequest("visit")
    request.limit = plan.limit
    // A fifth of the overhead is reserved for the work after the runs.
    request.visits = models.map { model in
      AgentRequest.Visit(
        model: model.cacheName, id: model.id, round: number, runs: plan.runs, factor: 1 / (0.8 * plan.overhead) - 1)
    }
    if course.wasLostPreparing { request.alone = true }
    try session.send(request)
    var spoilt: Set<String> = []
    var open = models[...]
    var isPreparing = false
    while true {
      let message: AgentMessage
      do {
        message = try session.next(within: plan.limit + 90)
      } catch let loss as AgentSession.Loss {
        if isPreparing {
          course.wasLostPreparing = true
        } else if let model = open.first {
          try noteLoss(loss, with: model, &journal, &course)
        }
        throw loss
      }
      isPreparing = message.event == "preparing" && message.done != message.of
      if ["failed", "visit"].contains(message.event) { open = open.dropFirst() }
      let model = message.id.flatMap { byID[$0] }
      var note = ""
      switch message.event {
      case "done": return spoilt
      case "preparing": note = "\(message.done ?? 0) of \(message.of ?? 0) models are prepared"
      case "converting": note = "\(open.first?.id ?? "a model") is converted"
      case "waiting":
        let names = (message.by ?? []).joined(separator: ", ")
        note = "waiting: other programs keep \(String(format: "%.1f", message.others ?? 0)) processors busy"
        if !names.isEmpty { note += " (\(names))" }
        if let patience = message.patience, patience <= 2 { course.isImpatient = true }
      case "failed":
        guard let model else { continue }
        try journal.add(failure(of: model, message.reason ?? "it failed"))
        note = "\(model.id) failed: \(message.reason ?? "")"
      case "visit":
        guard let model else { continue }
        guard let visit = Visit(message, model, device: setup.name) else {
          try journal.add(failure(of: model, "the device sent impossible times"))
          continue
        }
        try journal.add(.visit(visit))
        if course.lostWith?.id == model.id { course.lostWith = nil }
        course.waited += visit.waiting
        course.visited += 1
        course.medians.add(visit)
        if !visit.spoilt.isEmpty { spoilt.insert(model.id) }
        note = "round \(number), \(models.count - open.count) of \(models.count), "
        note += "median \(Self.milliseconds(course.medians.value))"
        if let why = visit.spoilt.first { note += " (\(why))" }
      default: continue
      }
      progress(MeasuringProgress(fraction: fraction(course), note: "\(setup.name): \(note)"))
    }
  }

  /// A model that takes the device, or its agent, down again and again is a failure, so that the others go on.
  private func noteLoss(
    _ loss: AgentSession.Loss, with model: ModelFile, _ journal: inout RoundsJournal, _ course: inout Course
  ) throws {
    let times = course.lostWith?.id == model.id ? (course.lostWith?.times ?? 0) + 1 : 1
    course.lostWith = (model.id, times)
    guard times > 1 else { return }
    try journal.add(failure(of: model, "the device was lost \(times) times while it ran: \(loss)"))
  }

  private func failure(of model: ModelFile, _ reason: String) -> RoundsJournal.Entry {
    .failure(id: model.id, digest: model.digest, device: setup.name, reason: reason)
  }

  private static func milliseconds(_ value: Double) -> String { String(format: "%.3g ms", value) }

  // MARK: Ending

  /// The reason why measuring ends; nil while it continues.
  private func ending(_ journal: RoundsJournal, _ course: Course) -> MeasuredLatencies.Ending.Cause? {
    let state = SetupState(journal, models: models, device: setup.name, from: course.known)
    let open = models.filter { next($0, state) != nil }
    if open.isEmpty {
      let all = models.filter { !state.hasFailed($0.id) }
      let isPrecise = all.allSatisfy {
        MeasuredRounds.isPrecise(state.visits[$0.id] ?? [], within: plan.precision)
      }
      return isPrecise ? .precision : .rounds
    }
    return isUsedUp(course) ? .budget : nil
  }

  /// Whether the time budget is used up.
  private func isUsedUp(_ course: Course) -> Bool {
    course.visited > 0 && course.seconds >= plan.budget ?? .infinity
  }

  private func fraction(_ course: Course) -> Double {
    let position = device.setups.firstIndex { $0.name == setup.name } ?? 0
    let spent = plan.budget.map { course.seconds / $0 } ?? 0
    let own = min(1, max(part(of: course.earlier + course.visited), spent))
    return min(1, (Double(position) + own + later) / Double(device.setups.count))
  }

  /// The fraction that this number of visits is of all visits.
  private func part(of visits: Int) -> Double {
    min(1, Double(visits) / Double(max(1, models.count * plan.rounds.upperBound)))
  }

  /// The fraction that earlier measurements completed.
  func completed(_ journal: RoundsJournal) -> Double {
    isComplete(journal) ? 1 : part(of: journal.visits(of: models, on: setup.name).count)
  }

  /// Whether nothing is left to measure.
  func isComplete(_ journal: RoundsJournal) -> Bool {
    let state = SetupState(journal, models: models, device: setup.name, from: journal.entries.count)
    return models.allSatisfy { next($0, state) == nil }
  }

  private func summary(
    _ journal: RoundsJournal, _ course: Course, _ cause: MeasuredLatencies.Ending.Cause
  ) -> MeasuredLatencies.Ending {
    let state = SetupState(journal, models: models, device: setup.name, from: course.known)
    let measured = state.visits.values
    let counted = models.compactMap { state.visits[$0.id] }.map(MeasuredRounds.counted)
    let precise = measured.count { MeasuredRounds.isPrecise($0, within: plan.precision) }
    let visits = journal.visits(of: models, on: setup.name)
    let wall = visits.reduce(0.0) { $0 + Double($1.wall) / 1e9 }
    let timed = visits.reduce(0.0) { $0 + Double($1.runs.reduce(0, +) + ($1.warm.last ?? 0)) / 1e9 }
    // The time of the connection and the runner is part of the time between visits.
    let between = course.visited == visits.count ? max(0, course.seconds - course.waited - wall) : 0
    return MeasuredLatencies.Ending(
      device: setup.name, cause: cause, precise: Double(precise) / Double(max(1, models.count)),
      agreement: HalfAgreement(counted, by: .medianOfRounds), seconds: wall + between,
      overhead: wall > 0 ? 1 - timed / (wall + between) : 0, waiting: visits.reduce(0) { $0 + $1.waiting })
  }
}
