import Basics
import Engine
import Foundation
import Report
import Wire

/// The files inside a report's page: its notebook, its lock, results for comparison, and small data files.
package struct ReportArchive: Sendable {
  package var files: [CarriedFile]

  /// The greatest size in bytes of a data file inside the page. The lock names larger ones by their digest.
  package static let fileLimit = 64 << 10
  package static let totalLimit = 64 << 10

  package func file(_ kind: CarriedFile.Kind) -> CarriedFile? {
    files.first { $0.kind == kind }
  }
}

extension ReportArchive {
  /// - Parameter results: Results for comparison.
  package init(_ notebook: Notebook, lock: ReportLock, results: CarriedResults) {
    let name = notebook.name
    files = [
      CarriedFile(kind: .notebook, path: "\(name).md", content: Data(notebook.source.utf8)),
      CarriedFile(kind: .lock, path: "\(name).lock.json", content: lock.json),
      CarriedFile(kind: .results, path: "\(name).results.json", content: results.json),
    ]
    var total = 0
    let hidden = PrivateNames(notebook.frontMatter.privateNames)
    for file in lock.files
    where Self.objection(to: file.path) == nil && !hidden.hides(file: file.path)
      && files.count < Budgets.carriedFiles
    {
      // If hardly any room is left, no further files are tried.
      if total > Self.totalLimit * 31 / 32 { break }
      guard let bytes = file.bytes, bytes <= Self.fileLimit,
        let content = FileManager.default.contents(atPath: notebook.folder.appendingPathComponent(file.path).path),
        SHA256.hex(content) == file.sha256
      else { continue }
      let carried = CarriedFile(kind: .data, path: file.path, content: content)
      let sizeInPage = carried.compressed.count * 4 / 3
      guard total + sizeInPage <= Self.totalLimit else { continue }
      total += sizeInPage
      files.append(carried)
    }
  }

  /// Whether a relative path stays inside the folder that it begins in.
  package static func isInside(_ path: String) -> Bool {
    !path.isEmpty && !path.hasPrefix("/") && !path.hasPrefix("~") && !path.contains("\0")
      && !path.split(separator: "/", omittingEmptySubsequences: false).contains {
        $0 == ".." || $0 == "." || $0.isEmpty
      }
  }
}

extension CarriedFile {
  package init(kind: Kind, path: String, content: Data) {
    self.init(kind: kind, path: path, content: content, compressed: Compression.compressed(content) ?? Data())
  }
}
