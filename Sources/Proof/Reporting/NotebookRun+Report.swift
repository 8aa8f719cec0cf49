import Engine
import Foundation
import Report
import Wire

extension NotebookRun {
  /// The lock of a run.
  package func lock(_ outcome: Outcome) -> ReportLock {
    ReportLock(self, outcome, reportFolder: ReportPlace.folder(for: notebook))
  }

  /// The report of a run.
  /// - Parameter lock: The run's lock; nil makes it now.
  package func report(_ outcome: Outcome, lock: ReportLock? = nil) -> Report {
    var cells: [Int: CellReport] = [:]
    var seconds = 0.0
    var outputs: [String: [CellOutput]] = [:]
    for cell in notebook.cells where cell.options.evaluate {
      let record = outcome.cells[cell.name] ?? .left
      let report = CellReport(
        name: cell.name, source: cell.source, sourceLine: cell.sourceLine, options: cell.options, state: record.state,
        failure: record.failure, needs: record.needs,
        outputs: record.shown.map(store.outputs(of:)) ?? record.outputs, seconds: record.seconds,
        pinned: cell.options.pinned ? record.shown?.origin : nil)
      seconds += report.seconds ?? 0
      outputs[cell.name] = report.outputs
      cells[cell.line] = report
    }
    let whole = lock ?? self.lock(outcome)
    let lock = whole.forReport(hiding: notebook.frontMatter.privateNames)
    var report = Report(
      frontMatter: notebook.frontMatter, document: notebook.document, cells: cells, expressions: outcome.expressions,
      provenance: lock.provenance(
        language: notebook.frontMatter.language, outside: notebook.frontMatter.allowedFolders,
        key: UserKey.user.publicKey), seconds: seconds)
    report.metrics = lock.metrics
    report.attachments =
      ReportArchive(
        notebook, lock: lock,
        results: CarriedResults(lock, outputs: outputs, store: store, except: notebook.hiddenCells)
      ).files
    report.verification = store.verification(of: notebook.name, identity: whole.identity)
    report.setHeadline(lock.metrics, of: notebook)
    return report
  }
}

extension Notebook {
  /// Cells whose values and outputs are left out of the report's file.
  var hiddenCells: Set<String> {
    Set(cells.filter { !$0.options.include }.map(\.name)).union(frontMatter.privateNames)
  }
}

extension ReportLock {
  /// The greatest numbers of data files that a report's footer names, in all and of one folder. The lock names all.
  private static let shownFiles = 200
  private static let shownFilesOfFolder = 20

  /// The facts in the report's footer: the inputs and tools that made the results.
  /// - Parameters:
  ///   - outside: The folders outside the notebook's own that its files may come from.
  ///   - key: The public key that signs the page.
  ///   - namesEveryFile: Whether each data file is named, as in reports that were made before folders with many files
  ///     became one line.
  package func provenance(
    language: String, outside: [String] = [], key: String? = nil, namesEveryFile: Bool = false
  ) -> [(label: String, value: String)] {
    let words = reportWords(for: language)
    var facts: [(label: String, value: String)] = []
    func add(_ fact: ProvenanceFact, _ value: String) {
      facts.append((words.provenanceLabel(fact), value))
    }
    add(.notebook, Self.named(notebook, URL(fileURLWithPath: notebook.path).lastPathComponent))
    let shown = parameters.filter { $0.isPrivate != true }.map { "\($0.name) = \($0.value)" }
    if !shown.isEmpty { add(.parameters, shown.joined(separator: ", ")) }
    add(.seed, String(seed))
    let data = namesEveryFile ? files.map { Self.named($0, $0.path) } : shownFiles(words)
    for file in data.prefix(Self.shownFiles) { add(.data, file) }
    if data.count > Self.shownFiles { add(.data, "… \(files.count)") }
    if !outside.isEmpty { add(.outside, outside.joined(separator: ", ")) }
    add(.labbook, "\(labbook) \(build.prefix(12))")
    add(.toolchain, compiler)
    if !kernels.isEmpty { add(.kernels, kernels.joined(separator: "; ")) }
    if !processors.isEmpty { add(.processor, processors.joined(separator: "; ")) }
    if let date { add(.date, date) }
    if let key { add(.key, key) }
    return facts
  }

  private static func named(_ file: File, _ name: String) -> String { "\(name) \(file.sha256.prefix(12))" }

  /// The data files with their digests. Those of a folder with many of them are one line, with the digest of all their
  /// paths and digests.
  private func shownFiles(_ words: any Words) -> [String] {
    func folder(_ file: File) -> String { (file.path as NSString).deletingLastPathComponent }
    let folders = Dictionary(grouping: files, by: folder)
    var told = Set<String>()
    return files.compactMap { file in
      let all = folders[folder(file)] ?? []
      guard all.count > Self.shownFilesOfFolder else { return Self.named(file, file.path) }
      guard told.insert(folder(file)).inserted else { return nil }
      let digest = SHA256.hex(Data(all.map { "\($0.sha256) \($0.path)\n" }.joined().utf8))
      return "\(words.files(all.count, in: folder(file).isEmpty ? "." : folder(file))) \(digest.prefix(12))"
    }
  }
}
