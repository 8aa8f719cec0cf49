import Foundation

/// A system that runs jobs on other machines: Slurm, or hosts that are reached by ssh.
///
/// A new kind is a file with a type that conforms to this protocol. It makes no decisions: `BatchExecution` decides
/// which tasks are submitted and how their end is interpreted.
protocol BatchQueue: Sendable {
  /// The largest number of tasks of one submission.
  var largestArray: Int { get }

  /// Whether the queue would accept a submission now.
  func hasRoom() async -> Bool

  /// Submits a job. Whatever the reply is, `entries` can show whether the job was submitted.
  func submit(_ submission: BatchSubmission) async throws -> BatchReply

  /// All jobs of the user in the queue.
  /// - Throws: `BatchQueueError` when the queue can't be asked.
  func entries() async throws -> BatchSnapshot

  /// Cancels the jobs of a submission, also waiting ones.
  func cancel(_ submission: BatchSubmission, id: String?) async

  /// Cancels one job that the queue holds.
  func cancel(held index: Int, id: String) async

  /// The queue's verdict on a job that `entries` no longer lists, if the queue keeps one.
  func verdict(id: String, index: Int) async -> BatchVerdict?
}

/// Several tasks that are submitted together, and their resources.
struct BatchSubmission: Codable, Hashable, Sendable {
  /// Identifies this submission, in the queue and in the names of attempts.
  var token: String
  /// The name of a job in the queue.
  var name: String
  /// The script and its arguments: the file that lists the tasks' folders, and the token.
  var script: String
  var list: String
  /// The folder of the queue's own logs.
  var logs: String
  /// The number of tasks in the list.
  var count: Int
  var resources: CellResources
  /// The process's initial working directory, until the script changes it.
  var folder: String
}

enum BatchReply: Hashable, Sendable {
  /// The job was submitted and has this identifier in the queue.
  case submitted(id: String)
  /// It is unknown whether the job was submitted.
  case unclear(String)
}

/// The reason why the queue can't be asked or refuses a job.
struct BatchQueueError: Error, Hashable {
  var message: String
}

/// The state of the queue at one time.
struct BatchSnapshot: Hashable, Sendable {
  var entries: [BatchEntry] = []
  /// Machines that could not be asked, so their jobs are unknown.
  var unreachable: Set<String> = []
}

/// A task as the queue lists it.
struct BatchEntry: Hashable, Sendable {
  enum State: Hashable, Sendable {
    case waiting
    case running
    case ended(BatchVerdict)
  }

  var token: String
  /// The index of the task in its submission, from 0.
  var index: Int
  var state: State
  /// The identifier in the queue.
  var id: String
  /// The queue's text about why the task waits or where it runs.
  var note: String
}

/// The queue's verdict on a job that has ended.
struct BatchVerdict: Codable, Hashable, Sendable {
  enum Kind: String, Codable, Sendable {
    /// The job ended by itself, with success or not; its own record says which.
    case byItself
    case cancelled
    case outOfTime
    case outOfMemory
    /// The job was pre-empted or its machine failed, which isn't the job's fault.
    case lost
    /// The job could not be started, and the queue keeps it without trying again.
    case held
  }

  var kind: Kind
  /// The queue's own text.
  var reason: String
}
