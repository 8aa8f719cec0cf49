import Core
import Foundation
import Glibc
import Wire

/// How the execution of a cell ended.
package enum CellExecution: Sendable {
  /// What it takes to execute a cell.
  package struct Request: Sendable {
    package var cell: NotebookCell
    package var outcomes: [String: CellOutcome]
    package var options: NotebookRun.Options
    package var compilation: CompilationQueue
  }

  case settled(CellOutcome)
  /// A value that it takes in is damaged in the store, where it was thrown away; whoever gave it must run again.
  case damaged(value: String)
}

extension NotebookRun {
  /// Executes a stale cell, unless another runner has just done it.
  package func execute(_ request: CellExecution.Request, observe: @escaping Observer) async -> CellExecution {
    let cell = request.cell
    func failed(_ message: String, at place: Place?, details: String? = nil) -> CellExecution {
      .settled(.failed(CellFailure(message: message, place: place, details: details), outputs: [], seconds: 0))
    }
    do {
      let needs = graph.needs[cell.name] ?? CellGraph.Needs()
      let key = try key(of: cell, request.outcomes)
      observe(.compiling(cell: cell.name))
      let program = CellProgram(cell, of: notebook, needs: needs, types: check.types)
      let compiled = try await request.compilation.compiled(program)
      let lock = try await StoreLock.acquire("cell-\(key.digest)", in: store)
      defer { lock.release() }
      if !request.options.fresh, let result = stored(key) { return .settled(.fresh(result)) }

      observe(.running(cell: cell.name))
      let timeout = cell.options.timeout ?? request.options.timeout
      let ending = try await process(
        compiled, cell: cell.name, needs: needs, inputs: try inputs(needs, request.outcomes),
        key: key, options: request.options, timeout: timeout, observe: { observe(.cell(cell.name, $0)) })
      for case .corruptInput(let name, let path) in ending.events {
        store.discard(URL(fileURLWithPath: path))
        return .damaged(value: name)
      }
      if let failure = ending.failure(in: notebook.file, timeout: timeout) {
        var isTimeout = false
        if case .timedOut = ending.cause { isTimeout = true }
        return .settled(
          .failed(failure, outputs: ending.outputs, seconds: ending.seconds, isTimeout: isTimeout))
      }
      let result = try store(ending, key: key, cell: cell.name)
      try? FileManager.default.removeItem(at: checkpoints(key))
      return .settled(.ran(result))
    } catch let error as NotebookError {
      let first = error.diagnostics[0]
      return failed(
        first.message, at: first.place ?? cell.place(in: notebook.file),
        details: error.diagnostics.dropFirst().map { $0.text() }.joined(separator: "\n"))
    } catch is CancellationError {
      return failed("the cell was interrupted", at: cell.place(in: notebook.file))
    } catch {
      return failed("\(error)", at: cell.place(in: notebook.file))
    }
  }

  /// Where training in a cell with this key keeps its state until the cell is done.
  private func checkpoints(_ key: CellKey, in folder: URL? = nil) -> URL {
    (folder ?? store.folder).appendingPathComponent("checkpoints/\(key.digest)")
  }

  package func process(
    _ compiled: CompiledProgram, cell: String, needs: CellGraph.Needs, inputs: [String: StoredValue], key: CellKey,
    options: Options, timeout: Double?, observe: @escaping @Sendable (CellEvent) -> Void
  ) async throws -> CellProcess.Ending {
    let folder = try store.temporaryFolder("run")
    defer { try? FileManager.default.removeItem(at: folder) }
    let threads = max(1, ProcessInfo.processInfo.activeProcessorCount / max(1, options.jobs))
    // A run from nothing takes up neither unfinished training nor finished points of sweeps.
    let kept = options.fresh ? folder : store.folder
    let parameters = notebook.frontMatter.parameters.map { "\($0.name.jsonLiteral):\($0.json)" }
    let job = CellJob(
      cell: cell, entry: compiled.entry,
      inputs: inputs.mapValues { value in
        CellJob.Input(path: store.blobs.appendingPathComponent(value.sha256).path, sha256: value.sha256)
      },
      blobs: store.blobs.path, events: folder.appendingPathComponent("events").path,
      seed: CellSeed.value(notebook: notebook.frontMatter.seed, cell: cell),
      parameters: Data("{\(parameters.joined(separator: ","))}".utf8), threads: threads,
      language: notebook.frontMatter.language, runner: getpid(),
      checkpoints: checkpoints(key, in: kept).path,
      sweeps: kept.appendingPathComponent("sweeps/\(compiler.library.fingerprint.prefix(16))").path)
    let process = CellProcess(
      executable: compiled.executable, job: job, folder: folder, workingDirectory: notebook.folder,
      environment: CellEnvironment(threads: threads).variables, timeout: timeout,
      overflow: store.folder.appendingPathComponent("output/\(notebook.name)-\(cell)"))
    return try await process.run(observe: observe)
  }

  /// Stores what a finished process gave.
  package func store(_ ending: CellProcess.Ending, key: CellKey, cell: String) throws -> CellResult {
    var files: [CellResult.ReadFile] = []
    var language: String?
    var values: [StoredValue] = []
    var unstored: [String: String] = [:]
    var expressions: [String: String] = [:]
    var metrics: [RecordedMetric] = []
    for event in ending.events {
      switch event {
      case .read(let path, let digest):
        let file = CellResult.ReadFile(path: path, sha256: digest)
        if !files.contains(file) { files.append(file) }
      case .readLanguage(let text): language = text
      case .handedOn(let value): values.append(value)
      case .notHandedOn(let name, let type, let reason):
        unstored[name] = reason ?? "its type \(type) is not Codable"
      case .expression(let index, let text): expressions[String(index)] = text
      case .recorded(let metric):
        metrics.removeAll { $0.name == metric.name }
        metrics.append(metric)
      default: break
      }
    }
    // Of a file that changed while the cell ran, nobody knows what the cell read: with two contents it is never fresh.
    for file in key.dependedFiles {
      let now = CellResult.ReadFile(path: file.path, sha256: fileDigest(file.path))
      if now != file { files += [file, now] }
    }
    var outputs = ending.outputs
    if !ending.printedErrors.isEmpty { outputs.append(.printedError(ending.printedErrors)) }
    let result = CellResult(
      cell: cell, key: key, files: files, language: language, values: values, unstored: unstored,
      outputs: try store.add(try CellJob.encoder.encode(outputs)), expressions: expressions, metrics: metrics,
      seconds: ending.seconds, origin: .here)
    try store.add(result)
    return result
  }
}
