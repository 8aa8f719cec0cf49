import Basics
import Core
import Foundation
import Markup

/// Writes a report as GitHub-flavoured Markdown: charts as pictures beside it, code folded, formulas in GitHub's
/// syntax.
package struct GFMReport {
  package var content: ReportContent
  /// The pictures of the text, which are copied beside the report.
  package var pictures: [PictureFile] = []
  private var names = FileNameRegistry()
  /// GitHub's names of the headings in this file, by their names in the notebook. They differ because the title is a
  /// heading here, cells' Markdown may have headings, and expressions are replaced by their values.
  package private(set) var headingNames: [String: String] = [:]

  package var words: any Words { content.words }

  private init(_ content: ReportContent) {
    self.content = content
    for picture in ChartPicture.all(of: content.report, numbering: content.numbering) {
      _ = names.add(png: picture.name)
    }
    var taken = AnchorRegistry()
    if let title = content.report.frontMatter.title { _ = taken.add(heading: title) }
    for block in content.report.document.allBlocks {
      if case .heading(_, let inlines) = block.content, let anchor = content.numbering.anchor(heading: block.position) {
        headingNames[anchor] = taken.add(heading: content.plainText(inlines))
      }
      guard case .code(let code) = block.content, let cell = content.report.cells[code.position.line], cell.showsOutput
      else { continue }
      for case .markdown(let text) in cell.outputs {
        for heading in Document(markdown: text, file: "").headings {
          _ = taken.add(heading: heading.content.headingText)
        }
      }
    }
  }

  /// - Returns: The text, the pictures in it besides the charts', and the warnings.
  package static func text(of content: ReportContent) -> (text: String, pictures: [PictureFile], warnings: [InputError])
  {
    var writer = GFMReport(content)
    let parts = [
      writer.head(), writer.blocks(content.report.document.blocks), writer.notes(), writer.foot(),
    ]
    let lines = parts.filter { !$0.isEmpty }.joined(separator: [""])
    return ((lines.joined(separator: "\n") + "\n").visibleLines, writer.pictures, writer.content.warnings)
  }

  // MARK: Frame

  private func head() -> [String] {
    let report = content.report
    var parts: [[String]] = []
    if let title = report.frontMatter.title { parts.append(["# \(MarkdownText.escaped(title))"]) }
    let facts = content.facts
    if !facts.isEmpty { parts.append([MarkdownText.escaped(facts.joined(separator: " · "), startsLine: true)]) }
    let figures = report.headline.filter { $0.new != nil }
    if !figures.isEmpty {
      let proof = words.proof
      let changes = figures.map { proof.change($0) }
      let hasChanges = changes.contains { $0 != nil }
      let rows = zip(figures, changes).map { figure, change -> String in
        let texts = [figure.name, figure.newText ?? "–", change ?? ""].map { MarkdownText.escaped($0) }
        return "| \(texts[0]) | **\(texts[1])** |" + (hasChanges ? " \(texts[2]) |" : "")
      }
      let head = "| \(proof.metric) | \(proof.now) |" + (hasChanges ? " \(proof.change) |" : "")
      parts.append([head, "| --- | ---: |" + (hasChanges ? " --- |" : "")] + rows)
    }
    let troubles = content.troubles
    if !troubles.isEmpty {
      let isFailed = troubles.contains { $0.name == "failed" }
      let texts = troubles.map { trouble in
        let text = MarkdownText.escaped(trouble.text)
        return trouble.anchor.map { "[\(text)](#\(MarkdownText.address($0)))" } ?? text
      }
      parts.append(Self.alert(isFailed ? "CAUTION" : "WARNING", [texts.joined(separator: " · ")]))
    }
    return Array(parts.joined(separator: [""]))
  }

  private func foot() -> [String] {
    let facts = content.provenance
    guard !facts.isEmpty else { return [] }
    let rows = facts.map { "| \(MarkdownText.escaped($0.label)) | \(MarkdownText.escaped($0.value)) |" }
    return Self.folded(words.provenance, ["| | |", "| --- | --- |"] + rows)
  }

  /// The footnotes of the text being written.
  package mutating func notes() -> [String] {
    var lines: [String] = []
    for (number, note) in content.scope.document.footnotes.enumerated() {
      let text = blocks(note)
      lines += ["[^\(content.scope.prefix)\(number + 1)]: \(text.first ?? "")"]
      lines += text.dropFirst().map { $0.isEmpty ? "" : "    \($0)" }
    }
    return lines
  }

  package static func alert(_ kind: String, _ lines: [String]) -> [String] {
    ["> [!\(kind)]"] + lines.map { $0.isEmpty ? ">" : "> \($0)" }
  }

  package static func folded(_ summary: String, _ lines: [String]) -> [String] {
    ["<details><summary>\(HTML.text(summary).source)</summary>", ""] + lines + ["", "</details>"]
  }

  /// An anchor that links can lead to.
  package static func place(_ anchor: String) -> String {
    HTML.element("a", ["name": anchor], .empty).source
  }

  // MARK: Pictures

  /// The Markdown for a picture of the text.
  package mutating func picture(_ image: Inline.Image) -> String {
    switch content.picture(image) {
    case .missing(let text, let address):
      let text = MarkdownText.escaped(text)
      return address.map { "[\(text)](\(MarkdownText.address($0)))" } ?? text
    case .data(let data):
      let ending = PictureData.mediaType(data).map { $0.dropFirst("image/".count).prefix { $0 != "+" } } ?? "png"
      let base = URL(fileURLWithPath: image.source).deletingPathExtension().lastPathComponent
      let known = pictures.first { $0.data == data }
      let isNamed = !image.source.hasPrefix("data:") && !base.isEmpty
      let name = known?.name ?? names.add(isNamed ? String(base.prefix(80)) : "picture", ending: String(ending))
      if known == nil { pictures.append(PictureFile(name: name, data: data)) }
      return "![\(MarkdownText.escaped(image.alternative))](\(PictureFile.address(file: name)))"
    }
  }

  /// Writes a piece of Markdown that is not the notebook's own text.
  package mutating func within(_ document: Document, _ write: (inout GFMReport) -> [String]) -> [String] {
    let outer = content.enter(document)
    defer { content.scope = outer }
    return write(&self)
  }
}
