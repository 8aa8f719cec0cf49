import Basics
import Core
import Engine
import Foundation
import Markup

/// A file beside the notebook that the text links to, with its addresses relative to the report's folder.
package struct LinkedFile: Hashable, Sendable {
  /// The address in the page and in the PDF. For a notebook, and for a Markdown file with a report, it is the page of
  /// its report.
  package var page: String
  /// The address in `report.md`. For a notebook it is the notebook's own Markdown report if that exists, else the
  /// notebook itself, which GitHub can show.
  package var markdown: String
  /// Whether the file or folder exists.
  package var exists: Bool

  /// - Parameters:
  ///   - destination: The link in the notebook, relative to the notebook.
  ///   - notebook: The folder of the notebook.
  ///   - report: The folder of the report.
  /// - Returns: nil for addresses with a scheme, absolute paths and links within the page.
  package init?(_ destination: String, notebook: URL, report: URL) {
    guard let (path, rest) = Self.split(destination) else { return nil }
    let target = notebook.appendingPathComponent(path).standardizedFileURL
    exists = FileManager.default.fileExists(atPath: target.path)
    FileRegister.note(target.path)
    func address(_ file: URL) -> String {
      let path = file.relativePath(from: report)
      return (path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path) + rest
    }
    markdown = address(target) + (path.hasSuffix("/") && rest.isEmpty ? "/" : "")
    page = markdown
    guard exists, target.pathExtension.lowercased() == "md" else { return }
    let folder = ReportPlace.folder(
      name: target.deletingPathExtension().lastPathComponent, from: target.deletingLastPathComponent())
    let ownPage = folder.appendingPathComponent("index.html")
    // A file without cells may be plain text that is never run, unless it has been.
    guard Self.isNotebook(target) || Self.exists(ownPage) else { return }
    page = address(ownPage)
    let text = folder.appendingPathComponent("report.md")
    if Self.exists(text) { markdown = address(text) }
  }

  private static func exists(_ file: URL) -> Bool {
    FileRegister.note(file.path)
    return FileManager.default.fileExists(atPath: file.path)
  }

  /// A relative link's path and the rest: `second.md` and `#results`.
  package static func split(_ destination: String) -> (path: String, rest: String)? {
    guard !destination.hasPrefix("/"), !destination.hasPrefix("#"), !destination.hasPrefix("?"), !destination.isEmpty,
      !LinkPolicy.isRemote(destination)
    else { return nil }
    let path = destination.prefix { $0 != "#" && $0 != "?" }
    return (path.removingPercentEncoding ?? String(path), String(destination.dropFirst(path.count)))
  }

  /// Whether a Markdown file has cells.
  private static func isNotebook(_ file: URL) -> Bool {
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return false }
    return text.split(whereSeparator: \.isNewline).contains { line in
      let fence = line.drop { $0 == " " || $0 == ">" }
      return (fence.hasPrefix("```") || fence.hasPrefix("~~~"))
        && NotebookCell.isCell(info: String(fence.drop { $0 == "`" || $0 == "~" }))
    }
  }
}

extension ReportContent {
  /// The file beside the notebook that a link leads to; warns if the file doesn't exist. The result is nil for other
  /// links, and when the report's folder is unknown.
  package mutating func linkedFile(_ link: Inline.Link) -> LinkedFile? {
    guard scope.isNotebook || !link.destination.isEmpty, let report = report.folder else { return nil }
    let notebook = URL(fileURLWithPath: self.report.document.file).standardizedFileURL.deletingLastPathComponent()
    guard let file = LinkedFile(link.destination, notebook: notebook, report: report) else { return nil }
    if !file.exists {
      let path = LinkedFile.split(link.destination)?.path ?? link.destination
      let folder = URL(fileURLWithPath: path, relativeTo: notebook).deletingLastPathComponent()
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      let near = nearestName(to: (path as NSString).lastPathComponent, among: names.sorted())
      warn(
        "the link leads to \(path), which doesn't exist", at: link.position,
        remedy: near.map { "Did you mean \"\($0)\"?" } ?? "Links are relative to the notebook's folder.")
    }
    return file
  }
}
