import Foundation

/// Something that runs jobs on other machines: Slurm, or hosts that are reached by ssh.
///
/// A new kind is a file with a type that conforms to this protocol. It decides nothing: what is submitted, and what its
/// end means, is `BatchExecution`'s business.
protocol BatchQueue: Sendable {
  /// The most tasks of one submission.
  var largestArray: Int { get }

  /// Whether a submission would be taken now.
  func hasRoom() async -> Bool

  /// Asks for a job. What was submitted can be told by `entries` whatever comes back.
  func submit(_ submission: BatchSubmission) async throws -> BatchReply

  /// All jobs of the user's that the queue knows.
  /// - Throws: `BatchQueueError` when the queue can't be asked.
  func entries() async throws -> BatchSnapshot

  /// Ends a submission's jobs, those that wait too.
  func cancel(_ submission: BatchSubmission, id: String?) async

  /// What the queue says of a job that `entries` no longer has, where it keeps such things.
  func verdict(id: String, index: Int) async -> BatchVerdict?
}

/// Several tasks that are asked for at once, and by which resources.
struct BatchSubmission: Codable, Hashable, Sendable {
  /// Tells this submission from all others, in the queue and in the names of attempts.
  var token: String
  /// A job's name as people see it in the queue.
  var name: String
  /// The script with its arguments behind it: the file that lists the tasks' folders, and the token.
  var script: String
  var list: String
  /// Where the queue's own log goes.
  var logs: String
  /// How many tasks the list has.
  var count: Int
  var resources: CellResources
  /// The process's working directory until the script changes it.
  var folder: String
}

enum BatchReply: Hashable, Sendable {
  /// By the queue's own identifier.
  case submitted(id: String)
  /// Nobody knows whether it was submitted.
  case unclear(String)
}

/// Why the queue can't be asked, or refuses a job.
struct BatchQueueError: Error, Hashable {
  var message: String
}

/// The state of the queue at one time.
struct BatchSnapshot: Hashable, Sendable {
  var entries: [BatchEntry] = []
  /// Machines that could not be asked: what is there is unknown.
  var unreachable: Set<String> = []
}

/// A task as the queue has it.
struct BatchEntry: Hashable, Sendable {
  enum State: Hashable, Sendable {
    case waiting
    case running
    case ended(BatchVerdict)
  }

  var token: String
  /// Of the task in its submission, from 0.
  var index: Int
  var state: State
  /// The queue's own identifier.
  var id: String
  /// Why it waits, or where it runs, in the queue's words.
  var note: String
}

/// What the queue says of a job that has ended.
struct BatchVerdict: Codable, Hashable, Sendable {
  enum Kind: String, Codable, Sendable {
    /// By itself, well or not: its own record tells.
    case byItself
    case cancelled
    case outOfTime
    case outOfMemory
    /// Pre-empted, or its machine failed: not the job's fault.
    case lost
  }

  var kind: Kind
  /// The queue's own words.
  var reason: String
}
