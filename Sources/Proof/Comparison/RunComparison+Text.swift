import Engine
import Foundation
import Markup
import Report
import Wire

/// Writes a comparison as words and tables.
extension RunComparison {
  /// The comparison as aligned text for a terminal.
  package var text: String {
    var head = TextTable(columns: 3)
    for (word, run) in [("old", old), ("new", new)] {
      head.add([word, run.name, run.date.map(HistoryRun.time) ?? "no results"])
    }
    var parts = [head.lines]
    let english = ProofWords.english
    parts.append(metrics.isEmpty ? ["neither records a metric"] : metricTable(english).lines)
    parts.append(parameters.isEmpty ? ["no parameter changed"] : parameterTable(english).lines)
    return parts.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  /// The comparison in GitHub's Markdown, in the language of the newer side.
  package var markdown: String {
    let words = reportWords(for: new.language).proof
    var parts: [String] = []
    if !metrics.isEmpty { parts.append(metricTable(words).markdown) }
    if !parameters.isEmpty { parts.append(parameterTable(words).markdown) }
    return parts.joined(separator: "\n")
  }

  private func metricTable(_ words: ProofWords) -> TextTable {
    let sides = old.notebook == new.notebook ? (words.before, words.now) : (old.notebook, new.notebook)
    var table = TextTable(
      header: [words.metric, sides.0, sides.1, words.change, words.relative, words.verdict], right: [1, 2, 3, 4])
    for change in metrics {
      table.add([
        change.name, change.oldText ?? "–", change.newText ?? "–", change.differenceText ?? "",
        change.relativeText ?? "", words.word(change.judgement),
      ])
    }
    return table
  }

  private func parameterTable(_ words: ProofWords) -> TextTable {
    var table = TextTable(header: [words.parameter, words.before, words.now])
    for change in parameters { table.add([change.name, change.old ?? "–", change.new ?? "–"]) }
    return table
  }
  /// The comparison as one JSON object.
  package var json: String {
    struct Side: Encodable {
      var name: String
      var notebook: String
      var date: String?
    }
    struct MetricEntry: Encodable {
      var name: String
      var old: Double?
      var new: Double?
      var change: Double?
      var unit: String?
      /// Which values are better: `lower`, `higher`, or nil for neither.
      var better: String?
      var judgement: String
    }
    struct Document: Encodable {
      var old: Side
      var new: Side
      var metrics: [MetricEntry]
      var parameters: [ParameterChange]
      var figures: [String]
    }
    func side(_ run: ComparedRun) -> Side {
      Side(name: run.name, notebook: run.notebook, date: run.date.map(Origin.text))
    }
    let document = Document(
      old: side(old), new: side(new),
      metrics: metrics.map { change in
        MetricEntry(
          name: change.name, old: change.old?.value, new: change.new?.value, change: change.difference,
          unit: (change.new ?? change.old)?.unit, better: (change.new ?? change.old)?.better?.rawValue,
          judgement: change.judgement.rawValue)
      },
      parameters: parameters, figures: figures.map(\.name))
    // Encoding can't fail, because numbers that JSON lacks are written as text.
    return String(decoding: (try? CellJob.encoder.encode(document)) ?? Data(), as: UTF8.self)
  }
}
