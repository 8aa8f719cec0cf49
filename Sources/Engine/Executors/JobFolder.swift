import Foundation
import Wire

/// The folder of a cell's jobs in the store: the submissions and their results. It outlives the runner, so the next
/// runner finds its jobs again.
///
/// ```
/// task.sh               runs a task, on whichever machine
/// lease                 beats while a runner waits for the result
/// submissions/<n>.json  what was asked for, written before it is, and the queue's identifier
/// cell/                 the task of the cell itself
/// points/<s>-<i>/       the task of point i of the cell's sweep s
/// values/<s>-<i>        what a point gave
/// logs/                 the queue's own logs
/// ```
struct JobFolder: Sendable {
  /// The record of a submission.
  struct Submission: Codable, Sendable {
    var request: BatchSubmission
    /// The folders of its tasks within this folder, in the order of their indices.
    var tasks: [String]
    var cluster: String
    var id: String?
    /// Whether it is unknown if the queue has it.
    var isUnclear = true
  }

  let url: URL

  var lease: URL { url.appendingPathComponent("lease") }
  var values: URL { url.appendingPathComponent("values") }
  private var submissionFolder: URL { url.appendingPathComponent("submissions") }

  init(_ url: URL) {
    self.url = url
  }

  func prepare() throws {
    for name in ["submissions", "values", "logs"] {
      try FileManager.default.createDirectory(
        at: url.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    try Data(TaskScript.text.utf8).writeDurably(to: url.appendingPathComponent(TaskScript.name), replace: true)
  }

  /// Removes everything except the values of points.
  func forgetTasks() {
    for name in ["submissions", "cell", "points", "logs"] {
      try? FileManager.default.removeItem(at: url.appendingPathComponent(name))
    }
  }

  // MARK: Submissions

  /// All submissions, oldest first.
  func submissions() -> [Submission] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: submissionFolder.path)) ?? []
    return names.compactMap { name -> (Int, Submission)? in
      guard name.hasSuffix(".json"), let number = Int(name.dropLast(5)),
        let data = FileManager.default.contents(atPath: submissionFolder.appendingPathComponent(name).path),
        let submission = try? CellJob.decoder.decode(Submission.self, from: data)
      else { return nil }
      return (number, submission)
    }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  func keep(_ submission: Submission) throws {
    let number = submission.request.token.prefix { $0 != "-" }
    try CellJob.encoder.encode(submission).writeDurably(
      to: submissionFolder.appendingPathComponent("\(number).json"), replace: true)
  }

  /// A submission that is recorded but not yet sent to the queue.
  func newSubmission(
    _ tasks: [BatchTask], name: String, resources: CellResources, cluster: String, number: Int
  ) throws -> Submission {
    let token = "\(number)-" + String(format: "%016lx", UInt64.random(in: 0 ... .max))
    let list = submissionFolder.appendingPathComponent("\(number).tasks")
    try Data(tasks.map { $0.folder.path + "\n" }.joined().utf8).writeDurably(to: list, replace: true)
    let submission = Submission(
      request: BatchSubmission(
        token: token, name: name, script: url.appendingPathComponent(TaskScript.name).path, list: list.path,
        logs: url.appendingPathComponent("logs/\(number).%a").path, count: tasks.count, resources: resources,
        folder: url.path),
      tasks: tasks.map(\.name), cluster: cluster)
    try keep(submission)
    return submission
  }

  /// The last lines of the queue's log of a task.
  func log(of submission: Submission, index: Int) -> String {
    let number = submission.request.token.prefix { $0 != "-" }
    let file = url.appendingPathComponent("logs/\(number).\(index)")
    return String(decoding: (FileManager.default.contents(atPath: file.path) ?? Data()).suffix(4_000), as: UTF8.self)
  }
}
