import Markup

/// The target of a link in a report's text.
package enum ReportLink {
  /// An external address.
  case address(String)
  /// A file beside the notebook, or the report of another notebook.
  case file(LinkedFile)
  /// A figure or table. "Figure 2" replaces the link's words if they say only "Figure" (`isPlain`).
  case numbered(anchor: String, label: String, isPlain: Bool)
  /// A missing figure or table, and the cell that should have shown it.
  case unnumbered(cell: String?, label: String, isPlain: Bool)
  /// Another place in the report, and its title for a link without words.
  case place(anchor: String, title: [Inline]?)
  /// No target: only the link's words are written.
  case nothing
}

extension ReportContent {
  /// The target of a link; warns when there is none.
  package mutating func destination(of link: Inline.Link) -> ReportLink {
    var link = link
    // A link to a part of the notebook itself leads to that part of the report.
    if scope.isNotebook, let (path, rest) = LinkedFile.split(link.destination), rest.hasPrefix("#"), rest.count > 1,
      let own = report.document.file.split(separator: "/").last, path == own || path == "./\(own)"
    {
      link.destination = rest
    }
    guard link.destination.hasPrefix("#") else {
      if let file = linkedFile(link) { return .file(file) }
      if LinkPolicy.allows(link.destination) { return .address(link.destination) }
      warn(
        "the link to \(link.destination.prefix(40)) is not written", at: link.position,
        remedy: "Links may use http, https, mailto and tel, or lead to files beside the report.")
      return .nothing
    }
    let written = String(link.destination.dropFirst())
    let fragment = written.removingPercentEncoding ?? written
    if let entry = numbering.target(fragment) {
      return .numbered(
        anchor: entry.anchor, label: label(of: entry), isPlain: isPlain(link.content, kind: entry.kind))
    }
    for (kind, prefix) in [(ReportNumbering.Kind.figure, "fig-"), (.table, "tbl-")] where fragment.hasPrefix(prefix) {
      let unfinished = numbering.unfinishedCell(showing: fragment, prefix: prefix)
      // A cell that hasn't run has no outputs yet. The report already shows that it hasn't run, so there is no
      // warning.
      if unfinished == nil { warnOfNoTarget(fragment, kind, at: link.position) }
      let cell = [unfinished, String(fragment.dropFirst(prefix.count)), fragment].lazy.compactMap { $0 }
        .compactMap(numbering.anchor(cell:)).first
      return .unnumbered(
        cell: cell, label: kind == .figure ? words.unknownFigure : words.unknownTable,
        isPlain: isPlain(link.content, kind: kind))
    }
    guard let anchor = [fragment, AnchorRegistry.slug(fragment)].first(where: numbering.hasAnchor) else {
      warn(
        "nothing in the report is named “\(fragment)”", at: link.position, remedy: "Headings are named as on GitHub.")
      return .nothing
    }
    return .place(anchor: anchor, title: numbering.headings.first { $0.anchor == anchor }?.content)
  }

  private mutating func warnOfNoTarget(_ fragment: String, _ kind: ReportNumbering.Kind, at position: SourcePosition) {
    let names = numbering.targetNames
    warn(
      "there is no \(kind == .figure ? "figure" : "table") “\(fragment)”", at: position,
      remedy: names.isEmpty
        ? "A cell named “loss” that shows a chart makes “fig-loss”, one that shows a table “tbl-loss”."
        : "The report has: \(names.joined(separator: ", ")).")
  }

  /// The label of a figure or table: "Figure 2".
  package func label(of entry: ReportNumbering.Entry) -> String {
    entry.kind == .figure ? words.figure(entry.number) : words.table(entry.number)
  }

  /// Whether a link's words are only "Figure" or the like, with or without a number.
  private func isPlain(_ inlines: [Inline], kind: ReportNumbering.Kind) -> Bool {
    let said = inlines.plainText.lowercased().trimmingWhitespace()
    let name = said[...].trimmingSuffix { $0.isNumber || $0.isWhitespace || $0 == "?" }
    return name.isEmpty || (kind == .figure ? words.figureWords : words.tableWords).contains(String(name))
  }
}

extension Substring {
  package func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
    guard let last = lastIndex(where: { !predicate($0) }) else { return "" }
    return self[...last]
  }
}
