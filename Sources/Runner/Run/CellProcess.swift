import Basics
@_spi(Runner) import Cell
import Core
import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// One run of a compiled cell: a process in its own process group, its output in files, its events followed as they come.
struct CellProcess: Sendable {
  /// How a process ended and all that it left.
  struct Ending: Sendable {
    enum Cause: Sendable {
      case exited(Int32)
      case signalled(Int32)
      case timedOut
      case interrupted
      /// It wrote more than a disk should hold.
      case flooded
    }

    var cause: Cause
    var events: [CellEvent]
    var standardOutput: CapturedOutput
    var standardError: CapturedOutput
    /// The kernel ended processes for want of memory meanwhile.
    var isMemoryShort = false
    var seconds: Double
  }

  var executable: URL
  var job: CellJob
  /// Holds the job, the events and the output while the process runs.
  var folder: URL
  var workingDirectory: URL
  var environment: [String: String]
  var timeout: Double?

  /// Where output goes that is too long for the report: a name for each stream is put behind it.
  var overflow: URL

  /// Bytes of output with which a cell is ended.
  static let outputMaximum: UInt64 = 1 << 30

  private var events: URL { URL(fileURLWithPath: job.events) }

  /// Runs the process to its end.
  /// - Parameter observe: Called with every event as it comes.
  func run(observe: @escaping @Sendable (CellEvent) -> Void) async throws -> Ending {
    let jobFile = folder.appendingPathComponent("job.json")
    try CellJob.encoder.encode(job).write(to: jobFile)
    let output = folder.appendingPathComponent("stdout")
    let error = folder.appendingPathComponent("stderr")
    var variables = environment
    variables["LABBOOK_JOB"] = jobFile.path
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500)),
      .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500)),
    ]

    let start = ContinuousClock.now
    let memoryKills = ProcessTree.memoryKills
    let follower = EventFollower(file: events)
    let cause = try await withThrowingTaskGroup(of: Ending.Cause.self) { group in
      group.addTask { [options, variables] in
        let result = try await Subprocess.run(
          .path(FilePath(executable.path)), arguments: [],
          environment: .inherit.updating(
            Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0), $1) })),
          workingDirectory: FilePath(workingDirectory.path), platformOptions: options, input: .none,
          output: .fileDescriptor(try Self.create(output), closeAfterSpawningProcess: true),
          error: .fileDescriptor(try Self.create(error), closeAfterSpawningProcess: true)
        ) { execution in
          execution.processIdentifier.value
        }
        ProcessTree.end(group: result.closureResult, marker: "LABBOOK_JOB=\(jobFile.path)")
        switch result.terminationStatus {
        case .exited(let code): return .exited(code)
        case .signaled(let signal): return .signalled(signal)
        }
      }
      group.addTask {
        while !Task.isCancelled {
          follower.read().forEach(observe)
          if Self.size(output) + Self.size(error) > Self.outputMaximum { return .flooded }
          try? await Task.sleep(for: .milliseconds(40))
        }
        return .interrupted
      }
      if let timeout {
        group.addTask {
          try? await Task.sleep(for: .seconds(clamping: timeout))
          return Task.isCancelled ? .interrupted : .timedOut
        }
      }
      defer { group.cancelAll() }
      return try await group.next() ?? .interrupted
    }
    follower.read().forEach(observe)
    return Ending(
      cause: cause, events: follower.all,
      standardOutput: CapturedOutput(output, overflow: overflow.appendingPathExtension("stdout.txt")),
      standardError: CapturedOutput(error, overflow: overflow.appendingPathExtension("stderr.txt")),
      isMemoryShort: ProcessTree.memoryKills > memoryKills, seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  private static func size(_ file: URL) -> UInt64 {
    var status = stat()
    return stat(file.path, &status) == 0 ? UInt64(status.st_size) : 0
  }

  private static func create(_ url: URL) throws -> FileDescriptor {
    try FileDescriptor.open(
      FilePath(url.path), .readWrite, options: [.create, .append, .truncate],
      permissions: [.ownerReadWrite, .groupRead])
  }
}

/// Reads a growing file of JSON lines, each event once.
private final class EventFollower: Sendable {
  private struct State {
    var offset: UInt64 = 0
    var rest = Data()
    var events: [CellEvent] = []
  }

  private let file: URL
  private let state = Mutex(State())

  init(file: URL) {
    self.file = file
  }

  var all: [CellEvent] { state.withLock { $0.events } }

  /// Events that have come since the last call. A last line without its line end is left for the next.
  func read() -> [CellEvent] {
    state.withLock { state in
      guard let handle = try? FileHandle(forReadingFrom: file) else { return [] }
      defer { try? handle.close() }
      try? handle.seek(toOffset: state.offset)
      let data = (try? handle.readToEnd()) ?? Data()
      state.offset += UInt64(data.count)
      state.rest.append(data)
      guard let end = state.rest.lastIndex(of: 0x0A) else { return [] }
      let lines = state.rest[state.rest.startIndex...end].split(separator: 0x0A)
      state.rest = Data(state.rest[(end + 1)...])
      let events = lines.compactMap { try? CellJob.decoder.decode(CellEvent.self, from: Data($0)) }
      state.events += events
      return events
    }
  }
}
