import Basics
import Foundation
import Glibc
import Subprocess
import SystemPackage
import Wire

/// One run of a compiled cell: a process in its own process group, its output in files, its events followed as they
/// come.
package struct CellProcess: Sendable {
  /// How a process ended and all that it left.
  package struct Ending: Sendable {
    package enum Cause: Sendable {
      case exited(Int32)
      case signalled(Int32)
      case timedOut
      case interrupted
      /// It wrote more than a disk should hold.
      case flooded
    }

    package var cause: Cause
    package var events: [CellEvent]
    package var standardOutput: CapturedOutput
    package var standardError: CapturedOutput
    /// The kernel ended processes for want of memory meanwhile.
    package var isMemoryShort = false
    package var seconds: Double
    /// When and on which machine it ran.
    package var origin: Origin
  }

  package var task: CellTask

  package init(_ task: CellTask) {
    self.task = task
  }

  /// Bytes of output with which a cell is ended.
  package static let outputMaximum: UInt64 = 1 << 30

  private var events: URL { URL(fileURLWithPath: task.job.events) }

  /// Runs the process to its end.
  /// - Parameter observe: Called with every event as it comes.
  package func run(observe: @escaping @Sendable (CellEvent) -> Void) async throws -> Ending {
    let jobFile = task.folder.appendingPathComponent("job.json")
    try CellJob.encoder.encode(task.job).write(to: jobFile)
    let output = task.folder.appendingPathComponent("stdout")
    let error = task.folder.appendingPathComponent("stderr")
    var variables = task.environment
    variables["LABBOOK_JOB"] = jobFile.path
    // Threads that start processes may have another niceness than the command.
    variables["LABBOOK_NICE"] = String(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(getpid())))
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
          .path(FilePath(task.executable.path)), arguments: [],
          environment: .inherit.updating(
            Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0), $1) })),
          workingDirectory: FilePath(task.workingDirectory.path), platformOptions: options, input: .none,
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
      if let timeout = task.timeout {
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
      standardOutput: CapturedOutput(output, overflow: task.overflow.appendingPathExtension("stdout.txt")),
      standardError: CapturedOutput(error, overflow: task.overflow.appendingPathExtension("stderr.txt")),
      isMemoryShort: ProcessTree.memoryKills > memoryKills, seconds: (ContinuousClock.now - start) / .seconds(1),
      origin: .here)
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
