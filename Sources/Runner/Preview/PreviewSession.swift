import Basics
import Core
import Engine
import Foundation
import Glibc
import Report
import Wire

/// Runs a notebook again whenever it, or a file that its cells read, is saved.
struct PreviewSession: Sendable {
  struct Options: Sendable {
    var parameters: [String] = []
    var parameterFile: String?
    var jobs = 1
  }

  let file: String
  let options: Options
  let store: Store
  let model: PreviewModel
  /// Observes the progress of every run.
  let display: @Sendable (Notebook) -> NotebookRun.Observer

  private static let interval = Duration.milliseconds(100)
  /// The time for which a file must be unchanged. A file that still changes is being written.
  private static let rest = Duration.milliseconds(80)
  /// The shortest time between two updates of the pages.
  private static let frameInterval = Duration.milliseconds(250)

  /// - Throws: `NotebookError` when the notebook doesn't exist or its results can't be stored.
  init(
    _ file: String, options: Options,
    display: @escaping @Sendable (Notebook) -> NotebookRun.Observer = { _ in { _ in } }
  ) throws {
    self.file = file
    self.options = options
    self.display = display
    guard let data = try? FileAccess.read(file, limit: Budgets.notebookBytes) else {
      // This gives the error message of the notebook's reader.
      throw Self.unreadable(file)
    }
    try Notebook.requireKind(of: data, at: file)
    var errors: [Diagnostic] = []
    let notebook = Notebook(source: String(decoding: data, as: UTF8.self), file: file, errors: &errors)
    store = try Store(beside: notebook.folder)
    model = PreviewModel(notebook, store: store)
  }

  private static func unreadable(_ file: String) -> any Error {
    do {
      _ = try Notebook(reading: file)
      return NotebookError("the notebook can't be read", at: Place(file: file))
    } catch {
      return error
    }
  }

  /// Runs and waits, until the task is cancelled.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await publish() }
      while !Task.isCancelled {
        await runUntilChange()
        await settle()
      }
      group.cancelAll()
    }
  }

  /// Runs the current notebook, until it or a file that it depends on changes.
  private func runUntilChange() async {
    let watch = FileWatch()
    let source = read()
    watch.add(file, digest: digest(of: source))
    if let path = options.parameterFile {
      watch.add(path, digest: SHA256.hexOfFile(path))
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await runOnce(source, watch: watch) }
      var told = source
      while !Task.isCancelled {
        if watch.isChanged() {
          await settle()
          let next = read()
          guard next != told, await tell(next, watch: watch) else { break }
          told = next
        }
        // The run of an earlier text has ended. Start again for the newest text.
        if told != source, model.state.phase == .settled { break }
        try? await Task.sleep(for: Self.interval)
      }
      group.cancelAll()
    }
  }

  /// Shows a new text without disturbing the run, if all its cells are the running notebook's.
  private func tell(_ source: Data?, watch: FileWatch) async -> Bool {
    var errors: [Diagnostic] = []
    guard model.state.phase == .running, let running = model.state.run, let source,
      let text = String(data: source, encoding: .utf8)
    else { return false }
    let notebook = notebook(text, errors: &errors)
    guard errors.isEmpty, notebook.hasSameCells(as: running.notebook),
      let run = try? await NotebookRun(notebook, store: store)
    else { return false }
    watch.add(file, digest: SHA256.hex(source))
    watchPictures(of: notebook, watch)
    model.change { state in
      state.notebook = notebook
      state.run = run
      state.warnings = notebook.warnings + run.checked.warnings
    }
    return true
  }

  private func read() -> Data? {
    try? FileAccess.read(file, limit: Budgets.notebookBytes)
  }

  /// The digest of the notebook's file with this content; nil if it doesn't exist. A file that is too large to be read
  /// has one, too, so that only its next change starts a run again.
  private func digest(of source: Data?) -> String? {
    if let source { return SHA256.hex(source) }
    var status = stat()
    guard stat(file, &status) == 0, Int(status.st_size) > Budgets.notebookBytes else { return nil }
    return SHA256.hexOfFile(file)
  }

  /// Waits until the notebook has been written. An editor that saves by renaming leaves no file for a moment.
  private func settle() async {
    var before: Data?
    for _ in 0..<20 where !Task.isCancelled {
      let now = read()
      if now != nil, now == before { return }
      before = now
      try? await Task.sleep(for: Self.rest)
    }
  }

  /// - Parameter watch: Watches the files that the notebook depends on, with the digests of the content that was
  ///   used.
  private func runOnce(_ source: Data?, watch: FileWatch) async {
    var errors: [Diagnostic] = []
    guard let source, let text = String(data: source, encoding: .utf8) else {
      let errors = Self.diagnostics(Self.unreadable(file), file: file)
      return model.change { state in (state.errors, state.phase) = (errors, .settled) }
    }
    let notebook = notebook(text, errors: &errors)
    watchPictures(of: notebook, watch)
    model.begin(notebook, errors: errors)
    if !errors.isEmpty { return printDiagnostics(errors) }
    do {
      let runOptions = NotebookRun.Options(keepGoing: true, jobs: options.jobs)
      let run = try await NotebookRun(notebook, store: store, toRun: runOptions)
      printDiagnostics(notebook.warnings + run.checked.warnings)
      for cell in notebook.cells {
        let depends = try? DependedFiles.paths(cell.options.depends, in: notebook.folder, at: nil)
        for path in depends ?? [] {
          watch.add(self.path(path, in: notebook), digest: run.checked.fileDigest(path))
        }
      }
      model.change { state in
        state.run = run
        state.warnings += run.checked.warnings
        state.phase = .running
      }
      async let early: Void = evaluateEarly(run)
      let display = display(notebook)
      let outcome = try await run.run(runOptions) { event in
        if Task.isCancelled { return }
        display(event)
        model.note(event)
        if case .settled(_, let outcome) = event {
          for file in (outcome.shown?.files ?? []) { watch.add(path(file.path, in: notebook), digest: file.sha256) }
        }
      }
      await early
      if Task.isCancelled { return }
      model.change { state in
        // If the text changed during the run, the prose will be evaluated again.
        if state.notebook.source == notebook.source { state.outcome = outcome }
        state.phase = .settled
      }
    } catch {
      if Task.isCancelled { return }
      let errors = Self.diagnostics(error, file: file)
      printDiagnostics(errors)
      model.change { state in
        state.errors = errors
        state.phase = .settled
      }
    }
  }

  /// Evaluates the prose with the newest stored results, so that its numbers appear before the last cell has run.
  private func evaluateEarly(_ run: NotebookRun) async {
    guard model.lacksExpressions else { return }
    let outcomes = store.latest(run.notebook.name).mapValues(CellRecord.stale)
    let reports = await run.evaluateProse(outcomes, NotebookRun.Options()).reports.filter { _, report in
      if case .value = report { true } else { false }
    }
    if !Task.isCancelled, !reports.isEmpty { model.change { $0.earlyExpressions = reports } }
  }

  private func notebook(_ source: String, errors: inout [Diagnostic]) -> Notebook {
    var notebook = Notebook(source: source, file: file, errors: &errors)
    do {
      try notebook.setParameters(options.parameters, file: options.parameterFile)
    } catch {
      errors += Self.diagnostics(error, file: file)
    }
    return notebook
  }

  private static func diagnostics(_ error: any Error, file: String) -> [Diagnostic] {
    switch error {
    case let error as NotebookError: error.diagnostics
    case let error as InputError: [.error(error.cause, at: error.place, remedy: error.remedy)]
    default: [.error("\(error)", at: Place(file: file))]
    }
  }

  private func path(_ path: String, in notebook: Notebook) -> String {
    notebook.url(path).path
  }

  /// Watches the pictures in the text, which are part of the page.
  private func watchPictures(of notebook: Notebook, _ watch: FileWatch) {
    for case .image(let image) in notebook.document.blocks.inlines where !LinkPolicy.isRemote(image.source) {
      let path = path(image.source.removingPercentEncoding ?? image.source, in: notebook)
      watch.add(path, digest: SHA256.hexOfFile(path))
    }
  }

  /// Sends changes to the pages, a few times a second at most.
  private func publish() async {
    while !Task.isCancelled {
      model.publishPage()
      model.publishProgress()
      try? await Task.sleep(for: Self.frameInterval)
    }
  }
}

extension Notebook {
  /// Whether a run of `other` would do the same as a run of this notebook: they differ only in text, captions,
  /// comments and layout.
  fileprivate func hasSameCells(as other: Notebook) -> Bool {
    guard cells.count == other.cells.count, frontMatter.parameters == other.frontMatter.parameters,
      frontMatter.seed == other.frontMatter.seed, frontMatter.language == other.frontMatter.language
    else { return false }
    return zip(cells, other.cells).allSatisfy { new, old in
      new.name == old.name && new.analysis.tokens == old.analysis.tokens
        && new.options.evaluate == old.options.evaluate && new.options.depends == old.options.depends
        && new.options.timeout == old.options.timeout && new.options.error == old.options.error
    }
  }
}
