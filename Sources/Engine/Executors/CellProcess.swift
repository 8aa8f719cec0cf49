import Basics
import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage
import Wire

/// One run of a compiled cell: a process in a process group of its own, with its output in files and its events read
/// as they are written.
package struct CellProcess: Sendable {
  /// The ending of a process and all that it wrote.
  package struct Ending: Sendable {
    package enum Cause: Sendable {
      case exited(Int32)
      case signalled(Int32)
      case timedOut
      case interrupted
      /// The process wrote more output or events than allowed.
      case flooded
      /// The process used more of the machine than the sandbox allows. The text names the resource and its limit.
      case excessive(String)
      /// The cell was a job that ended without a result, for this reason.
      case lost(String)
    }

    package var cause: Cause
    package var events: [CellEvent]
    package var standardOutput: CapturedOutput
    package var standardError: CapturedOutput
    /// Whether the kernel's OOM killer ended processes while this one ran.
    package var isMemoryShort = false
    package var seconds: Double
    /// Whether the cell's folder in the store was removed while the cell ran.
    package var isStoreGone = false
    /// Names of the processes that the cell left running and that were ended.
    package var survivors: [String] = []
    /// When and on which machine the process ran.
    package var origin: Origin
    /// Additional lines about a failure: the point of a sweep, or the end of the queue's log.
    package var remarks: [String] = []
  }

  package var task: CellTask
  /// The sandbox in which the process runs; nil for none.
  package var sandbox: Sandbox?

  package init(_ task: CellTask, sandbox: Sandbox? = nil) {
    self.task = task
    self.sandbox = sandbox
  }

  /// The number of output bytes at which a cell is ended.
  package static let outputMaximum = Budgets.outputBytes

  private var events: URL { URL(fileURLWithPath: task.job.events) }

  /// Runs the process to its end.
  /// - Parameter observe: Called with every event as it is read.
  package func run(observe: @escaping @Sendable (CellEvent) -> Void) async throws -> Ending {
    try CellJob.encoder.encode(task.job).write(to: task.jobFile)
    let output = task.folder.appendingPathComponent("stdout")
    let error = task.folder.appendingPathComponent("stderr")
    var variables = task.environment
    variables["LABBOOK_JOB"] = task.jobFile.path
    // The thread that starts the process may have another niceness than the command.
    variables["LABBOOK_NICE"] = String(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(getpid())))
    let inherited: Environment
    var command = [task.executable.path]
    var controlGroup: ControlGroup?
    defer { controlGroup?.end() }
    if let sandbox {
      controlGroup = .make(processes: SandboxLimits.processes, memory: SandboxLimits.memoryTogether)
      command =
        (controlGroup?.entering ?? [])
        + sandbox.command(command, in: task.workingDirectory, environment: variables, namesSurvivors: true)
      inherited = .custom(["PATH": "/usr/bin:/bin"])
    } else {
      inherited = .inherit.updating(
        Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0), $1) }))
    }
    ProcessTree.adoptOrphans()
    var options = PlatformOptions()
    // In a session of its own, the cell can neither join the runner's process group nor reach its terminal.
    options.createSession = true
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500)),
      .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500)),
    ]

    let start = ContinuousClock.now
    let memoryKills = ProcessTree.memoryKills
    let follower = EventFollower(file: events)
    @Sendable func isOverBudget() -> Bool {
      Self.size(output) + Self.size(error) > Self.outputMaximum || Self.size(events) > Budgets.eventBytes
    }
    let root = RootProcess()
    ProcessTree.beginCell()
    var isAtWork = true
    defer { if isAtWork { ProcessTree.endCell() } }
    var cause = try await withThrowingTaskGroup(of: Ending.Cause.self) { group in
      group.addTask { [options, command, inherited] in
        let result = try await Subprocess.run(
          .path(FilePath(command[0])), arguments: Arguments(Array(command.dropFirst())), environment: inherited,
          workingDirectory: FilePath(task.workingDirectory.path), platformOptions: options, input: .none,
          output: .fileDescriptor(try Self.create(output), closeAfterSpawningProcess: true),
          error: .fileDescriptor(try Self.create(error), closeAfterSpawningProcess: true)
        ) { execution -> pid_t in
          let process = execution.processIdentifier.value
          root.identifier.withLock { $0 = process }
          ProcessTree.roots.withLock { _ = $0.insert(process) }
          return process
        }
        let ended = ProcessTree.end(group: result.closureResult, marker: "LABBOOK_JOB=\(task.jobFile.path)")
        root.survivors.withLock { $0 = ended }
        switch result.terminationStatus {
        // Bubblewrap and the shell in it add 128 to the number of the signal that ended the cell.
        case .exited(let code) where (129...192).contains(code) && sandbox?.means == .bubblewrap:
          return .signalled(code - 128)
        case .exited(let code): return .exited(code)
        case .signaled(let signal): return .signalled(signal)
        }
      }
      group.addTask {
        var round = 0
        while !Task.isCancelled {
          follower.read().forEach(observe)
          if isOverBudget() { return .flooded }
          let process = root.identifier.withLock { $0 }
          // The limits are checked only every fifth time, because each check reads all of /proc.
          round += 1
          if sandbox != nil, process > 0, round.isMultiple(of: 5),
            let excess = SandboxLimits.excess(below: process, folder: task.folder)
          {
            return .excessive(excess)
          }
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
    // A quick cell can exceed a budget and end before the next look.
    if case .exited = cause, isOverBudget() { cause = .flooded }
    _ = ProcessTree.roots.withLock { roots in root.identifier.withLock { roots.remove($0) } }
    while case let more = follower.read(), !more.isEmpty { more.forEach(observe) }
    ProcessTree.endCell()
    isAtWork = false
    var survivors = root.survivors.withLock { $0 }.merging(ProcessTree.endOrphans()) { first, _ in first }
    // The only process of the namespaces that is a child of the runner is bubblewrap's own, which can end after the
    // cell. The cell's own processes were named inside.
    if sandbox?.means == .bubblewrap { survivors = [:] }
    var isFlooded = false
    if case .flooded = cause { isFlooded = true }
    return Ending(
      cause: cause, events: isFlooded ? follower.withoutFlood : follower.all,
      standardOutput: CapturedOutput(output, overflow: task.overflow.appendingPathExtension("stdout.txt")),
      standardError: CapturedOutput(error, overflow: task.overflow.appendingPathExtension("stderr.txt")),
      isMemoryShort: ProcessTree.memoryKills > memoryKills, seconds: (ContinuousClock.now - start) / .seconds(1),
      isStoreGone: !FileManager.default.fileExists(atPath: task.folder.path),
      survivors: survivors.sorted { $0.key < $1.key }.map(\.value), origin: .here)
  }

  private static func size(_ file: URL) -> Int {
    var status = stat()
    return lstat(file.path, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func create(_ url: URL) throws -> FileDescriptor {
    try FileDescriptor.open(
      FilePath(url.path), .readWrite, options: [.create, .append, .truncate],
      permissions: [.ownerReadWrite, .groupRead])
  }
}

/// The started process.
private final class RootProcess: Sendable {
  /// Its id; 0 before the start.
  let identifier = Mutex<pid_t>(0)
  /// The names of the processes that it left running, by their ids.
  let survivors = Mutex<[pid_t: String]>([:])
}
