import Core
import Foundation

/// The kind of a file that isn't a notebook, as a message names it, and what to do with such a file.
package struct FileKind: Sendable {
  /// The kind with its article: `a PDF file`.
  package var name: String
  package var remedy: String

  private static let usual = "A notebook is a Markdown file with Swift cells."

  private init(_ name: String, _ remedy: String = usual) {
    (self.name, self.remedy) = (name, remedy)
  }

  /// Whether it is an HTML page, which a report can be.
  package var isPage: Bool { name == Self.page.name }

  private static let page = FileKind(
    "an HTML page", "labbook unpack takes the notebook out of a report; labbook verify checks one.")

  /// The kind of a file, from its first bytes, its name and the files beside it.
  /// - Returns: nil for a file that may be a notebook.
  package init?(of data: Data, at path: String) {
    guard let kind = Self.kind(data) ?? Self.kind(path: path) else { return nil }
    self = kind
  }

  /// Beginnings of files in formats that aren't text.
  private static let beginnings: [(bytes: [UInt8], kind: FileKind)] = [
    (
      Array("%PDF".utf8),
      FileKind(
        "a PDF file", "A notebook is a Markdown file. Of reports, the HTML page is the one that carries its notebook.")
    ),
    ([0x89, 0x50, 0x4E, 0x47], FileKind("a picture")), ([0xFF, 0xD8, 0xFF], FileKind("a picture")),
    (Array("GIF8".utf8), FileKind("a picture")), (Array("PK\u{3}\u{4}".utf8), FileKind("an archive or an Office file")),
    ([0x1F, 0x8B], FileKind("a compressed file", "Decompress it first.")),
    ([0x7F, 0x45, 0x4C, 0x46], FileKind("a program")),
    ([0xFF, 0xFE], utf16), ([0xFE, 0xFF], utf16),
  ]

  private static let utf16 = FileKind("a text in UTF-16", "Save it in UTF-8: iconv -f UTF-16 -t UTF-8 OLD > NEW.")

  private static func kind(_ data: Data) -> FileKind? {
    let head = String(decoding: data.prefix(64), as: UTF8.self).lowercased().drop { $0.isWhitespace }
    if head.hasPrefix("<!doctype html") || head.hasPrefix("<html") { return page }
    return beginnings.first { data.starts(with: $0.bytes) }?.kind
  }

  /// Texts by their extensions.
  private static let texts: [String: FileKind] = [
    "ipynb": FileKind(
      "a Jupyter file",
      "jupyter nbconvert --to markdown writes one as Markdown. Give its Swift cells names then: ```swift {#name}."),
    "swift": FileKind("Swift source", "A notebook is a Markdown file, and Swift is in its cells: ```swift {#name}."),
    "csv": FileKind("a table", "A cell of a notebook can read it: try FileAccess.read(\"…\")."),
    "json": FileKind("a JSON file"), "yaml": FileKind("a YAML file", "--params reads parameters from such a file."),
    "yml": FileKind("a YAML file", "--params reads parameters from such a file."), "tex": FileKind("a TeX file"),
    "py": FileKind("Python source"), "svg": FileKind("a picture"),
  ]

  private static func kind(path: String) -> FileKind? {
    let file = URL(fileURLWithPath: path).standardizedFileURL
    return texts[file.pathExtension.lowercased()] ?? report(file)
  }

  /// A report as Markdown: the summary beside it says that Labbook wrote it, and from which notebook.
  private static func report(_ file: URL) -> FileKind? {
    struct Summary: Decodable {
      var notebook: String?
      var written: [String]?
    }
    let folder = file.deletingLastPathComponent()
    guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent("report.json").path),
      let summary = try? JSONDecoder().decode(Summary.self, from: data),
      summary.written?.contains(file.lastPathComponent) == true
    else { return nil }
    let notebook = summary.notebook.map { folder.appendingPathComponent($0).standardizedFileURL }
    guard let notebook, FileManager.default.fileExists(atPath: notebook.path) else {
      return FileKind("a report that Labbook wrote", "Of reports, the HTML page is the one that carries its notebook.")
    }
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    return FileKind("a report that Labbook wrote", "Its notebook is \(notebook.relativePath(from: here)).")
  }
}

extension Notebook {
  /// - Throws: `NotebookError` for content that can't be a notebook's.
  package static func requireKind(of data: Data, at path: String) throws {
    guard let kind = FileKind(of: data, at: path) else { return }
    throw NotebookError("this is \(kind.name), not a notebook", at: Place(file: path), remedy: kind.remedy)
  }
}
