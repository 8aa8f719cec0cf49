@_spi(Runner) import Cell
import Core
import Foundation

/// What a report's results were made from and with, by content: enough to make them again elsewhere and to see whether they
/// are the same.
struct ReportLock: Codable, Sendable {
  /// A file by its content.
  struct File: Codable, Hashable, Sendable {
    /// Relative to the notebook's folder, as the cells named it.
    var path: String
    var sha256: String
    /// nil where the file was gone when the lock was made.
    var bytes: Int?
  }

  struct Parameter: Codable, Hashable, Sendable {
    var name: String
    var type: String
    /// As JSON.
    var value: String
  }

  struct Cell: Codable, Sendable {
    enum State: String, Codable, Sendable {
      /// The result is the notebook's.
      case current
      /// The result is of an earlier version of the cell or its inputs.
      case stale
      case failed
      /// Not run, and nothing stored.
      case missing
    }

    var name: String
    var state: State
    var result: CellResult?
    /// Why it failed.
    var message: String?
  }

  /// Of the lock's own form.
  var version = Self.binaryValues
  /// Since this version, the digests of values are of CBOR; before, they were of JSON, and compare with none of these.
  static let binaryValues = 2
  /// The notebook; its path is relative to the report's folder.
  var notebook: File
  var language: String
  var seed: UInt64
  var parameters: [Parameter]
  var cells: [Cell]
  /// Values of the prose's inline expressions by index.
  var texts: [String: String]
  /// Data files that the cells read.
  var files: [File]
  var labbook: String
  /// A digest of the library that cells link.
  var build: String
  var compiler: String
  /// OpenBLAS's version.
  var openBLAS: String

  /// When the newest result was made, ISO 8601; nil without results.
  var date: String? { cells.compactMap(\.result?.origin.date).max() }

  /// The processors and OpenBLAS kernels of the results, each once.
  var processors: [String] { unique(cells.compactMap(\.result?.origin.processor)) }
  var kernels: [String] { unique(cells.compactMap(\.result?.origin.kernels)) }

  private func unique(_ texts: [String]) -> [String] {
    texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Figures of all cells in order; where two cells recorded one of the same name, the later one's.
  var metrics: [RecordedMetric] {
    var metrics: [RecordedMetric] = []
    for metric in cells.flatMap({ $0.result?.metrics ?? [] }) {
      metrics.removeAll { $0.name == metric.name }
      metrics.append(metric)
    }
    return metrics
  }

  /// What tells these results from others: everything but when, where and in how long they were made.
  var identity: String {
    var text = "\(language)\0\(seed)\0"
    for parameter in parameters { text += "\(parameter.name)\0\(parameter.value)\0" }
    for cell in cells {
      text += "\(cell.name)\0\(cell.state.rawValue)\0\(cell.result?.key.digest ?? "")\0\(cell.result?.outputs ?? "")\0"
      for file in cell.result?.files ?? [] { text += "\(file.path)\0\(file.sha256 ?? "")\0" }
      for value in cell.result?.values ?? [] { text += "\(value.name)\0\(value.identity)\0" }
    }
    for (index, value) in texts.sorted(by: { $0.key < $1.key }) { text += "\(index)\0\(value)\0" }
    return SHA256.hex(text)
  }

  /// The lock as it stands in a report and in the store.
  var json: Data {
    let encoder = CellJob.encoder
    encoder.outputFormatting.insert(.prettyPrinted)
    // Nothing in it can fail to encode: numbers that JSON does not have are written as text.
    return (try? encoder.encode(self)) ?? Data()
  }

  init(json: Data) throws {
    self = try CellJob.decoder.decode(ReportLock.self, from: json)
  }
}

extension ReportLock {
  /// The lock of a run.
  /// - Parameter reportFolder: From where the notebook's path is told.
  init(_ run: NotebookRun, _ outcome: NotebookRun.Outcome, reportFolder: URL) {
    let source = run.notebook
    let file = source.folder.appendingPathComponent(URL(fileURLWithPath: source.file).lastPathComponent)
    notebook = File(
      path: file.path(relativeTo: reportFolder), sha256: SHA256.hex(source.source), bytes: source.source.utf8.count)
    language = source.frontMatter.language
    seed = source.frontMatter.seed
    parameters = source.frontMatter.parameters.map { Parameter(name: $0.name, type: $0.type, value: $0.json) }
    cells = source.cells.filter(\.options.evaluate).map { cell in
      switch outcome.cells[cell.name] ?? .left {
      case .fresh(let result), .ran(let result): Cell(name: cell.name, state: .current, result: result.withoutSources)
      case .stale(let result): Cell(name: cell.name, state: .stale, result: result.withoutSources)
      case .failed(let failure, _, _, _): Cell(name: cell.name, state: .failed, message: failure.message)
      case .blocked, .left: Cell(name: cell.name, state: .missing)
      }
    }
    texts = [:]
    for case (let index, .value(let text)) in outcome.expressions { texts[String(index)] = text }
    var digests: [String: String] = [:]
    for result in cells.compactMap(\.result) {
      for file in result.files + result.key.dependedFiles where file.sha256 != nil {
        digests[file.path] = file.sha256
      }
    }
    files = digests.sorted { $0.key < $1.key }.map { path, digest in
      let path = path
      let url = URL(fileURLWithPath: path, relativeTo: source.folder)
      let size = try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int
      return File(path: path, sha256: digest, bytes: size)
    }
    labbook = LabbookCommand.configuration.version
    build = run.compiler.library.fingerprint
    compiler = run.compiler.toolchain.version
    openBLAS = MatrixKernels.version
  }
}

extension CellResult {
  /// The same, its key without the sources that its digests are of; the notebook has them.
  fileprivate var withoutSources: CellResult {
    var result = self
    for part in result.key.parts.indices { result.key.parts[part].source = nil }
    return result
  }
}

extension CellKey {
  /// The files that the cell's `depends` option names.
  var dependedFiles: [CellResult.ReadFile] {
    parts.compactMap { part in
      part.name.hasPrefix("file ")
        ? CellResult.ReadFile(path: String(part.name.dropFirst(5)), sha256: part.content) : nil
    }
  }
}

extension URL {
  /// The way to this file from a folder, with `..` where it leads upward.
  func path(relativeTo folder: URL) -> String {
    let from = folder.standardizedFileURL.pathComponents
    let to = standardizedFileURL.pathComponents
    let shared = zip(from, to).prefix { $0 == $1 }.count
    return (Array(repeating: "..", count: from.count - shared) + to.dropFirst(shared)).joined(separator: "/")
  }
}
