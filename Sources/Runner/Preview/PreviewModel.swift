import Engine
import Foundation
import Paper
import Report
import Synchronization
import Wire

/// The state that the pages of a preview show. The run changes it, and the server reads it.
final class PreviewModel: PreviewServer.Content {
  private struct Shared {
    var state: PreviewState
    /// The report of the previous text.
    var before: Report?
    /// The number of the page's state. Changes that concern only the part of a running cell don't count.
    var revision = 1
    var page: Page?
    var liveAnchors: [String: String] = [:]
  }

  /// The report of one revision, with its pictures once one of them was requested.
  private struct Page: Sendable {
    var revision: Int
    var report: Report
    var pictures: [String: Data]?
  }

  let board = PreviewBoard()
  private let store: Store
  private let shared: Mutex<Shared>

  init(_ notebook: Notebook, store: Store) {
    self.store = store
    shared = Mutex(Shared(state: PreviewState(notebook)))
  }

  var state: PreviewState { shared.withLock { $0.state } }

  /// Starts over with a new text of the notebook.
  func begin(_ notebook: Notebook, errors: [Diagnostic]) {
    let before = report
    shared.withLock { shared in
      shared.before = before
      shared.state = PreviewState(notebook)
      shared.state.errors = errors
      shared.state.warnings = notebook.warnings
      shared.state.phase = errors.isEmpty ? .checking : .settled
      shared.revision += 1
    }
  }

  /// Changes the state that the page shows.
  func change(_ change: (inout PreviewState) -> Void) {
    shared.withLock { shared in
      change(&shared.state)
      shared.revision += 1
    }
  }

  func note(_ event: NotebookRun.Event) {
    shared.withLock { shared in
      shared.state.note(event, at: .now)
      switch event {
      case .damaged, .settled: shared.revision += 1
      case .compiling, .running, .cell: break
      }
    }
  }

  /// The report of the current state.
  var report: Report { currentPage.report }

  /// Whether any expression on the page has no value yet.
  var lacksExpressions: Bool {
    report.expressions.values.contains { if case .value = $0 { false } else { true } }
  }

  private var currentPage: Page {
    let (page, revision, state, before) = shared.withLock { ($0.page, $0.revision, $0.state, $0.before) }
    if let page, page.revision == revision { return page }
    // The report is made outside the lock, because making it reads the store.
    let made = Page(revision: revision, report: state.report(after: before, store: store))
    shared.withLock { if $0.page.map({ $0.revision < revision }) ?? true { $0.page = made } }
    return made
  }

  // MARK: Served

  func page(nonce: String) -> String {
    let page = currentPage
    let preview = PreviewPage(nonce: nonce, revision: page.revision, status: status(at: .now))
    return HTMLReport.page(for: page.report, frame: preview.frame).html
  }

  func picture(_ name: String) -> Data? {
    var page = currentPage
    if page.pictures == nil {
      let files = PictureFile.pictures(of: page.report).files
      page.pictures = Dictionary(files.map { ($0.name, $0.data) }) { first, _ in first }
      shared.withLock { [page] shared in if shared.page?.revision == page.revision { shared.page = page } }
    }
    return page.pictures?[name]
  }

  // MARK: Told

  /// Notifies the pages that their state has changed.
  func publishPage() {
    board.set("page", event: "page", data: String(shared.withLock { $0.revision }))
  }

  /// Sends the activity of the running cells to the pages.
  func publishProgress(at now: ContinuousClock.Instant = .now) {
    struct Status: Encodable {
      var kind: String
      var html: String
    }
    struct Live: Encodable {
      var anchor: String
      var html: String
    }
    let state = state
    let status = status(at: now)
    set("status", event: "status", Status(kind: status.kind.rawValue, html: status.html.source))
    var anchors: [String: String] = [:]
    if !state.activities.isEmpty {
      let numbering = ReportNumbering(report)
      for activity in state.activities {
        guard let anchor = numbering.anchor(cell: activity.cell) else { continue }
        let live = LiveCell(activity: activity, language: state.notebook.frontMatter.language)
        set("live \(activity.cell)", event: "live", Live(anchor: anchor, html: live.html(at: now).source))
        anchors[activity.cell] = anchor
      }
    }
    let ended = shared.withLock { shared in
      defer { shared.liveAnchors = anchors }
      return shared.liveAnchors.filter { anchors[$0.key] == nil }
    }
    for (cell, anchor) in ended { set("live \(cell)", event: "live", Live(anchor: anchor, html: "")) }
  }

  private func set(_ name: String, event: String, _ value: some Encodable) {
    guard let json = try? CellJob.encoder.encode(value) else { return }
    board.set(name, event: event, data: String(decoding: json, as: UTF8.self))
  }

  private func status(at now: ContinuousClock.Instant) -> PreviewStatus {
    let state = state
    let language = state.notebook.frontMatter.language
    let words = previewWords(for: language)
    var status = PreviewStatus(
      kind: .idle, language: language, file: URL(fileURLWithPath: state.notebook.file).lastPathComponent,
      text: words.upToDate, problems: state.problems)
    switch state.phase {
    case .checking:
      (status.kind, status.text) = (.checking, words.checking)
    case .running:
      status.kind = .running
      status.text = words.runningAlone
      if let activity = state.activities.first {
        status.text = LiveCell(activity: activity, language: language).text(at: now)
        status.fraction = activity.fraction
        status.anchor = ReportNumbering(report).anchor(cell: activity.cell)
      }
    case .settled:
      let report = report
      let failed = report.cells.sorted { $0.key < $1.key }.map(\.value).filter { cell in
        if case .failed = cell.state { !cell.options.error } else { false }
      }
      let expressions = report.expressions.values.count { if case .failed = $0 { true } else { false } }
      let count = failed.count + expressions + state.problems.count { $0.severity == .error }
      if count > 0 { (status.kind, status.text) = (.problem, words.problems(count)) }
      status.anchor = failed.first.flatMap { ReportNumbering(report).anchor(cell: $0.name) }
    }
    return status
  }
}
