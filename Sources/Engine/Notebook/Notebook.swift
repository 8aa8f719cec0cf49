import Basics
import Core
import Foundation
import Markup

/// A parsed notebook: its front matter, its document tree and its cells, each with its analysis.
package struct Notebook: Sendable {
  /// The path as the user gave it.
  package var file: String
  package let source: String
  /// The lines of `source`, without their ends.
  package let sourceLines: [String]
  package var frontMatter: FrontMatter
  package var document: Document
  package private(set) var cells: [NotebookCell]
  package var warnings: [Diagnostic]
  /// The import lines of all cells, each once, in order.
  package private(set) var imports: [String] = []
  /// The numbers of the cells, by name.
  private var numbers: [String: Int] = [:]

  /// The file's name without its extension: the name of its report.
  package var name: String { URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent }
  /// The name by which compiled code and the compiler's messages call the notebook. It has no folder, so a notebook's
  /// programs are the same whatever its path is.
  package var compiledName: String { file.split(separator: "/").last.map(String.init) ?? file }
  /// The folder in which cells run and to which paths are relative.
  package var folder: URL { URL(fileURLWithPath: file).standardizedFileURL.deletingLastPathComponent() }

  package subscript(cell name: String) -> NotebookCell? {
    numbers[name].map { cells[$0] }
  }
}

extension Notebook {
  /// Reads and parses the notebook at `path`.
  /// - Throws: `NotebookError` with all diagnostics.
  package init(reading path: String) throws {
    try Self.requireName(URL(fileURLWithPath: path).lastPathComponent, at: path)
    FileRegister.note(URL(fileURLWithPath: path).path)
    guard FileManager.default.isReadableFile(atPath: path), !Self.isFolder(path) else {
      throw NotebookError(
        FileManager.default.fileExists(atPath: path)
          ? Self.isFolder(path) ? "this is a folder, not a notebook" : "the notebook can't be read"
          : "the notebook doesn't exist",
        at: Place(file: path))
    }
    let data: Data
    do {
      data = try FileAccess.read(path, limit: Budgets.notebookBytes)
    } catch let error as InputError {
      throw NotebookError(error.cause, at: error.place, remedy: error.remedy)
    }
    try Self.requireKind(of: data, at: path)
    guard let source = String(data: data, encoding: .utf8) else {
      throw NotebookError(
        "the notebook is not UTF-8 text", at: Place(file: path),
        remedy: "Save it in UTF-8. From Latin-1: iconv -f LATIN1 -t UTF-8 OLD > NEW.")
    }
    try self.init(source: source, file: path)
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Requires a name that can be used for a folder, for files and in the compiler's messages.
  private static func requireName(_ name: String, at path: String) throws {
    if name.unicodeScalars.contains(where: { $0.visibleForm != nil && $0 != "\n" }) {
      throw NotebookError(
        "the notebook's name has an invisible character", at: Place(file: path),
        remedy: "Rename it with letters, digits, spaces and hyphens.")
    }
    if name.utf8.count > 240 {
      throw NotebookError(
        "the notebook's name is \(name.utf8.count) bytes long, but file systems allow only 255 with the extension",
        at: Place(file: path), remedy: "Rename it to at most 240 bytes.")
    }
  }

  package init(source: String, file: String) throws {
    var errors: [Diagnostic] = []
    self.init(source: source, file: file, errors: &errors)
    if !errors.isEmpty { throw NotebookError(errors) }
  }

  /// Parses as much as possible, and adds diagnostics to `errors`.
  package init(source: String, file: String, errors: inout [Diagnostic]) {
    self.file = file
    self.source = source.replacingOccurrences(of: "\r\n", with: "\n")
    sourceLines = self.source.components(separatedBy: "\n")
    let (yaml, body, bodyLine) = Self.split(self.source, file: file, errors: &errors)
    (frontMatter, warnings) = (FrontMatter(), [])
    warnings += Self.lateFrontMatter(self.source, file: file)
    do {
      if let yaml {
        let (matter, found) = try FrontMatter.parse(yaml, file: file, firstLine: 2)
        frontMatter = matter
        warnings += found
      }
    } catch let error as NotebookError {
      errors += error.diagnostics
    } catch {
      errors.append(.error("\(error)", at: Place(file: file)))
    }
    document = Document(markdown: body, file: file, firstLine: bodyLine)
    errors += document.errors.map { Diagnostic.error($0.cause, at: $0.place, remedy: $0.remedy) }
    warnings += document.warnings.map { .warning($0.cause, at: $0.place, remedy: $0.remedy) }
    cells = []
    readCells(errors: &errors)
    warnings += MisreadFences.warnings(self)
    warnings += privateWarnings
  }

  private mutating func readCells(errors: inout [Diagnostic]) {
    for block in document.codeBlocks where block.isFenced && NotebookCell.isCell(info: block.info) {
      do {
        let cell = try NotebookCell(block, ordinal: cells.count + 1, file: file)
        if let first = self[cell: cell.name]?.line {
          errors.append(
            .error(
              "two cells are named \"\(cell.name)\"", at: cell.place(in: file),
              remedy: "The first is in line \(first). Give one of them another name."))
        }
        numbers[cell.name] = numbers[cell.name] ?? cells.count
        cells.append(cell)
      } catch let error as NotebookError {
        errors += error.diagnostics
      } catch {
        errors.append(.error("\(error)", at: document.place(block.position)))
      }
    }
    var imported: Set<String> = []
    imports = (["import Foundation", "import Cell"] + cells.flatMap(\.analysis.imports)).filter {
      imported.insert($0).inserted
    }
    frontMatter.privateNames.formUnion(cells.filter(\.options.isPrivate).map(\.name))
    for index in cells.indices where frontMatter.privateNames.contains(cells[index].name) {
      cells[index].options.output = false
    }
    // A measurement can't be repeated for free, so cells that measure are pinned by default.
    let declared = Set(cells.flatMap { $0.analysis.declarations.map(\.name) + $0.analysis.values.map(\.name) })
    for index in cells.indices where !cells[index].saysPinned && cells[index].measures(besides: declared) {
      cells[index].options.pinned = true
    }
    for cell in cells {
      if let position = cell.analysis.sourceLocation {
        errors.append(
          .error(
            "#sourceLocation would change the line numbers of the cell's errors",
            at: cell.place(position, file: file), remedy: "Delete it: errors name the notebook's own lines."))
      }
    }
  }

  /// A warning about front matter that doesn't begin in line 1, where it would be shown as text.
  private static func lateFrontMatter(_ source: String, file: String) -> [Diagnostic] {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false).prefix(50)
    let texts = lines.map { $0.trimmingCharacters(in: .whitespaces) }
    guard let first = texts.firstIndex(where: { !$0.isEmpty && !$0.hasPrefix("<!--") }), first > 0,
      texts[first] == "---", let end = texts[(first + 1)...].firstIndex(of: "---"),
      texts[(first + 1)..<end].contains(where: { line in
        FrontMatter.keys.contains { line.hasPrefix("\($0):") }
      })
    else { return [] }
    return [
      .warning(
        "this front matter is shown as text: it must begin in line "
          + "1", at: Place(file: file, line: first + 1, column: 1),
        remedy: "Delete the text above it.")
    ]
  }

  /// Separates the front matter from the body.
  /// - Returns: The YAML between the `---` lines, if there is any; the body; and the line on which the body begins.
  private static func split(
    _ source: String, file: String, errors: inout [Diagnostic]
  ) -> (yaml: String?, body: String, bodyLine: Int) {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first?.trimmingCharacters(in: .whitespaces) == "---" else { return (nil, source, 1) }
    let marks = ["---", "..."]
    guard let end = lines.dropFirst().firstIndex(where: { marks.contains($0.trimmingCharacters(in: .whitespaces)) })
    else {
      errors.append(
        .error(
          "the front matter that begins here is never closed", at: Place(file: file, line: 1, column: 1),
          remedy: "Close it with a line of ---."))
      return (nil, source, 1)
    }
    return (
      lines[1..<end].joined(separator: "\n"), lines[(end + 1)...].joined(separator: "\n"), end + 2
    )
  }
}
