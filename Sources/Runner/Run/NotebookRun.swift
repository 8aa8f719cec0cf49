@_spi(Runner) import Cell
import Core
import Foundation

/// Runs a notebook's stale cells, each once its inputs are there, and evaluates the prose.
struct NotebookRun: Sendable {
  struct Options: Sendable {
    /// Run everything, whatever is stored.
    var fresh = false
    /// Only this cell, and what it needs.
    var cell: String?
    /// Go on with cells that don't need a failed one.
    var keepGoing = false
    /// How many cells may run side by side.
    var jobs = 1
    /// Seconds a cell may take that has no `timeout` of its own.
    var timeout: Double?
  }

  /// What happens while it runs, for whoever shows progress.
  enum Event: Sendable {
    case compiling(cell: String)
    case running(cell: String)
    case cell(String, CellEvent)
    case settled(cell: String, CellOutcome)
  }

  /// What became of every cell and every inline expression.
  struct Outcome: Sendable {
    var cells: [String: CellOutcome]
    var expressions: [Int: ExpressionReport]
    var isInterrupted: Bool
  }

  typealias Observer = @Sendable (Event) -> Void

  let notebook: Notebook
  let graph: CellGraph
  let prose: NotebookProse
  let store: Store
  let compiler: NotebookCompiler
  let check: NotebookCompiler.Check

  /// Parses nothing and runs nothing yet: analyses and type-checks the notebook.
  /// - Throws: `NotebookError` with everything that is wrong with it.
  init(_ notebook: Notebook, store: Store) async throws {
    self.notebook = notebook
    self.store = store
    let cells = notebook.cells.filter(\.options.evaluate)
    let untyped = CellGraph(cells, file: notebook.file)
    let untypedProse = NotebookProse(notebook, untyped)
    let errors = untyped.diagnostics + untypedProse.diagnostics
    if !errors.isEmpty { throw NotebookError(errors) }
    compiler = try await NotebookCompiler(store: store)
    check = try await compiler.check(notebook, untyped, prose: NotebookProse.needs(of: untypedProse.items))
    graph = CellGraph(cells, file: notebook.file, types: check.types)
    prose = NotebookProse(notebook, graph)
  }

  private var evaluatedCells: [NotebookCell] { notebook.cells.filter(\.options.evaluate) }

  /// Runs what is stale.
  func run(_ options: Options, observe: @escaping Observer) async throws -> Outcome {
    let wanted = options.cell.map { Set(graph.ancestors(of: $0) + [$0]) }
    let latest = store.latest(notebook.name)
    var outcomes: [String: CellOutcome] = [:]
    var isStopped = false
    await withTaskGroup(of: (String, CellOutcome).self) { group in
      var running: Set<String> = []
      func settle(_ name: String, _ outcome: CellOutcome) {
        outcomes[name] = outcome
        observe(.settled(cell: name, outcome))
        if case .failed = outcome, !options.keepGoing, !(notebook[cell: name]?.options.error ?? false) {
          isStopped = true
        }
      }
      while true {
        for cell in evaluatedCells where outcomes[cell.name] == nil && !running.contains(cell.name) {
          let needed = graph.needs[cell.name]?.cells ?? []
          guard needed.allSatisfy({ outcomes[$0] != nil }) else { continue }
          let missing = needed.filter { outcomes[$0]?.result == nil }
          let isWanted = wanted?.contains(cell.name) ?? true
          if missing.isEmpty, let key = try? key(of: cell, outcomes), let stored = stored(key),
            !(options.fresh && isWanted)
          {
            settle(cell.name, .fresh(stored))
          } else if !isWanted {
            settle(cell.name, latest[cell.name].map(CellOutcome.stale) ?? .left)
          } else if !missing.isEmpty {
            let failed = evaluatedCells.map(\.name).filter(missing.contains)
            settle(cell.name, .blocked(by: failed))
          } else if isStopped || Task.isCancelled {
            settle(cell.name, latest[cell.name].map(CellOutcome.stale) ?? .left)
          } else if running.count < options.jobs {
            running.insert(cell.name)
            let job = Job(cell: cell, outcomes: outcomes, options: options)
            group.addTask { (cell.name, await execute(job, observe: observe)) }
          }
        }
        guard let (name, outcome) = await group.next() else { break }
        running.remove(name)
        settle(name, outcome)
      }
    }
    var newest = latest
    for (name, outcome) in outcomes {
      if let result = outcome.result { newest[name] = result }
    }
    newest = newest.filter { notebook[cell: $0.key] != nil }
    try store.setLatest(newest, of: notebook.name)
    let expressions = await evaluateProse(outcomes, fresh: options.fresh && wanted == nil)
    return Outcome(cells: outcomes, expressions: expressions, isInterrupted: Task.isCancelled)
  }

  // MARK: Keys

  /// The cell's key; throws when a value it needs was not stored.
  private func key(of cell: NotebookCell, _ outcomes: [String: CellOutcome]) throws -> CellKey {
    let needs = graph.needs[cell.name] ?? CellGraph.Needs()
    return CellKey(
      code: cell.analysis.tokens, needs: needs, values: try inputs(needs, outcomes).mapValues(\.sha256),
      notebook: notebook, cell: cell.name, depends: try depends(cell), compiler: compiler)
  }

  private func inputs(_ needs: CellGraph.Needs, _ outcomes: [String: CellOutcome]) throws -> [String: StoredValue] {
    var inputs: [String: StoredValue] = [:]
    for (name, definer) in needs.values {
      let result: CellResult?
      if case .stale(let old) = outcomes[definer] { result = old } else { result = outcomes[definer]?.result }
      guard let value = result?.values.first(where: { $0.name == name }) else {
        throw NotebookError(
          "the cell \"\(definer)\" could not store `\(name)`: \(result?.unstored[name] ?? "it gave no result")")
      }
      inputs[name] = value
    }
    return inputs
  }

  private func depends(_ cell: NotebookCell) throws -> [String: String] {
    var digests: [String: String] = [:]
    for path in cell.options.depends {
      guard let digest = fileDigest(path) else {
        throw NotebookError("`depends` names a file that can't be read: \(path)", at: cell.place(in: notebook.file))
      }
      digests[path] = digest
    }
    return digests
  }

  private func fileDigest(_ path: String) -> String? {
    let url = URL(fileURLWithPath: path, relativeTo: notebook.folder)
    return FileManager.default.contents(atPath: url.path).map(SHA256.hex)
  }

  /// A stored result with this key whose files are as they were and whose blobs are all there.
  private func stored(_ key: CellKey) -> CellResult? {
    store.results(key).first { result in
      result.files.allSatisfy { fileDigest($0.path) == $0.sha256 }
        && store.hasBlob(result.outputs) && result.values.allSatisfy { store.hasBlob($0.sha256) }
    }
  }

  // MARK: One cell

  private struct Job: Sendable {
    var cell: NotebookCell
    var outcomes: [String: CellOutcome]
    var options: Options
  }

  private func execute(_ job: Job, observe: @escaping Observer) async -> CellOutcome {
    let cell = job.cell
    func failed(_ message: String, at place: Place?, details: String? = nil) -> CellOutcome {
      .failed(CellFailure(message: message, place: place, details: details), outputs: [], seconds: 0)
    }
    do {
      let needs = graph.needs[cell.name] ?? CellGraph.Needs()
      let key = try key(of: cell, job.outcomes)
      observe(.compiling(cell: cell.name))
      let program = CellProgram(cell, of: notebook, needs: needs, types: check.types)
      let executable = try await compiler.compile(program, for: notebook)
      observe(.running(cell: cell.name))
      let timeout = cell.options.timeout ?? job.options.timeout
      let ending = try await process(
        executable, cell: cell.name, needs: needs, inputs: try inputs(needs, job.outcomes), jobs: job.options.jobs,
        timeout: timeout, observe: { observe(.cell(cell.name, $0)) })
      if let failure = ending.failure(in: notebook.file, timeout: timeout) {
        var isTimeout = false
        if case .timedOut = ending.cause { isTimeout = true }
        for case .corruptInput(_, let path) in ending.events { try? FileManager.default.removeItem(atPath: path) }
        return .failed(failure, outputs: ending.outputs, seconds: ending.seconds, isTimeout: isTimeout)
      }
      let result = try store(ending, key: key, cell: cell.name)
      return .ran(result)
    } catch let error as NotebookError {
      let first = error.diagnostics[0]
      return failed(
        first.message, at: first.place ?? cell.place(in: notebook.file),
        details: error.diagnostics.dropFirst().map { $0.text() }.joined(separator: "\n"))
    } catch {
      return failed("\(error)", at: cell.place(in: notebook.file))
    }
  }

  private func process(
    _ executable: URL, cell: String, needs: CellGraph.Needs, inputs: [String: StoredValue], jobs: Int, timeout: Double?,
    observe: @escaping @Sendable (CellEvent) -> Void
  ) async throws -> CellProcess.Ending {
    let folder = try store.temporaryFolder("run")
    defer { try? FileManager.default.removeItem(at: folder) }
    let threads = max(1, ProcessInfo.processInfo.activeProcessorCount / max(1, jobs))
    let parameters = notebook.frontMatter.parameters.map { "\($0.name.jsonLiteral):\($0.json)" }
    let job = CellJob(
      cell: cell,
      inputs: inputs.mapValues { value in
        CellJob.Input(path: store.blobs.appendingPathComponent(value.sha256).path, sha256: value.sha256)
      },
      blobs: store.blobs.path, events: folder.appendingPathComponent("events").path,
      seed: CellSeed.value(notebook: notebook.frontMatter.seed, cell: cell),
      parameters: Data("{\(parameters.joined(separator: ","))}".utf8), threads: threads,
      language: notebook.frontMatter.language)
    let process = CellProcess(
      executable: executable, job: job, folder: folder, workingDirectory: notebook.folder,
      environment: CellEnvironment(threads: threads).variables, timeout: timeout)
    return try await process.run(observe: observe)
  }

  /// Stores what a finished process gave.
  private func store(_ ending: CellProcess.Ending, key: CellKey, cell: String) throws -> CellResult {
    var files: [CellResult.ReadFile] = []
    var values: [StoredValue] = []
    var unstored: [String: String] = [:]
    var expressions: [String: String] = [:]
    for event in ending.events {
      switch event {
      case .read(let path, let digest):
        let file = CellResult.ReadFile(path: path, sha256: digest)
        if !files.contains(file) { files.append(file) }
      case .handedOn(let value): values.append(value)
      case .notHandedOn(let name, let type, let reason):
        unstored[name] = reason ?? "its type \(type) is not Codable"
      case .expression(let index, let text): expressions[String(index)] = text
      default: break
      }
    }
    var outputs = ending.outputs
    if !ending.printedErrors.isEmpty { outputs.append(.printedError(ending.printedErrors)) }
    let result = CellResult(
      cell: cell, key: key, files: files, values: values, unstored: unstored,
      outputs: try store.add(try CellJob.encoder.encode(outputs)), expressions: expressions, seconds: ending.seconds)
    try store.add(result)
    return result
  }

  // MARK: Prose

  private static let proseName = "text"

  /// Evaluates the inline expressions whose values are there; the others say what they need.
  private func evaluateProse(_ outcomes: [String: CellOutcome], fresh: Bool) async -> [Int: ExpressionReport] {
    var reports: [Int: ExpressionReport] = [:]
    var ready: [NotebookProse.Item] = []
    for item in prose.items {
      let missing = item.needs.cells.filter { name in
        if case .stale = outcomes[name] { return false }
        return outcomes[name]?.result == nil
      }
      if missing.isEmpty {
        ready.append(item)
      } else {
        reports[item.expression.index] = .notRun(needs: notebook.cells.map(\.name).filter(missing.contains))
      }
    }
    // A trap in one expression ends the process; the rest is evaluated without it.
    while !ready.isEmpty, !Task.isCancelled {
      let ending = await evaluate(ready, outcomes, fresh: fresh)
      for (index, text) in ending.texts { reports[index] = .value(text) }
      ready.removeAll { ending.texts[$0.expression.index] != nil }
      if let first = ready.first, let failure = ending.failure {
        reports[first.expression.index] = .failed(failure)
        ready.removeFirst()
      }
      if ending.failure == nil { break }
    }
    return reports
  }

  private func evaluate(
    _ items: [NotebookProse.Item], _ outcomes: [String: CellOutcome], fresh: Bool
  ) async -> (texts: [Int: String], failure: CellFailure?) {
    func texts(_ expressions: [String: String]) -> [Int: String] {
      Dictionary(expressions.compactMap { key, value in Int(key).map { ($0, value) } }) { first, _ in first }
    }
    do {
      let needs = NotebookProse.needs(of: items)
      let inputs = try inputs(needs, outcomes)
      let key = CellKey(
        code: items.map { "\($0.expression.index) \($0.analysis.tokens)" }.joined(separator: "\n"), needs: needs,
        values: inputs.mapValues(\.sha256), notebook: notebook, cell: Self.proseName, depends: [:], compiler: compiler)
      if !fresh, let result = stored(key) { return (texts(result.expressions), nil) }
      let program = CellProgram(items.map(\.expression), of: notebook, needs: needs, types: check.types)
      let executable = try await compiler.compile(program, for: notebook)
      let ending = try await process(
        executable, cell: Self.proseName, needs: needs, inputs: inputs, jobs: 1, timeout: nil, observe: { _ in })
      if let failure = ending.failure(in: notebook.file, timeout: nil) {
        let pairs = ending.events.compactMap { event in
          if case .expression(let index, let text) = event { (String(index), text) } else { nil }
        }
        return (texts(Dictionary(pairs) { first, _ in first }), failure)
      }
      return (texts(try store(ending, key: key, cell: Self.proseName).expressions), nil)
    } catch let error as NotebookError {
      return ([:], CellFailure(message: error.diagnostics[0].message, place: error.diagnostics[0].place, details: nil))
    } catch {
      return ([:], CellFailure(message: "\(error)", place: nil, details: nil))
    }
  }
}
