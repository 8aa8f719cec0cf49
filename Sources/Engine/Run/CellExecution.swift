import Basics
import Core
import Foundation
import Glibc
import Wire

/// The ending of an execution.
package struct CellExecution: Sendable {
  package enum Ending: Sendable {
    case settled(CellRecord)
    /// A damaged input was found in the store and thrown away. The cell that defines it must run again.
    case damaged(value: String)
  }

  package var ending: Ending
  /// The values of inline expressions by index, including those before a failure. Only the prose has any.
  package var texts: [String: String] = [:]
  /// Whether it failed before its process started, for example because it doesn't compile.
  package var isUnstarted = false
}

extension NotebookRun {
  /// Executes a stale cell or the prose, unless another runner has done so meanwhile.
  func execute(
    _ unit: RunUnit, _ outcomes: [String: CellRecord], _ options: Options, observe: @escaping Observer
  ) async -> CellExecution {
    func failed(_ message: String, at place: Place?, details: String? = nil) -> CellExecution {
      CellExecution(
        ending: .settled(
          .failed(CellFailure(message: message, place: place, details: details), outputs: [], seconds: 0)))
    }
    var isUnstarted = true
    do {
      let inputs = try checked.inputs(unit.needs, outcomes)
      let key = try checked.key(of: unit, inputs: Array(inputs.values))
      observe(.compiling(cell: unit.name))
      let compiled = try await compilation.compiled(checked.program(of: unit))
      let lock = try await StoreLock.acquire("cell-\(key.digest)", in: store)
      defer { lock.release() }
      let redoes = options.redoes(unit.name, isPinned: unit.isPinned)
      if !redoes, let result = checked.stored(key, of: unit.name, isPinned: unit.isPinned, in: store) {
        return CellExecution(ending: .settled(.fresh(result)), texts: result.expressions)
      }

      observe(.running(cell: unit.name))
      isUnstarted = false
      let timeout = unit.timeout ?? options.timeout
      let ending = try await process(
        compiled, unit: unit, inputs: inputs, key: key, options: options, timeout: timeout, keeps: !redoes,
        observe: { observe(.cell(unit.name, $0)) })
      for case .corruptInput(let name, _) in ending.events {
        // The event comes from the cell's process, which must not decide what is deleted.
        guard let value = inputs[name] else { continue }
        guard store.hasBlob(value.sha256) else {
          store.discard(store.blobs.appendingPathComponent(value.sha256))
          return CellExecution(ending: .damaged(value: name))
        }
        if store.blob(value.sha256) == nil { return CellExecution(ending: .damaged(value: name)) }
        return failed(
          "the stored value of `\(name)` can't be read where the cell ran, but is whole on this machine",
          at: unit.place, details: "The machines may not share the folder \(store.folder.path).")
      }
      // The cell was ended when it read such a file, so this comes before other causes of failure.
      let reach = self.reach
      for case .read(let path, let digest) in ending.events where Self.isForbidden(path, digest, reach) {
        let failure = CellFailure(
          message: "the cell read \(path.visible), which is not in the notebook's folder", place: unit.place,
          details: reach?.remedy(for: path))
        return CellExecution(
          ending: .settled(.failed(failure, outputs: ending.outputs, seconds: ending.seconds)), texts: ending.texts)
      }
      if var failure = ending.failure(in: notebook.file, timeout: timeout) {
        if let hint = notebook.writerHint(for: ending.events, in: unit.name) { failure.say(hint) }
        var isTimeout = false
        if case .timedOut = ending.cause { isTimeout = true }
        if unit.expectsFailure, !isTimeout, !Task.isCancelled {
          let kept = ExpectedFailure(failure: failure, outputs: ending.outputs, seconds: ending.seconds)
          try? store.setRecord(ExpectedFailure.path(key), kept)
        }
        return CellExecution(
          ending: .settled(
            .failed(failure, outputs: ending.outputs, seconds: ending.seconds, isTimeout: isTimeout)),
          texts: ending.texts)
      }
      let result = try store(ending, key: key, of: unit)
      for folder in [checkpoints(key), jobs(key)] { try? FileManager.default.removeItem(at: folder) }
      return CellExecution(ending: .settled(.ran(result)), texts: result.expressions)
    } catch let error as NotebookError {
      let first = error.diagnostics[0]
      var execution = failed(
        first.message, at: first.place ?? unit.place,
        details: error.diagnostics.dropFirst().map { $0.text() }.joined(separator: "\n"))
      execution.isUnstarted = isUnstarted
      return execution
    } catch is CancellationError {
      return failed("the cell was interrupted", at: unit.place)
    } catch {
      return failed("\(error)", at: unit.place)
    }
  }

  /// The folder in which training in a cell with this key keeps its checkpoints until the cell is done.
  private func checkpoints(_ key: CellKey, in folder: URL? = nil) -> URL {
    (folder ?? store.folder).appendingPathComponent("checkpoints/\(key.digest)")
  }

  /// The name of the folder of finished training runs. It depends on the code that determines their results, and on
  /// the user's secret key, so that a store from elsewhere can't contain results for it.
  private var fitsName: String {
    String(UserKey.user.seal(Data("fits \(checked.library.learning)".utf8)).prefix(32))
  }

  /// The folder of a cell's jobs until the cell is done. A job's files become a result, so the folder's name depends
  /// on the user's key: no one else can compute the name or use it in a copy of the store.
  private func jobs(_ key: CellKey) -> URL {
    var status = stat()
    stat(store.folder.path, &status)
    let place = "jobs \(key.digest) \(store.folder.path) \(status.st_ino)"
    return store.folder.appendingPathComponent("jobs/\(UserKey.user.seal(Data(place.utf8)).prefix(32))")
  }

  /// - Parameter keeps: Whether checkpoints and finished training runs are read and kept.
  private func process(
    _ compiled: CompiledProgram, unit: RunUnit, inputs: [String: StoredValue], key: CellKey, options: Options,
    timeout: Double?, keeps: Bool, observe: @escaping @Sendable (CellEvent) -> Void
  ) async throws -> CellProcess.Ending {
    let folder = try store.temporaryFolder("run")
    defer { try? FileManager.default.removeItem(at: folder) }
    let executor = executor(options, unit)
    let threads = executor.threads(jobs: options.jobs)
    let kept = keeps ? store.folder : folder
    let parameters = notebook.frontMatter.parameters.map { "\($0.name.jsonLiteral):\($0.json)" }
    let job = CellJob(
      cell: unit.name, entry: compiled.entry,
      inputs: inputs.mapValues { value in
        CellJob.Input(path: store.blobs.appendingPathComponent(value.sha256).path, sha256: value.sha256)
      },
      blobs: store.blobs.path, events: folder.appendingPathComponent("events").path,
      seed: CellSeed.value(notebook: notebook.frontMatter.seed, cell: unit.name),
      parameters: Data("{\(parameters.joined(separator: ","))}".utf8), threads: threads,
      language: notebook.frontMatter.language, lease: store.lease(executor.lease),
      checkpoints: checkpoints(key, in: kept).path,
      fits: kept.appendingPathComponent("fits/\(fitsName)").path)
    let task = CellTask(
      executable: compiled.executable, job: job, folder: folder, workingDirectory: notebook.folder,
      environment: executor.environment(threads: threads), timeout: timeout,
      resources: unit.resources, jobs: jobs(key), keeps: keeps, name: "\(notebook.name)-\(unit.name)",
      overflow: store.folder.appendingPathComponent("output/\(notebook.name)-\(unit.name)"))
    return try await run(task, by: executor, observe: observe)
  }

  /// Runs a task, and ends it as soon as it reads a file that the notebook may not read.
  private func run(
    _ task: CellTask, by executor: any Executor, observe: @escaping @Sendable (CellEvent) -> Void
  ) async throws -> CellProcess.Ending {
    let reach = self.reach
    let (forbidden, reads) = AsyncStream<String>.makeStream()
    return try await withThrowingTaskGroup(of: CellProcess.Ending.self) { group in
      group.addTask {
        defer { reads.finish() }
        return try await executor.run(task) { event in
          if case .read(let path, let digest) = event, Self.isForbidden(path, digest, reach) { reads.yield(path) }
          observe(event)
        }
      }
      for await _ in forbidden {
        group.cancelAll()
        break
      }
      guard let ending = try await group.next() else { throw CancellationError() }
      return ending
    }
  }

  /// Whether a cell may not read a file. A file that it didn't find tells it nothing, but a folder that it didn't find
  /// would be searched by the runner.
  private static func isForbidden(_ path: String, _ digest: String?, _ reach: FileReach?) -> Bool {
    (digest != nil || FolderListing(path: path) != nil) && reach?.contains(path) == false
  }

  /// The files that a cell may read; nil for all files. A report's data files were found by their digests, so they may
  /// be in any folder. Making it resolves the folders' links, so it is made once for a cell and not for each file.
  private var reach: FileReach? { compiler.report == nil ? FileReach(notebook) : nil }

  /// The executor of a cell: the compiler's sandbox if there is one, otherwise the run's executor. The prose runs on
  /// this machine, since a job would take longer.
  private func executor(_ options: Options, _ unit: RunUnit) -> any Executor {
    guard let sandbox = compiler.sandbox else {
      return unit.name == CheckedNotebook.proseName ? LocalExecutor() : options.executor
    }
    return SandboxExecutor(sandbox, notebook: notebook, report: compiler.report, store: store)
  }

  /// Stores the values and outputs of a finished process.
  /// - Throws: `NotebookError` if a file that the `writes` option names doesn't exist.
  private func store(_ ending: CellProcess.Ending, key: CellKey, of unit: RunUnit) throws -> CellResult {
    var files: [CellResult.ReadFile] = []
    var known: Set<CellResult.ReadFile> = []
    var language: String?
    var values: [StoredValue] = []
    var unstored: [String: String] = [:]
    var expressions: [String: String] = [:]
    var metrics: [RecordedMetric] = []
    var devices: [String: [String: String]] = [:]
    for event in ending.events {
      switch event {
      case .read(let path, let digest):
        let file = CellResult.ReadFile(path: path, sha256: digest)
        if known.insert(file).inserted { files.append(file) }
      case .readLanguage(let text): language = text
      case .handedOn(let value): values.append(value)
      case .notHandedOn(let name, let type, let reason):
        unstored[name] = reason ?? "its type \(type) is not Codable"
      case .expression(let index, let text): expressions[String(index)] = text
      case .recorded(let metric):
        metrics.removeAll { $0.name == metric.name }
        metrics.append(metric)
      case .measured(let device, let facts): devices[device] = facts
      default: break
      }
    }
    // If a file changed while the cell ran, it is unknown which content the cell read. Both are recorded, so that the
    // result is never fresh.
    for file in key.dependedFiles {
      let now = CellResult.ReadFile(path: file.path, sha256: checked.fileDigest(file.path))
      if now != file { files += [file, now] }
    }
    for path in unit.writes {
      guard let digest = checked.fileDigest(path) else {
        throw NotebookError(
          "the cell didn't write \(path), which its `writes` option names", at: unit.place,
          remedy: "Paths are relative to the notebook's folder.")
      }
      files.append(CellResult.ReadFile(path: path, sha256: digest))
    }
    var outputs = ending.outputs
    if !ending.printedErrors.isEmpty { outputs.append(.printedError(ending.printedErrors)) }
    let result = CellResult(
      cell: unit.name, key: key, files: files, language: language, values: values, unstored: unstored,
      outputs: try store.add(try CellJob.encoder.encode(outputs)), expressions: expressions, metrics: metrics,
      devices: devices.isEmpty ? nil : devices, seconds: ending.seconds, origin: ending.origin)
    try store.add(result)
    return result
  }
}
