import Basics
import Core
import Engine
import Foundation
import Wire

/// The lock of a report: digests of everything that its results were made from and with. It suffices to make them
/// again elsewhere and to compare.
package struct ReportLock: Codable, Sendable {
  /// A file and its digest.
  package struct File: Codable, Hashable, Sendable {
    /// The path relative to the notebook's folder, as the cells named it.
    package var path: String
    package var sha256: String
    /// The size; nil if the file was missing when the lock was made.
    package var bytes: Int?
  }

  package struct Parameter: Codable, Hashable, Sendable {
    package var name: String
    package var type: String
    /// The value as JSON; empty if the parameter is private.
    package var value: String
    /// Whether the front matter makes the parameter private; nil, as in locks of earlier versions, means that it
    /// isn't.
    package var isPrivate: Bool?

    /// The value as it is shown to others.
    package var shown: String { isPrivate == true ? "(private)" : value }
  }

  package struct Cell: Codable, Sendable {
    package var name: String
    /// The state. A lock doesn't record whether a result was made in its run or earlier.
    @LockedState package var state: CellState
    package var result: CellResult?
    /// The error message of a failed cell.
    package var message: String?
    /// Whether a verifier takes the result as given, because the cell is pinned. Nil, as in locks of earlier
    /// versions, means that it isn't.
    package var isPinned: Bool?
  }

  /// The version of the lock's format.
  package var version = Self.binaryValues
  /// The first version in which values' digests are of CBOR. Earlier digests are of JSON and can't be compared with
  /// these.
  package static let binaryValues = 2
  /// The notebook; its path is relative to the report's folder.
  package var notebook: File
  package var language: String
  package var seed: UInt64
  package var parameters: [Parameter]
  package var cells: [Cell]
  /// The texts of the prose's inline expressions by index.
  package var texts: [String: String]
  /// The data files that the cells read.
  package var files: [File]
  package var labbook: String
  /// The digest of the library that cells link.
  package var build: String
  package var compiler: String

  /// When the newest result was made, in ISO 8601; nil without results.
  package var date: String? { cells.compactMap(\.result?.origin.date).max() }

  /// The processors and kernels that made the results, each once.
  package var processors: [String] { unique(cells.compactMap(\.result?.origin.processor)) }
  package var kernels: [String] { unique(cells.compactMap(\.result?.origin.kernels)) }

  private func unique(_ texts: [String]) -> [String] {
    texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The figures of all cells in order. If two cells recorded the same name, the later one counts.
  package var metrics: [RecordedMetric] {
    var metrics: [RecordedMetric] = []
    for metric in cells.flatMap({ $0.result?.metrics ?? [] }) {
      metrics.removeAll { $0.name == metric.name }
      metrics.append(metric)
    }
    return metrics
  }

  /// A digest that identifies the results: of everything but when, where and in which time they were made.
  package var identity: String {
    var text = "\(language)\0\(seed)\0"
    for parameter in parameters { text += "\(parameter.name)\0\(parameter.value)\0" }
    for cell in cells {
      text += "\(cell.name)\0\(cell.state.lockName)\0\(cell.result?.key.digest ?? "")\0\(cell.result?.outputs ?? "")\0"
      for file in cell.result?.files ?? [] { text += "\(file.path)\0\(file.sha256 ?? "")\0" }
      for value in cell.result?.values ?? [] { text += "\(value.name)\0\(value.identity)\0" }
    }
    for (index, value) in texts.sorted(by: { $0.key < $1.key }) { text += "\(index)\0\(value)\0" }
    return SHA256.hex(text)
  }

  /// The JSON of the lock in a report and in the store.
  package var json: Data {
    let encoder = CellJob.encoder
    encoder.outputFormatting.insert(.prettyPrinted)
    // Encoding can't fail, because numbers that JSON lacks are written as text.
    return (try? encoder.encode(self)) ?? Data()
  }

  /// The lock that a report contains: without the values of private parameters, which the keys of results also have.
  package func forReport(hiding names: Set<String>) -> ReportLock {
    var lock = self
    for index in parameters.indices where names.contains(parameters[index].name) {
      (lock.parameters[index].value, lock.parameters[index].isPrivate) = ("", true)
    }
    for index in lock.cells.indices {
      guard var result = lock.cells[index].result else { continue }
      for part in result.key.parts.indices {
        guard case .parameter(let name) = result.key.parts[part].kind, names.contains(name) else { continue }
        result.key.parts[part].content = "private"
      }
      lock.cells[index].result = result
    }
    return lock
  }

  package init(json: Data) throws {
    self = try CellJob.decoder.decode(ReportLock.self, from: json)
  }
}

extension ReportLock {
  /// The lock of a run.
  /// - Parameter reportFolder: The folder to which the notebook's path is relative.
  package init(_ run: NotebookRun, _ outcome: NotebookRun.Outcome, reportFolder: URL) {
    let source = run.notebook
    let file = source.folder.appendingPathComponent(URL(fileURLWithPath: source.file).lastPathComponent)
    notebook = File(
      path: file.path(relativeTo: reportFolder), sha256: SHA256.hex(source.source), bytes: source.source.utf8.count)
    language = source.frontMatter.language
    seed = source.frontMatter.seed
    parameters = source.frontMatter.parameters.map { Parameter(name: $0.name, type: $0.type, value: $0.json) }
    cells = source.cells.filter(\.options.evaluate).map { cell in
      let isPinned = cell.options.pinned ? true : nil
      let record = outcome.cells[cell.name] ?? .left
      return Cell(
        name: cell.name, state: record.state, result: record.shown?.withoutSources, message: record.failure?.message,
        isPinned: record.shown == nil ? nil : isPinned)
    }
    texts = [:]
    for case (let index, .value(let text)) in outcome.expressions { texts[String(index)] = text }
    var digests: [String: String] = [:]
    for result in cells.compactMap(\.result) {
      for file in result.files + result.key.dependedFiles
      where file.sha256 != nil && FolderListing(path: file.path) == nil {
        digests[file.path] = file.sha256
      }
    }
    files = digests.sorted { $0.key < $1.key }.map { path, digest in
      let path = path
      let url = URL(fileURLWithPath: path, relativeTo: source.folder)
      let size = try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int
      return File(path: path, sha256: digest, bytes: size)
    }
    labbook = LabbookVersion.current
    build = run.checked.library.fingerprint
    compiler = run.checked.compiler
  }
}

extension CellResult {
  /// The result without the sources of its key's digests, which the notebook has anyway.
  fileprivate var withoutSources: CellResult {
    var result = self
    for part in result.key.parts.indices { result.key.parts[part].source = nil }
    return result
  }
}

extension URL {
  /// The path of this file relative to a folder, with `..` where it leads upward.
  package func path(relativeTo folder: URL) -> String {
    let from = folder.standardizedFileURL.pathComponents
    let to = standardizedFileURL.pathComponents
    let shared = zip(from, to).prefix { $0 == $1 }.count
    return (Array(repeating: "..", count: from.count - shared) + to.dropFirst(shared)).joined(separator: "/")
  }
}
