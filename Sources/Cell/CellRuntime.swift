internal import Basics
internal import CStandardOutput
import Core
import Foundation
import Glibc
import Plot
import Synchronization
internal import Wire

/// The connection between a cell's process and the runner. Without a runner (a tangled notebook run as a script),
/// shown output goes to standard output and nothing is stored.
final class CellRuntime: Sendable {
  static let shared = CellRuntime()

  let job: CellJob?
  private let events: Int32
  /// The error number that kept the event file from being opened.
  private let eventsError: Int32
  private let lastProgress = Mutex<[String: Double]>([:])
  private let points: CellPoints?

  private init() {
    guard let path = ProcessInfo.processInfo.environment["LABBOOK_JOB"],
      let data = FileManager.default.contents(atPath: path),
      let job = try? CellJob.decoder.decode(CellJob.self, from: data)
    else {
      job = nil
      events = -1
      eventsError = 0
      points = nil
      return
    }
    self.job = job
    points = job.points.map { CellPoints($0, blobs: job.blobs) }
    TrainingContext.process.seed = job.seed
    // A job that is started again has another event file.
    let file = ProcessInfo.processInfo.environment["LABBOOK_EVENTS"] ?? job.events
    events = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    eventsError = errno
  }

  /// Ends a process whose results would be lost, before it does any work.
  private func lose(_ cause: String) -> Never {
    FileHandle.standardError.write(Data("labbook: \(cause)\n".utf8))
    _exit(CellEvent.lostExitCode)
  }

  /// Ends the process with an error if some of its printed output was lost, as on a full disk.
  func requireOutput() {
    if job != nil, standard_output_is_lost() != 0 {
      stop(.threw(message: "the cell's printed output can't be written; its disk may be full"))
    }
  }

  /// Sets the process's context. It is called before the cell's first statement.
  func begin() {
    // A trap discards the output that libc still buffers, although a cell's last output often explains the trap.
    standard_output_by_lines()
    guard let job else {
      // Without its job the cell would run as a script: its values would be lost without a word.
      if let path = ProcessInfo.processInfo.environment["LABBOOK_JOB"] {
        lose("the cell's job \(path.visible) can't be read")
      }
      return
    }
    if events < 0 { lose("the cell's events can't be written: \(String(cString: strerror(eventsError)))") }
    if let niceness = ProcessInfo.processInfo.environment["LABBOOK_NICE"].flatMap(Int32.init), niceness > 0 {
      _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    }
    if let lease = job.lease { endWithRunner(lease) }
    if points?.hasOwn ?? false { exit(0) }
    var context = TrainingContext.process
    context.threads = job.threads
    context.checkpoints = TrainingCheckpoints(
      storage: KeyedStorage(folder: job.checkpoints), fits: KeyedStorage(folder: job.fits))
    context.files = { [self] path, content in
      send(.read(path: path, sha256: content.map { SHA256.hex($0) }))
    }
    context.devices = { [self] device, facts in send(.measured(device: device, facts: facts)) }
    context.progress = { [self] progress in
      // The run's record needs every epoch, but no one reads a terminal faster than this.
      let last = progress.record.epoch == progress.epochs
      if last || isDue("epoch \(progress.run)", interval: 0.1) {
        send(.epoch(run: progress.run, progress.record, of: progress.epochs, earlier: progress.resumed))
      }
    }
    context.sweepPoints = points?.sweepPoints(of: self)
    TrainingContext.process = context
  }

  /// Ends this process and those that it started when the runner is gone. A killed runner can't end them, and the
  /// next runner does the cell's work again.
  private func endWithRunner(_ lease: CellLease) {
    Thread.detachNewThread {
      let watch = LeaseWatch(lease, at: ProcessInfo.processInfo.systemUptime)
      while watch.isHeld(at: ProcessInfo.processInfo.systemUptime) { usleep(100_000) }
      kill(-getpgrp(), SIGKILL)
    }
  }

  /// Whether the last event of this kind was sent more than `interval` seconds ago. If so, it counts as sent now.
  func isDue(_ kind: String, interval: Double) -> Bool {
    let now = ProcessInfo.processInfo.systemUptime
    return lastProgress.withLock { last in
      if let then = last[kind], now - then < interval { return false }
      last[kind] = now
      return true
    }
  }

  /// Appends one line to the event file in a single write, so that a kill never leaves half an event.
  func send(_ event: CellEvent) {
    points?.note(event)
    guard events >= 0, var line = try? CellJob.encoder.encode(event) else { return }
    line.append(0x0A)
    line.withUnsafeBytes { bytes in
      var start = 0
      while start < bytes.count {
        let written = write(events, bytes.baseAddress?.advanced(by: start), bytes.count - start)
        if written < 0, errno == EINTR { continue }
        // If an event can't be written, the process ends, because the runner would store a wrong result without it.
        if written <= 0 { _exit(CellEvent.lostExitCode) }
        start += written
      }
    }
  }

  /// The report's language, or `en` outside a notebook. Reading it records a dependency on the language.
  var language: String {
    guard let job else { return "en" }
    if isDue("language", interval: .infinity) { send(.readLanguage(job.language)) }
    return job.language
  }

  /// The number of bytes written to standard output so far, which keeps text and displays in order.
  func printedBytes() -> Int {
    fflush(nil)
    return max(0, Int(lseek(1, 0, SEEK_CUR)))
  }

  func show(_ shown: Shown) {
    if job == nil {
      switch shown {
      case .chart(let chart): print(chart.description(language: "en"))
      case .table(let table): print(table.plainText())
      case .text(let text), .markdown(let text): print(text)
      }
      return
    }
    send(.shown(shown, after: printedBytes()))
  }

  func record(_ metric: RecordedMetric) {
    if metric.name.isEmpty { stop(.threw(message: "a metric has an empty name")) }
    if job == nil { print("\(metric.name): \(metric.text)") }
    send(.recorded(metric))
  }

  /// Ends the process after sending the reason to the runner.
  func stop(_ event: CellEvent) -> Never {
    fflush(nil)
    send(event)
    exit(1)
  }
}
