import Basics
import Core
import Engine
import Foundation
import Report
import Wire

/// Runs a notebook again from nothing, in a clean store, and compares what it gives with what it gave.
package struct Verifier: Sendable {
  package let notebook: Notebook
  package let reference: Reference
  /// The report's page, as it was sent; nil for a notebook.
  package let page: String?
  private let layout: ReportLayout?
  /// Holds the clean store, and a report's files.
  private let folder: TemporaryFolder

  // MARK: What is verified

  /// Verifies the stored results of a notebook.
  /// - Throws: `StaleResults` when nothing is stored, `NotebookError` when it is no notebook.
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

  /// Verifies a report by the notebook that it carries.
  /// - Parameters:
  ///   - data: The folder from which the notebook's data files are found; nil looks where the notebook was, beside the
  ///     report and in the working directory.
  /// - Throws: `InputError` when the page carries no notebook, `NotebookError` when data files are missing.
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
  ///   - tolerance: Relative; 0 asks for the same bits.
  ///   - sandbox: Where compiler and cells are run; nil for here.
  /// - Throws: `StaleResults` when the stored results aren't the notebook's.
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

  /// What the report's page is called among the cells.
  static let pageName = "page"

  /// Compares the page that was sent with the one that this run gives: with its times and places, which were those of
  /// the author's machine.
  private func compare(
    _ page: String, _ report: Report, tolerance: Double, isExact: Bool
  ) -> Verification.Cell {
    var report = report
    let seconds = Dictionary(
      reference.lock.cells.map { ($0.name, $0.result?.seconds) }, uniquingKeysWith: { first, _ in first })
    for (line, cell) in report.cells { report.cells[line]?.seconds = seconds[cell.name] ?? cell.seconds }
    report.seconds = report.cells.values.compactMap(\.seconds).reduce(0, +)
    report.provenance = reference.lock.provenance(
      language: notebook.frontMatter.language, outside: notebook.frontMatter.allowedFolders,
      key: ReportSignature(page: page)?.publicKey)
    report.verification = nil
    // Pictures that the text names aren't carried; where they stand and what they say in words is compared.
    let dot = Data(
      base64Encoded:
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
    let made = HTMLReport.page(for: report, readFile: { _ in dot }).html
    let comparison = PageComparison(
      shown: page, made: made, tolerance: tolerance, words: reportWords(for: notebook.frontMatter.language).proof,
      isExact: isExact)
    return comparison.comparison.cell(
      Self.pageName, isSameBits: true,
      unseen: comparison.hasOtherFonts ? ["the charts' letters, which are of fonts that this machine doesn't have"] : []
    )
  }

  /// Whether the stored results are the notebook's, as far as that can be told without running it.
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

/// The stored results are not those of the notebook as it is.
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
  /// Gives the parameters the values of a lock.
  /// - Returns: Whether they are the same parameters.
  package mutating func setParameters(_ lock: ReportLock) -> Bool {
    guard frontMatter.parameters.map(\.name) == lock.parameters.map(\.name) else { return false }
    for (index, parameter) in lock.parameters.enumerated() {
      guard frontMatter.parameters[index].type == parameter.type, let value = parameter.parsed else { return false }
      frontMatter.parameters[index].value = value
    }
    return true
  }
}

extension ReportLock.Parameter {
  /// The value that `value` is the JSON of.
  package var parsed: Parameter.Value? {
    switch type {
    case "Int": Int(value).map { .integer($0) }
    case "Double": Double(value).map { .number($0) }
    case "Bool": Bool(value).map { .boolean($0) }
    default:
      (try? CellJob.decoder.decode([String].self, from: Data("[\(value)]".utf8)))
        .flatMap { $0.count == 1 ? .string($0[0]) : nil }
    }
  }
}
