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

  /// Measures everything that isn't measured yet, writes the table and compresses the rounds.
  /// - Parameter progress: A function that is called often, on the calling thread.
  /// - Throws: `InputError` when the device can't be used, lacks a runtime, or is lost and doesn't come back.
  public func run(progress: (MeasuringProgress) -> Void = { _ in }) throws -> MeasuredLatencies {
    try plan.validate()
    try validate()
    // The rounds are this measurement's own state and not an input. They change while it measures, so a cell that
    // recorded them as read would never be fresh.
    var unrecorded = TrainingContext.current
    unrecorded.files = nil
    let lock = try TableLock(Self.rounds(of: table))
    defer { lock.end() }
    var journal = try unrecorded.run { try RoundsJournal(Self.rounds(of: table)) }
    if isFresh { journal.clear() }
    try journal.open()
    var endings: [MeasuredLatencies.Ending] = []
    var notices: [String] = []
    for setup in device.setups {
      let measuring = SetupMeasuring(models: models, device: device, setup: setup, plan: plan, firstPause: firstPause)
      let ending = try measuring.run(&journal, notices: &notices, progress: progress)
      endings.append(ending)
    }
    let result = result(journal, endings, notices)
    try result.save(to: table)
    try journal.compress()
    return result
  }

  private func validate() throws {
    guard !models.isEmpty else { throw InputError("the list of models is empty") }
    var ids = Set<String>()
    if let twice = models.first(where: { !ids.insert($0.id).inserted }) {
      throw InputError.twoWithID(twice.id, "models").at(Place(file: twice.path))
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
          id: model.id, device: setup.name, visits: state.visits[model.id] ?? [], reason: state.reasons[model.id]?.last)
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
  private(set) var reasons: [String: [String]] = [:]

  init(_ journal: RoundsJournal, models: [ModelFile], device: String) {
    let digests = Dictionary(models.map { ($0.id, $0.digest) }, uniquingKeysWith: { first, _ in first })
    let current = journal.visits.filter { digests[$0.id] == $0.digest }
    for (id, visits) in MeasuredRounds(current, device: device).models { self.visits[id] = visits }
    for failure in journal.failures where failure.device == device && digests[failure.id] == failure.digest {
      reasons[failure.id, default: []].append(failure.reason)
    }
  }

  /// A failure may be transient. A model that failed twice isn't tried again.
  func hasFailed(_ id: String) -> Bool { (reasons[id]?.count ?? 0) >= 2 }
}
