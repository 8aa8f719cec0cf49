import Basics
import Core
import Yams

import enum Plot.Language

/// The YAML front matter of a notebook.
package struct FrontMatter: Sendable {
  package var title: String?
  package var author: String?
  /// The date as written: a day (`2023-11-16`), a week or a range.
  package var date: String?
  /// The language of the report, as a BCP 47 tag: `en` or `zh-Hans`.
  package var language = "en"
  /// Whether the report has a table of contents.
  package var contents = true
  /// The seed from which all random numbers of the notebook follow.
  package var seed: UInt64 = 1
  /// The parameters, which cells read as `params.name`, in order.
  package var parameters: [Parameter] = []
  /// The formats in which the report is written, besides the HTML page and the charts' pictures.
  package var formats = ReportFormat.standard
  /// The paper size of the PDF and of pictures of pages.
  package var paper = PaperSize.a4
  /// The notebook or report to compare with, usually last week's: a name or a path.
  package var previous: String?
  /// The folders outside the notebook's own that pictures and data may come from, as written.
  package var allowedFolders: [String] = []
  /// The names of the figures that the report's head shows.
  package var headline: [String] = []
  /// What the report leaves out, of its page and of the files that it carries: names of cells, parameters and files,
  /// and `data` for all data files.
  package var privateNames: Set<String> = []
  /// The cluster on which cells run; nil for this machine.
  package var executor: String?
  /// The places of the keys in the notebook.
  package var places: [String: Place] = [:]

  package init(
    title: String? = nil, author: String? = nil, date: String? = nil, language: String = "en", contents: Bool = true,
    seed: UInt64 = 1, parameters: [Parameter] = [], formats: Set<ReportFormat> = ReportFormat.standard,
    paper: PaperSize = PaperSize.a4, previous: String? = nil, headline: [String] = [], places: [String: Place] = [:]
  ) {
    self.title = title
    self.author = author
    self.date = date
    self.language = language
    self.contents = contents
    self.seed = seed
    self.parameters = parameters
    self.formats = formats
    self.paper = paper
    self.previous = previous
    self.headline = headline
    self.places = places
  }
}

extension FrontMatter {
  static let keys = [
    "title", "author", "date", "lang", "toc", "seed", "params", "previous", "headline", "formats", "paper",
    "private", "allow", "executor",
  ]

  /// Reads a notebook's YAML front matter.
  /// - Parameters:
  ///   - yaml: The text between the `---` lines.
  ///   - firstLine: The line of the notebook on which `yaml` begins.
  ///   - firstLine: The notebook's line on which `yaml` begins.
  /// - Returns: The front matter, and warnings about unknown keys.
  /// - Throws: `NotebookError` where the text is not YAML or a value has the wrong type.
  package static func parse(_ yaml: String, file: String, firstLine: Int) throws -> (FrontMatter, [Diagnostic]) {
    func place(_ mark: Mark?) -> Place {
      Place(file: file, line: mark.map { $0.line + firstLine - 1 } ?? firstLine, column: mark?.column)
    }
    let root: Yams.Node?
    do {
      root = try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      var diagnostic = error.diagnostic("the front matter is not YAML", place)
      let lines = yaml.components(separatedBy: "\n")
      let line = diagnostic.place?.line.map { $0 - firstLine } ?? 0
      diagnostic.remedy = YAMLQuoting.remedy(lines: lines, near: line)
      throw NotebookError([diagnostic])
    }
    var result = FrontMatter()
    var warnings = YAMLQuoting.lostText(lines: yaml.components(separatedBy: "\n")).map { line, column, lost in
      Diagnostic.warning(
        "YAML reads \(lost) as a comment and not as part of the value",
        at: Place(file: file, line: line + firstLine, column: column + 1), remedy: "Put the whole value in quotes.")
    }
    guard let root, root != Yams.Node("") else { return (result, []) }
    guard let mapping = root.mapping else {
      throw NotebookError("the front matter is not a list of `key: value` lines", at: place(root.mark))
    }
    for (key, value) in mapping {
      let name = key.string ?? ""
      func wrong(_ expected: String) -> NotebookError {
        NotebookError("`\(name)` in the front matter must be \(expected)", at: place(value.mark))
      }
      result.places[name] = place(key.mark)
      switch name {
      case "title", "author", "date", "lang", "previous", "executor":
        // Several authors may be a list.
        let names = name == "author" ? value.sequence?.compactMap { $0.scalar?.string } : nil
        let listed = names.flatMap { $0.count == value.sequence?.count ? $0.joined(separator: ", ") : nil }
        guard let text = value.scalar?.string ?? listed else { throw wrong("text") }
        guard text.utf8.count <= 2_000 else { throw wrong("text of at most 2000 bytes") }
        switch name {
        case "title": result.title = text
        case "author": result.author = text
        case "date": result.date = text
        case "previous": result.previous = text
        case "executor": result.executor = text
        default: result.language = text
        }
      case "toc":
        guard let flag = value.flag else { throw wrong("true or false") }
        result.contents = flag
      case "seed":
        guard let seed = value.scalar.flatMap(Self.seed) else { throw wrong("a whole number, 0 or more") }
        result.seed = seed
      case "formats":
        let names = value.sequence.map { $0.map { $0.scalar?.string ?? "" } } ?? [value.scalar?.string ?? ""]
        let formats = names.compactMap(ReportFormat.init)
        guard formats.count == names.count else {
          throw wrong("a list of \(ReportFormat.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        result.formats = Set(formats)
      case "paper":
        guard let paper = value.scalar.flatMap({ PaperSize(rawValue: $0.string.lowercased()) }) else {
          throw wrong(PaperSize.allCases.map(\.rawValue).joined(separator: " or "))
        }
        result.paper = paper
      case "headline":
        let names = value.sequence.map { $0.map { $0.scalar?.string } } ?? [value.scalar?.string]
        guard !names.contains(nil) else { throw wrong("a name of a figure or a list of names") }
        result.headline = names.compactMap { $0 }
      case "private":
        let names = value.sequence.map { $0.map { $0.scalar?.string } } ?? [value.scalar?.string]
        guard !names.contains(nil) else {
          throw wrong("`data`, the name of a cell, a parameter or a file, or a list of these")
        }
        result.privateNames = Set(names.compactMap { $0 })
      case "allow":
        let names = value.sequence.map { $0.map { $0.scalar?.string } } ?? [value.scalar?.string]
        guard !names.contains(nil), !names.contains("") else { throw wrong("a folder or a list of folders") }
        result.allowedFolders = names.compactMap { $0 }
      case "params":
        guard let parameters = value.mapping else { throw wrong("a mapping of names to values") }
        try Parameter.requireFew(value, at: place(value.mark))
        result.parameters = try parameters.map { try Parameter($0.key, $0.value, place) }
        warnings += parameters.flatMap { Parameter.warnings(of: $0.value, name: $0.key.string ?? "", place) }
      default:
        let near = nearestName(to: name, among: keys)
        warnings.append(
          .warning(
            "`\(name)` is not a key of the front matter", at: place(key.mark),
            remedy: near.map { "Did you mean `\($0)`?" } ?? "Known keys: \(keys.joined(separator: ", "))."))
      }
    }
    result.checkDate(&warnings)
    result.checkLanguage(&warnings)
    return (result, warnings)
  }

  private static func seed(_ scalar: Yams.Node.Scalar) -> UInt64? {
    if case .integer(let number) = YAMLScalar(scalar) { return UInt64(exactly: number) }
    return nil
  }

  /// Replaces `today` by the date, and warns about invalid dates.
  private mutating func checkDate(_ warnings: inout [Diagnostic]) {
    guard let date else { return }
    if let problem = CalendarDay.problem(date) {
      warnings.append(
        .warning("the date \(date) stays as it is: \(problem)", at: places["date"], remedy: Self.dateForms))
    } else if date.lowercased() == "today" {
      warnings.append(
        .warning(
          "\"today\" is not replaced: the same report made again would have another date", at: places["date"],
          remedy: "Write the day itself, as in 2023-11-16; labbook new writes it."))
    } else if date.wholeMatch(of: /\d{1,4}[\/.]\d{1,2}[\/.]\d{1,4}|\d{8}|\d{4}-\d{1,2}-\d{1,2}[T ].*/) != nil {
      warnings.append(
        .warning("the date \(date) can't be read and stays as it is", at: places["date"], remedy: Self.dateForms))
    }
  }

  private static let dateForms = "Write a day as 2023-11-16, days as 2023-11-10/2023-11-16, a week as 2023-W46."

  private func checkLanguage(_ warnings: inout [Diagnostic]) {
    let primary = language.lowercased().prefix { $0 != "-" && $0 != "_" }
    let known = Language.allCases.map(\.rawValue)
    guard !known.contains(where: { $0.prefix { $0 != "-" } == primary }) else { return }
    warnings.append(
      .warning(
        "the language \"\(language)\" has no translation: the report's own words are English", at: places["lang"],
        remedy: "Labbook's words are available in \(known.joined(separator: " and "))."))
  }
}

extension YamlError {
  /// - Parameter lead: The beginning of the message, which says what isn't YAML.
  func diagnostic(_ lead: String, _ place: (Mark?) -> Place) -> Diagnostic {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return .error("\(lead): \(problem)", at: place(mark))
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.sorted().map { "`\($0)`" }.joined(separator: ", ")
      return .error("\(lead): \(names) appears twice", at: place(context.mark))
    default:
      return .error("\(lead): \(self)", at: place(nil))
    }
  }
}
