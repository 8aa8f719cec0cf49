import Basics
import Core
import Engine
import Foundation
import Report
import Wire

/// Runs a notebook again from nothing, in a clean store, and compares the results with the existing ones.
package struct Verifier: Sendable {
  package let notebook: Notebook
  package let reference: Reference
  /// The page of the report; nil for a notebook.
  package let page: String?
  private let layout: ReportLayout?
  /// The folder of the clean store and of a report's files.
  private let folder: TemporaryFolder

  // MARK: What is verified

  /// Verifies the stored results of a notebook.
  /// - Throws: `StaleResults` when nothing is stored, `NotebookError` when the file is not a notebook.
  package init(notebook path: String) throws {
    var notebook = try Notebook(reading: path)
    let store = try Store(beside: notebook.folder)
    guard let lock = store.lock(of: notebook.name) else {
      throw StaleResults(file: notebook.file, reasons: ["it has no stored results"])
    }
    guard notebook.setParameters(lock) else {
      throw StaleResults(file: notebook.file, reasons: ["its parameters have changed"])
    }
    self.notebook = notebook
    reference = Reference(lock: lock, content: .store(store))
    (page, layout) = (nil, nil)
    folder = try TemporaryFolder("verify")
  }

  /// Verifies a report by running the notebook inside it.
  /// - Parameters:
  ///   - data: The folder of the notebook's data files; nil searches the notebook's original folder, the report's
  ///     folder and the working directory.
  /// - Throws: `InputError` when the page contains no notebook, `NotebookError` when data files are missing.
  package init(report path: String, data: String?) throws {
    let content = try FileAccess.read(path, limit: Budgets.pageBytes)
    let archive = try ReportArchive(page: content, file: path)
    let lock = try archive.lock(file: path)
    try archive.requireAgreement(with: lock, file: path)
    page = String(decoding: content, as: UTF8.self)
    let files = try ReportFolder(archive, lock: lock, report: path, data: data)
    (folder, layout) = (files.folder, files.layout)
    var notebook = try Notebook(reading: files.notebook.path)
    guard notebook.setParameters(lock) else {
      throw InputError("the report's parameters are not its notebook's", at: Place(file: path))
    }
    self.notebook = notebook
    let carried = archive.file(.results).flatMap { try? CarriedResults(json: $0.content) } ?? CarriedResults()
    reference = Reference(lock: lock, content: .carried(carried))
  }

  // MARK: Running

  /// - Parameters:
  ///   - tolerance: The relative tolerance; 0 requires the same bits.
  ///   - sandbox: The sandbox in which the compiler and the cells run; nil for none.
  /// - Throws: `StaleResults` when the stored results aren't the notebook's current ones.
  /// - Returns: nil when the run was interrupted.
  package func verify(
    tolerance: Double, options: NotebookRun.Options, sandbox: Sandbox? = nil, observe: @escaping NotebookRun.Observer
  ) async throws -> Verification? {
    let store = try Store(beside: folder.url.appendingPathComponent("clean"))
    var compiler = try await NotebookCompiler(store: store, sandbox: sandbox)
    compiler.report = layout
    let run = try await NotebookRun(notebook, compiler: compiler)
    if case .store = reference.content { try checkFreshness(run) }
    var options = options
    options.keepGoing = true
    options.takesPinnedAsGiven = true
    try reference.give(notebook, to: store)
    let outcome = try await run.run(options, observe: observe)
    if outcome.isInterrupted { return nil }
    let lock = ReportLock(run, outcome, reportFolder: notebook.folder)
    var cells = reference.compare(with: lock, store: store, tolerance: tolerance)
    if let page {
      let isExact = cells.allSatisfy { $0.verdict == .identical || $0.differences.isEmpty && $0.largest == 0 }
      cells.append(compare(page, run.report(outcome), tolerance: tolerance, isExact: isExact))
    }
    return Verification(
      identity: reference.lock.identity, date: Verification.localTime(Date()), tolerance: tolerance,
      cells: cells, processor: Origin.processor,
      kernels: Origin.kernels, compiler: lock.compiler, build: lock.build)
  }

  /// The name of the report's page among the cells.
  static let pageName = "page"

  /// Compares the page that was sent with the page that this run makes. Its times and places are replaced by the
  /// author's.
  private func compare(
    _ page: String, _ report: Report, tolerance: Double, isExact: Bool
  ) -> Verification.Cell {
    var report = report
    let seconds = Dictionary(
      reference.lock.cells.map { ($0.name, $0.result?.seconds) }, uniquingKeysWith: { first, _ in first })
    for (line, cell) in report.cells {
      report.cells[line]?.seconds = seconds[cell.name] ?? cell.seconds
      report.cells[line]?.outputs = reference.withTimes(cell.outputs, of: cell.name)
    }
    report.seconds = report.cells.values.compactMap(\.seconds).reduce(0, +)
    report.verification = nil
    // Pictures in the text are not inside the report. Only their places and texts are compared.
    let dot = Data(
      base64Encoded:
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
    func compared(namesEveryFile: Bool) -> PageComparison {
      report.provenance = reference.lock.provenance(
        language: notebook.frontMatter.language, outside: notebook.frontMatter.allowedFolders,
        key: ReportSignature(page: page)?.publicKey, namesEveryFile: namesEveryFile)
      let made = HTMLReport.page(for: report, readFile: { _ in dot }).html
      return PageComparison(
        shown: page, made: made, tolerance: tolerance, words: reportWords(for: notebook.frontMatter.language).proof,
        isExact: isExact)
    }
    var comparison = compared(namesEveryFile: false)
    if comparison.comparison.differenceCount > 0 {
      let earlier = compared(namesEveryFile: true)
      if earlier.comparison.differenceCount < comparison.comparison.differenceCount { comparison = earlier }
    }
    return comparison.comparison.cell(
      Self.pageName, isSameBits: comparison.comparison.toleratedCount == 0,
      unseen: comparison.hasOtherFonts ? ["the charts' letters, which are of fonts that this machine doesn't have"] : []
    )
  }

  /// Requires that the stored results are the notebook's current ones, as far as known without running it.
  private func checkFreshness(_ run: NotebookRun) throws {
    var reasons: [String] = []
    for cell in notebook.cells where cell.options.evaluate {
      let stored = reference.lock.cells.first { $0.name == cell.name }
      switch stored?.state {
      case nil, .blocked?, .left?: reasons.append("the cell \"\(cell.name)\" was not run")
      case .stale?: reasons.append("the result of the cell \"\(cell.name)\" is stale")
      case .failed?: if !cell.options.error { reasons.append("the cell \"\(cell.name)\" failed") }
      case .fresh?, .ran?: break
      }
      guard let result = stored?.result else { continue }
      let change = run.checked.change(of: cell, from: result, to: nil)
      if !change.parts.isEmpty { reasons.append("of the cell \"\(cell.name)\", \(change.summary)") }
    }
    let gone = reference.lock.cells.filter { notebook[cell: $0.name] == nil }.map { "the cell \"\($0.name)\" is gone" }
    reasons += gone
    if !reasons.isEmpty { throw StaleResults(file: notebook.file, reasons: reasons) }
  }
}

/// An error: the stored results are not those of the current notebook.
package struct StaleResults: Error, Sendable {
  package var file: String
  package var reasons: [String]

  package var diagnostic: Diagnostic {
    .error(
      "the results are stale: \(reasons.joined(separator: "; "))", at: Place(file: file),
      remedy: "Run it first: labbook run \(file)")
  }
}

extension Notebook {
  /// Sets the parameters to the values of a lock. Private parameters, of which a report has no values, keep theirs.
  /// - Returns: Whether the lock has the same parameters.
  package mutating func setParameters(_ lock: ReportLock) -> Bool {
    guard frontMatter.parameters.map(\.name) == lock.parameters.map(\.name) else { return false }
    for (index, parameter) in lock.parameters.enumerated() {
      guard frontMatter.parameters[index].type == parameter.type else { return false }
      if parameter.isPrivate == true { continue }
      guard let value = try? Parameter.Value(json: parameter.value, type: parameter.type) else { return false }
      frontMatter.parameters[index].value = value
    }
    return true
  }
}
