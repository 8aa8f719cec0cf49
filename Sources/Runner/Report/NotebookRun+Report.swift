@_spi(Runner) import Cell
import Core
import Foundation

extension NotebookRun {
  /// The report of a run.
  func report(_ outcome: Outcome) -> Report {
    var cells: [Int: CellReport] = [:]
    var seconds = 0.0
    for cell in notebook.cells where cell.options.evaluate {
      var report = CellReport(
        name: cell.name, source: cell.source, sourceLine: cell.sourceLine, options: cell.options, state: .succeeded,
        outputs: [], seconds: nil)
      switch outcome.cells[cell.name] ?? .left {
      case .fresh(let result), .ran(let result):
        report.outputs = outputs(of: result)
        report.seconds = result.seconds
      case .stale(let result):
        report.state = .stale
        report.outputs = outputs(of: result)
        report.seconds = result.seconds
      case .failed(let failure, let outputs, let time, _):
        report.state = .failed(failure)
        report.outputs = outputs
        report.seconds = time
      case .blocked(let needs): report.state = .notRun(needs: needs)
      case .left: report.state = .notRun(needs: [])
      }
      seconds += report.seconds ?? 0
      cells[cell.line] = report
    }
    return Report(
      frontMatter: notebook.frontMatter, document: notebook.document, cells: cells, expressions: outcome.expressions,
      provenance: provenance(outcome), seconds: seconds)
  }

  private func outputs(of result: CellResult) -> [CellOutput] {
    guard let data = store.blob(result.outputs) else { return [] }
    return (try? CellJob.decoder.decode([CellOutput].self, from: data)) ?? []
  }

  /// What the results were made from and with.
  private func provenance(_ outcome: Outcome) -> [(label: String, value: String)] {
    let words = words(for: notebook.frontMatter.language)
    var facts: [(label: String, value: String)] = []
    func add(_ fact: ProvenanceFact, _ value: String) {
      facts.append((words.provenanceLabel(fact), value))
    }
    let file = URL(fileURLWithPath: notebook.file).lastPathComponent
    add(.notebook, "\(file) \(SHA256.hex(notebook.source).prefix(12))")
    let parameters = notebook.frontMatter.parameters.map { "\($0.name) = \($0.json)" }
    if !parameters.isEmpty { add(.parameters, parameters.joined(separator: ", ")) }
    add(.seed, String(notebook.frontMatter.seed))
    var files: [String: String] = [:]
    for cell in outcome.cells.values {
      for file in cell.result?.files ?? [] { files[file.path] = file.sha256 }
    }
    for (path, digest) in files.sorted(by: { $0.key < $1.key }) {
      add(.libraries, "\(path) \(digest.prefix(12))")
    }
    add(.labbook, "\(LabbookCommand.configuration.version) \(compiler.library.fingerprint.prefix(12))")
    add(.toolchain, compiler.toolchain.version)
    add(.libraries, "OpenBLAS \(CellEnvironment(threads: 1).variables["OPENBLAS_CORETYPE"] ?? MatrixKernels.name)")
    add(.processor, Self.processor)
    return facts
  }

  private static let processor: String = {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "–"
  }()
}
