import Basics
import Engine
import Foundation
import Plot
import Wire

/// The results inside a report, in addition to their digests, for comparisons: printed and shown output, charts
/// reduced to their lines, and small values.
package struct CarriedResults: Codable, Sendable {
  package struct Cell: Codable, Sendable {
    package var outputs: [CellOutput]
    /// The stored values by name, in base64. Earlier versions had JSON in a list of one instead.
    package var values: [String: String]
    /// All blobs of a pinned cell's result by digest, so that a verifier can take the result as given; nil for other
    /// cells.
    package var blobs: [String: Data]?

    func value(_ name: String) -> Data? {
      values[name].flatMap { $0.hasPrefix("[") ? Data($0.utf8) : Data(base64Encoded: $0) }
    }
  }

  package var cells: [String: Cell] = [:]

  /// The size in bytes above which a value is left out.
  package static let valueLimit = 2_000
  /// The greatest size in bytes of a pinned cell's blobs together. A report with more can be verified only beside its
  /// store.
  package static let pinnedLimit = 8 << 20
  /// The length in characters to which printed texts are cut.
  package static let textLimit = 20_000

  package init() {}

  package init(json: Data) throws {
    self = try CellJob.decoder.decode(CarriedResults.self, from: json)
  }

  package var json: Data {
    (try? CellJob.encoder.encode(self)) ?? Data()
  }

  /// - Parameters:
  ///   - outputs: The cells' outputs, by cell name.
  ///   - store: The store with the results' values.
  ///   - hidden: Cells whose results are left out.
  package init(_ lock: ReportLock, outputs: [String: [CellOutput]], store: Store, except hidden: Set<String> = []) {
    for cell in lock.cells where !hidden.contains(cell.name) {
      guard let result = cell.result else { continue }
      var values: [String: String] = [:]
      for value in result.values where value.bytes <= Self.valueLimit {
        values[value.name] = store.blob(value.sha256)?.base64EncodedString()
      }
      cells[cell.name] = Cell(outputs: Self.carried(outputs[cell.name] ?? []), values: values)
      guard cell.isPinned == true, result.values.map(\.bytes).reduce(0, +) <= Self.pinnedLimit else { continue }
      let blobs = result.blobs.map { ($0, store.blob($0)) }
      cells[cell.name]?.blobs = Dictionary(blobs.compactMap { name, data in data.map { (name, $0) } }) { first, _ in
        first
      }
    }
  }

  /// The outputs in the form that a report contains.
  package static func carried(_ outputs: [CellOutput]) -> [CellOutput] {
    outputs.map { output in
      switch output {
      case .chart(let chart): .chart(chart.reducedToLines())
      case .printed(let text): .printed(String(text.prefix(textLimit)))
      case .printedError(let text): .printedError(String(text.prefix(textLimit)))
      case .table, .markdown: output
      }
    }
  }
}

extension Chart {
  /// The greatest number of points of a line after `reducedToLines`.
  private static let linePoints = 200

  /// The chart with its lines only. Long lines are reduced to evenly spaced points. Faint lines, which a darker line
  /// summarises, are left out.
  package func reducedToLines() -> Chart {
    var chart = self
    chart.summary = []
    for panel in chart.panels.indices {
      chart.panels[panel].layers = chart.panels[panel].layers.compactMap { layer in
        guard case .line(let x, let y) = layer.mark, layer.style.opacity >= 0.5 else { return nil }
        guard y.count > Self.linePoints, x.count == y.count else { return layer }
        let step = Double(y.count - 1) / Double(Self.linePoints - 1)
        let kept = (0..<Self.linePoints).map { Int(clamping: (Double($0) * step).rounded()) }
        var layer = layer
        layer.mark = .line(x: Values(kept.map { x[$0] }), y: Values(kept.map { y[$0] }))
        return layer
      }
    }
    return chart
  }
}
