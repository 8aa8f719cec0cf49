import Basics
import Core
import Engine
import Foundation
import Yams

/// A new weekly notebook, not yet written.
struct NewNotebook: Sendable {
  /// The arguments on the command line.
  struct Request: Sendable {
    var language: String?
    var date: String?
    /// The new notebook's path.
    var path: String?
  }

  var path: String
  var source: String
  /// Warnings for the author.
  var warnings: [Diagnostic] = []

  /// - Parameter previous: The notebook of the previous week. Its parameters, author, language, title and plans are
  ///   carried over, and its cells too where they differ from a template's.
  /// - Throws: `NotebookError` for a language without a template, and for a date that is missing or can't be read.
  init(after previous: Notebook?, _ request: Request) throws {
    let tag = try Self.language(request.language ?? previous?.frontMatter.language ?? "en")
    let template = template(for: tag)
    let date = try Self.date(request.date, after: previous)
    path = request.path ?? Self.path(named: date.name, after: previous)

    let folder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent()
    var parameters = template.parameters
    var tasks: [String] = []
    if let previous {
      parameters = previous.frontMatter.parameters
      let plan = PlanList(of: previous)
      tasks = plan?.items ?? []
      if tasks.isEmpty {
        warnings.append(
          .warning(
            plan == nil
              ? "\(previous.file) has no heading for the next week's tasks" : "no tasks are left to carry over",
            at: plan == nil ? nil : Place(file: previous.file),
            remedy: plan == nil
              ? "It may be \"\(template.planHeadings[0])\"; its list becomes the new notebook's tasks." : nil))
      }
    }
    let files = Self.dataFiles(of: previous)
    let data = files.map { $0.relativePath(from: folder) }
    if previous == nil, !FileManager.default.fileExists(atPath: files[0].path) {
      warnings.append(
        .warning(
          "the new notebook reads \(data[0]) and \(data[1]), which don't exist",
          remedy: "Write the paths of your own architectures and latencies into its first cell."))
    }
    let head = Self.frontMatter(
      template, tag: tag, date: date, previous: previous, parameters: parameters, folder: folder)
    let body = template.body(
      TemplateBlanks(
        tasks: Self.taskList(tasks.isEmpty ? [template.emptyTask] : tasks), architectures: data[0], latencies: data[1],
        parameters: parameters))
    source = head + "\n" + (previous.flatMap { OwnCells(of: $0)?.inserted(into: body) } ?? body)
  }

  /// Writes the notebook, which must not exist.
  func write() throws {
    do {
      try Data(source.utf8).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
    } catch let error as CocoaError where error.code == .fileWriteFileExists {
      throw NotebookError(
        "the notebook exists already", at: Place(file: path), remedy: "Give another name, or another --date.")
    } catch {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      let isMissing = !FileManager.default.fileExists(atPath: folder.path)
      let shown = (path as NSString).deletingLastPathComponent
      throw NotebookError(
        isMissing ? "the folder \(shown) doesn't exist" : "the notebook can't be written: \(fileCause(error))",
        at: Place(file: path), remedy: isMissing ? "Make it first: mkdir -p \(shown)" : nil)
    }
  }

  // MARK: What it is called

  private static func language(_ tag: String) throws -> String {
    let known = allTemplates.map(\.tag)
    let primary = tag.lowercased().prefix { $0 != "-" && $0 != "_" }
    guard known.contains(where: { $0.hasPrefix(primary + "-") || $0 == primary }) else {
      throw NotebookError(
        "the language \"\(tag)\" has no template", remedy: "Give --lang: \(known.joined(separator: " or ")).")
    }
    return tag
  }

  private static func date(_ asked: String?, after previous: Notebook?) throws -> WeekDate {
    if let asked {
      guard let date = WeekDate(asked) else {
        throw NotebookError(
          "\"\(asked)\" is not a date", remedy: "Write it as 2023-11-23, 2023-W47 or 2023-11-17/2023-11-23.")
      }
      return date
    }
    guard let previous else { return .today }
    if let date = WeekDate(previous.frontMatter.date ?? previous.name) { return date.weekLater }
    let line = previous.sourceLines.firstIndex { $0.hasPrefix("date:") }
    let written = previous.frontMatter.date.map { "a week can't be added to the date \"\($0)\"" }
    throw NotebookError(
      written ?? "the notebook has no date", at: Place(file: previous.file, line: line.map { $0 + 1 }),
      remedy: "Give the new notebook's --date.")
  }

  /// The path in the previous notebook's folder, relative or absolute as the path of that notebook.
  private static func path(named name: String, after previous: Notebook?) -> String {
    guard let previous, let slash = previous.file.lastIndex(of: "/") else { return "\(name).md" }
    return "\(previous.file[...slash])\(name).md"
  }

  // MARK: What it holds

  private static func frontMatter(
    _ template: any NotebookTemplate, tag: String, date: WeekDate, previous: Notebook?, parameters: [Parameter],
    folder: URL
  ) -> String {
    let before = previous?.frontMatter
    var lines = [
      "title: \(Self.title(after: before?.title ?? template.title).yamlScalar)",
      "author: \((before?.author ?? template.author).yamlScalar)",
      "date: \(date.text)", "lang: \(tag.yamlScalar)", "seed: \(date.seed)",
    ]
    if let previous { lines.append("previous: \(absolute(previous.file).relativePath(from: folder).yamlScalar)") }
    if !(before?.contents ?? true) { lines.append("toc: false") }
    if let before {
      let formats = ReportFormat.allCases.filter { $0 != .html && before.formats.contains($0) }.map(\.rawValue)
      if before.formats != ReportFormat.standard { lines.append("formats: [\(formats.joined(separator: ", "))]") }
      if before.paper != .a4 { lines.append("paper: \(before.paper.rawValue)") }
      for (key, names) in [("headline", before.headline), ("private", before.privateNames.sorted())]
      where !names.isEmpty {
        lines.append("\(key): [\(names.map { $0.yamlScalar }.joined(separator: ", "))]")
      }
    }
    if !parameters.isEmpty { lines.append("params:") }
    lines += parameters.map { "  \($0.name): \($0.yaml)" }
    return (["---"] + lines + ["---", ""]).joined(separator: "\n")
  }

  /// The title of the next week: "Week 4: nets" after "Week 3: nets".
  private static func title(after title: String) -> String {
    guard let match = title.firstMatch(of: /((?i:week )|第 ?)(\d{1,4})/), let number = Int(match.2) else { return title }
    return title.replacingCharacters(in: match.range, with: "\(match.1)\(number + 1)")
  }

  private static func taskList(_ tasks: [String]) -> String {
    tasks.map { task in
      let lines = task.split(separator: "\n", omittingEmptySubsequences: false)
      return "- [ ] "
        + lines.enumerated().map { $0 == 0 || $1.isEmpty ? String($1) : "  \($1)" }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  // MARK: Paths

  /// The files of networks and latencies that the previous notebook reads, or those of the shipped notebooks, which
  /// are in `notebooks/` of Labbook's own folder.
  private static func dataFiles(of previous: Notebook?) -> [URL] {
    let folder = previous?.folder
    return [
      (/architectures:\s*"([^"\\]+)"/, "data/pruned-resnet/architectures.jsonl"),
      (/latencies:\s*"([^"\\]+)"/, "data/pruned-resnet/latency.csv"),
    ].map { pattern, standard in
      let named = previous?.cells.lazy.compactMap { try? pattern.firstMatch(in: $0.source) }.first.map { String($0.1) }
      let places = (named.map { [$0] } ?? [standard, "notebooks/\(standard)"]).map {
        URL(fileURLWithPath: $0, relativeTo: folder)
      }
      return places.first { FileManager.default.fileExists(atPath: $0.path) } ?? places[0]
    }
  }

  private static func absolute(_ path: String) -> URL {
    URL(fileURLWithPath: path).standardizedFileURL
  }
}
