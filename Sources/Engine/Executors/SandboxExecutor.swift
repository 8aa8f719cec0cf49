import Basics
import Foundation
import Glibc
import Wire

/// Runs cells in a sandbox, where they see the notebook's files and nothing else of the user's.
///
/// A cell can write only to a scratch folder of its own. Its values are moved into the store afterwards, if each blob
/// matches its digest. Checkpoints of training and finished points of sweeps are neither read nor kept.
package struct SandboxExecutor: Executor {
  private let sandbox: Sandbox
  private let store: Store
  private let here = LocalExecutor()

  /// - Parameters:
  ///   - sandbox: A sandbox that contains the compiler and Labbook's library.
  ///   - notebook: The notebook. Its folder and the folders that its front matter allows can be read, except hidden
  ///     files in them.
  ///   - report: The layout whose folders can be read instead when the notebook was unpacked from a report.
  init(_ sandbox: Sandbox, notebook: Notebook, report: ReportLayout?, store: Store) {
    self.store = store
    if let report {
      self.sandbox = sandbox.reading([report.root] + report.dataFiles)
      return
    }
    let folders = [notebook.folder] + notebook.allowedFolders
    self.sandbox = sandbox.reading(folders, hiding: HiddenFiles.below(folders))
  }

  package var lease: CellLease.Kind { .lock }

  package func threads(jobs: Int) -> Int { here.threads(jobs: jobs) }

  /// The cell gets none of the user's environment except the settings for how it computes.
  package func environment(threads: Int) -> [String: String] {
    let names = ["OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "OPENBLAS_THREAD_TIMEOUT"]
    let user = ProcessInfo.processInfo.environment.filter { names.contains($0.key) }
    return here.environment(threads: threads).merging(user) { new, _ in new }
  }

  package func run(
    _ task: CellTask, observe: @escaping @Sendable (CellEvent) -> Void
  ) async throws -> CellProcess.Ending {
    var task = task
    // The files of the standard streams are outside the scratch folder, so that the cell can't replace them.
    let scratch = task.folder.appendingPathComponent("scratch")
    let blobs = scratch.appendingPathComponent("blobs")
    try FileManager.default.createDirectory(at: blobs, withIntermediateDirectories: true)
    task.job.blobs = blobs.path
    task.job.events = scratch.appendingPathComponent("events").path
    task.job.checkpoints = scratch.appendingPathComponent("checkpoints").path
    task.job.fits = scratch.appendingPathComponent("fits").path
    let seen = task.job.inputs.values.map(\.path) + [task.jobFile.path, task.job.lease?.path].compactMap { $0 }
    let sandbox = sandbox.reading(
      tools: [task.executable] + seen.map { URL(fileURLWithPath: $0) }, writing: [scratch])
    let ending = try await CellProcess(task, sandbox: sandbox).run(observe: observe)
    try takeBlobs(ending, from: blobs)
    return ending
  }

  /// Moves the values that a cell wrote in its sandbox into the store, if their content matches their digests.
  private func takeBlobs(_ ending: CellProcess.Ending, from folder: URL) throws {
    for case .handedOn(let value) in ending.events {
      let file = folder.appendingPathComponent(value.sha256)
      var status = stat()
      guard lstat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        let data = FileManager.default.contents(atPath: file.path), SHA256.hex(data) == value.sha256
      else { throw NotebookError("the cell handed on `\(value.name.visible)`, but its value is missing") }
      _ = try store.add(data)
    }
  }
}
