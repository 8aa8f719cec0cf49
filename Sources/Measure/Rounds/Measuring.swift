import Core
import Foundation

/// Measures models on a device. It continues from existing rounds, and writes every new round to disk at once.
///
/// ```swift
/// let devices = try TargetDevices.load("devices.yaml")
/// let measuring = Measuring(try ModelFile.all(in: "models"), on: try devices.device("pi4"), table: "latency.csv")
/// let table = try measuring.run { print($0.note) }
/// print(table.endings.map(\.agreement.text))
/// ```
public struct Measuring {
  public var models: [ModelFile]
  public var device: TargetDevice
  public var plan: MeasuringPlan
  /// The path of the table. The raw rounds are beside it, as `latency.rounds.jsonl.gz` beside `latency.csv`.
  public var table: String
  /// Whether existing rounds are deleted.
  public var isFresh: Bool
  /// The seconds before the first reconnection to a lost device. They double with each attempt, up to half a minute.
  var firstPause = 1.0
  /// The total time in seconds for reconnecting to a lost device without any progress.
  var endurance = 300.0

  public init(
    _ models: [ModelFile], on device: TargetDevice, plan: MeasuringPlan = MeasuringPlan(), table: String,
    isFresh: Bool = false
  ) {
    self.models = models
    self.device = device
    self.plan = plan
    self.table = table
    self.isFresh = isFresh
  }

  /// The path of a table's raw rounds while they are being written.
  public static func rounds(of table: String) -> String {
    (table.hasSuffix(".csv") ? String(table.dropLast(4)) : table) + ".rounds.jsonl"
  }

  /// Measures everything that isn't measured yet, writes the table and compresses the rounds. The file also keeps the
  /// rows of these models on other devices that were measured into it before.
  /// - Parameter progress: A function that is called often, on the calling thread.
  /// - Throws: `InputError` when the device can't be used, can't be reached at the beginning, lacks a runtime, or is
  ///   lost and doesn't come back. The table then has what was measured so far.
  public func run(progress: (MeasuringProgress) -> Void = { _ in }) throws -> MeasuredLatencies {
    try plan.validate()
    try validate()
    let lock = try TableLock(Self.rounds(of: table))
    defer { lock.end() }
    // The rounds are this measurement's own state and not an input. They change while it measures, so a cell that
    // recorded them as read would never be fresh.
    var journal = try TrainingContext.withoutObserving { try RoundsJournal(Self.rounds(of: table)) }
    if isFresh { journal.clear() }
    try journal.open()
    let known = journal.entries.count
    var measurings = device.setups.map { setup in
      SetupMeasuring(
        models: models, device: device, setup: setup, plan: plan, firstPause: firstPause, endurance: endurance)
    }
    let open = measurings.filter { !$0.isComplete(journal) }
    var hasAnswered = false
    if open.count > 1 { hasAnswered = try requireRuntimes(open, journal) }
    let completed = measurings.map { $0.completed(journal) }
    for index in measurings.indices { measurings[index].later = completed[(index + 1)...].reduce(0, +) }
    var endings: [MeasuredLatencies.Ending] = []
    var notices: [String] = []
    do {
      for measuring in measurings {
        endings.append(
          try measuring.run(&journal, hasAnswered: &hasAnswered, notices: &notices, progress: progress))
      }
    } catch {
      // What was measured so far can be used already. If nothing was, an earlier table may have more models.
      let isMeasured = device.setups.contains { !journal.visits(of: models, on: $0.name).isEmpty }
      let isNew = journal.entries.dropFirst(known).contains { if case .session = $0 { false } else { true } }
      if isMeasured, isNew || !FileManager.default.fileExists(atPath: table) {
        try save(result(journal, endings, notices), journal)
      }
      throw error
    }
    let result = result(journal, endings, notices + leftOut(journal))
    try save(result, journal)
    try journal.compress()
    if let report = TrainingContext.current.devices {
      for device in result.devices { result.facts(of: device).map { report(device.name, $0) } }
    }
    return result
  }

  /// Writes the table, with the rows of other devices that were measured into it before.
  private func save(_ result: MeasuredLatencies, _ journal: RoundsJournal) throws {
    var saved = result
    saved.rows = saved.rows.filter { $0.median != nil || $0.reason != nil } + rowsOfOtherDevices(journal)
    try saved.save(to: table)
  }

  /// A notice of the models that only earlier measurements into the table had.
  private func leftOut(_ journal: RoundsJournal) -> [String] {
    let count = journal.ids.subtracting(models.map(\.id)).count
    guard count > 0 else { return [] }
    return [
      "the table leaves out \(count == 1 ? "a model that was" : "\(count) models that were") measured into it before. "
        + "The rounds are kept: to have all models in the table, measure them together"
    ]
  }

  /// Asks the device for all runtimes at once, so that a missing one isn't found only after hours with the others.
  /// - Parameter open: The setups with which something is left to measure.
  /// - Returns: Whether the device answered.
  private func requireRuntimes(_ open: [SetupMeasuring], _ journal: RoundsJournal) throws -> Bool {
    var asked = device
    asked.setups = open.map(\.setup)
    let report = try DeviceReport(asking: asked)
    guard let description = report.description else {
      if let problem = report.problem { throw problem }
      return false
    }
    let unconverted = open.filter { $0.lacksConverter(description, journal) }.map(\.setup.runtime)
    let lacking = report.missing + report.withoutConverter.filter { unconverted.contains($0) }
    guard lacking.isEmpty else { throw device.lacking(lacking, on: description) }
    return true
  }

  private func validate() throws {
    guard !models.isEmpty else { throw InputError("the list of models is empty") }
    var ids = Set<String>()
    if let twice = models.first(where: { !ids.insert($0.id).inserted }) {
      throw InputError.twoWithID(twice.id, "models").at(Place(file: twice.path))
    }
  }

  /// The rows of these models on devices that were measured into the same table before.
  private func rowsOfOtherDevices(_ journal: RoundsJournal) -> [MeasuredLatencies.Row] {
    var others: [String] = []
    for session in journal.sessions where !others.contains(session.device) {
      if !device.setups.contains(where: { $0.name == session.device }) { others.append(session.device) }
    }
    return others.flatMap { other in
      let state = SetupState(journal, models: models, device: other)
      return models.compactMap { model -> MeasuredLatencies.Row? in
        let (visits, reason) = (state.visits[model.id] ?? [], state.reason(model.id))
        guard !visits.isEmpty || reason != nil else { return nil }
        return MeasuredLatencies.Row(id: model.id, device: other, visits: visits, reason: reason)
      }
    }
  }

  private func result(
    _ journal: RoundsJournal, _ endings: [MeasuredLatencies.Ending], _ notices: [String]
  ) -> MeasuredLatencies {
    var rows: [MeasuredLatencies.Row] = []
    var devices: [Device] = []
    var descriptions: [String: DeviceDescription] = [:]
    for setup in device.setups {
      let state = SetupState(journal, models: models, device: setup.name)
      rows += models.map { model in
        MeasuredLatencies.Row(
          id: model.id, device: setup.name, visits: state.visits[model.id] ?? [], reason: state.reason(model.id))
      }
      if let description = journal.sessions.last(where: { $0.device == setup.name })?.description {
        devices.append(description.device(setup))
        descriptions[setup.name] = description
      }
    }
    return MeasuredLatencies(
      rows: rows, devices: devices, descriptions: descriptions, endings: endings, notices: notices)
  }
}

/// The rounds so far of each model on a device, by id. Rounds of another file content under the same id don't count.
struct SetupState {
  private(set) var visits: [String: [Visit]] = [:]
  /// The failures of each model since its last visit, and how many of them are of the current measurement.
  private var failures: [String: (reasons: [String], current: Int)] = [:]

  /// - Parameter start: The index of the first entry of the current measurement.
  init(_ journal: RoundsJournal, models: [ModelFile], device: String, from start: Int = 0) {
    let digests = models.digests
    let current = journal.visits(of: models, on: device)
    for (id, visits) in MeasuredRounds(current, device: device).models { self.visits[id] = visits }
    for (index, entry) in journal.entries.enumerated() {
      switch entry {
      case .visit(let visit) where visit.device == device && digests[visit.id] == visit.digest:
        failures[visit.id] = nil
      case .failure(let id, let digest, device, let reason) where digests[id] == digest:
        var known = failures[id] ?? ([], 0)
        known.reasons.append(reason)
        if index >= start { known.current += 1 }
        failures[id] = known
      default: continue
      }
    }
  }

  /// The reason of the last failure, unless a later visit succeeded.
  func reason(_ id: String) -> String? { failures[id]?.reasons.last }

  /// A failure may be transient. A model that failed twice in a row isn't tried again by the same measurement; a later
  /// one tries it once.
  func hasFailed(_ id: String) -> Bool {
    failures[id].map { $0.reasons.count >= 2 && $0.current >= 1 } ?? false
  }
}
