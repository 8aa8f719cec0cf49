import Engine
import Foundation
import GRDB
import Plot
import Wire

/// The history of the runs of a store's notebooks, in SQLite: `.labbook/history.sqlite`.
///
/// No report depends on it. Several runners can write at the same time, because SQLite locks the file. A damaged file
/// is renamed, and a new one is started.
/// aside, and a new one begun.
package struct HistoryDatabase: Sendable {
  package static let fileName = "history.sqlite"

  private let queue: DatabaseQueue

  /// Opens the store's history, and makes it if it doesn't exist.
  /// - Throws: SQLite's error. A damaged file is not an error but a notice of the store.
  package init(_ store: Store) async throws {
    let lock = try await StoreLock.acquire("history", in: store)
    defer { lock.release() }
    do {
      queue = try Self.open(store)
    } catch let error as DatabaseError where Self.isDamage(error) {
      try Self.setAside(store)
      queue = try Self.open(store)
    }
  }

  /// The store's history; nil when it doesn't exist.
  package static func existing(_ store: Store) async throws -> HistoryDatabase? {
    let file = store.folder.appendingPathComponent(fileName)
    return FileManager.default.fileExists(atPath: file.path) ? try await HistoryDatabase(store) : nil
  }

  private static func open(_ store: Store) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(20)
    // A write-ahead log needs memory that all processes share, so it works on one machine only.
    let isOneMachines = store.locking == .kernel
    if isOneMachines { configuration.journalMode = .wal }
    configuration.label = "history"
    configuration.prepareDatabase { database in
      if !isOneMachines { return try database.execute(sql: "PRAGMA journal_mode = DELETE") }
      // With a write-ahead log, this loses at most the newest runs in a power cut, and saves an fsync for every run.
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    let queue = try DatabaseQueue(
      path: store.folder.appendingPathComponent(fileName).path, configuration: configuration)
    let migrator = HistorySchema.migrator
    if try !queue.read(migrator.hasCompletedMigrations) { try migrator.migrate(queue) }
    return queue
  }

  // MARK: Damage

  private static func isDamage(_ error: DatabaseError) -> Bool {
    [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
  }

  private static func isDamaged(_ store: Store) throws -> Bool {
    do {
      return try open(store).read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") } != "ok"
    } catch let error as DatabaseError where isDamage(error) {
      return true
    }
  }

  /// Renames the file and its write-ahead log, so that a new history can be started and the old one examined.
  private static func setAside(_ store: Store) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: store.folder.path)) ?? []
    var number = 1
    while names.contains("history.damaged-\(number).sqlite") { number += 1 }
    for suffix in ["", "-wal", "-shm"] {
      let old = store.folder.appendingPathComponent(fileName + suffix)
      guard FileManager.default.fileExists(atPath: old.path) else { continue }
      try FileManager.default.moveItem(
        at: old, to: store.folder.appendingPathComponent("history.damaged-\(number).sqlite\(suffix)"))
    }
    store.notices.add(
      "the history of runs was damaged; it is renamed to "
        + "\(store.folder.lastPathComponent)/history.damaged-\(number).sqlite"
    )
  }

  // MARK: Writing

  /// Records a run in the store's history. An error with the history is a notice of the store and never stops a run.
  package static func record(_ run: HistoryRun, in store: Store) async {
    do {
      do {
        try await HistoryDatabase(store).insert(run)
      } catch let error as DatabaseError where isDamage(error) {
        let lock = try await StoreLock.acquire("history", in: store)
        // Another runner may already have renamed the damaged file.
        if try isDamaged(store) { try setAside(store) }
        lock.release()
        try await HistoryDatabase(store).insert(run)
      }
    } catch {
      let cause = (error as? DatabaseError).flatMap(\.message) ?? "\(error)"
      store.notices.add("the run is not recorded in the history: \(cause)")
    }
  }

  package func insert(_ run: HistoryRun) async throws {
    let encoder = CellJob.encoder
    let parameters = String(decoding: try encoder.encode(run.parameters), as: UTF8.self)
    let formats = try run.metrics.map { String(decoding: try encoder.encode($0.format), as: UTF8.self) }
    try await queue.write { database in
      try database.execute(
        sql: "INSERT INTO run (date, notebook, seconds, exit, lock, parameters) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [run.date.timeIntervalSince1970, run.notebook, run.seconds, run.exit, run.lock, parameters])
      let id = database.lastInsertedRowID
      for (position, cell) in run.cells.enumerated() {
        try database.execute(
          sql: "INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?)",
          arguments: [id, position, cell.name, cell.state.rawValue, cell.key, cell.seconds])
      }
      for (position, metric) in run.metrics.enumerated() {
        try database.execute(
          sql: "INSERT INTO metric VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            id, position, metric.name, metric.value.isNaN ? nil : metric.value, metric.unit, metric.better?.rawValue,
            formats[position],
          ])
      }
    }
  }

  // MARK: Reading

  /// The newest runs, the newest first.
  /// - Parameter notebook: The name of the notebook; nil for all.
  package func runs(of notebook: String? = nil, limit: Int = .max) async throws -> [HistoryRun] {
    try await queue.read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM run WHERE ? IS NULL OR notebook = ? ORDER BY id DESC LIMIT ?",
        arguments: [notebook, notebook, limit])
      return try rows.map { try HistoryRun($0, database) }
    }
  }

  package func run(_ id: Int64) async throws -> HistoryRun? {
    try await queue.read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM run WHERE id = ?", arguments: [id])
        .map { try HistoryRun($0, database) }
    }
  }

  /// Typical durations of a notebook's cells.
  package func typicalSeconds(of notebook: String) async throws -> TypicalSeconds {
    try await queue.read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT cell.name, cell.key, cell.seconds FROM run JOIN cell ON cell.run = run.id
          WHERE run.notebook = ? AND cell.state = 'ran' AND run.id IN
            (SELECT id FROM run WHERE notebook = ? ORDER BY id DESC LIMIT 200)
          ORDER BY run.id DESC
          """, arguments: [notebook, notebook])
      return TypicalSeconds(
        times: rows.map { (cell: $0.value("name") ?? "", key: $0.value("key"), seconds: $0.value("seconds")) })
    }
  }
}

extension HistoryRun {
  fileprivate init(_ row: Row, _ database: Database) throws {
    let identifier: Int64 = row.value("id") ?? 0
    let decoder = CellJob.decoder
    func rows(_ table: String) throws -> [Row] {
      try Row.fetchAll(
        database, sql: "SELECT * FROM \(table) WHERE run = ? ORDER BY position", arguments: [identifier])
    }
    id = identifier
    // The file may come from elsewhere. A column of an unexpected type counts as missing and never ends the program.
    date = Date(timeIntervalSince1970: min(max(row.value("date") ?? 0, 0), 253_402_300_799))
    notebook = row.value("notebook") ?? ""
    seconds = row.value("seconds") ?? .nan
    exit = row.value("exit") ?? 0
    lock = row.value("lock")
    let text: String = row.value("parameters") ?? ""
    parameters = (try? decoder.decode([Parameter].self, from: Data(text.utf8))) ?? []
    cells = try rows("cell").map {
      Cell(
        name: $0.value("name") ?? "", state: ($0.value("state") as String?).flatMap(CellState.init) ?? .left,
        key: $0.value("key"), seconds: $0.value("seconds"))
    }
    metrics = try rows("metric").map { row in
      RecordedMetric(
        row.value("name") ?? "", row.value("value") ?? .nan, unit: row.value("unit"),
        better: (row.value("better") as String?).flatMap { .init(rawValue: $0) },
        format: (try? decoder.decode(NumberFormat.self, from: Data((row.value("format") ?? "").utf8))) ?? .automatic)
    }
  }
}

extension Row {
  /// The value of a column; nil if its type differs.
  fileprivate func value<Value: DatabaseValueConvertible>(_ column: String) -> Value? {
    (self[column] as DatabaseValue?).flatMap(Value.fromDatabaseValue)
  }
}
