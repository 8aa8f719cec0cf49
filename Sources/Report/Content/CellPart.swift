import Engine

/// A part of a cell in a report. All formats show the same parts in the same order; a format decides only how they
/// look.
package enum CellPart: Sendable {
  case source
  /// A badge: the result belongs to an earlier version of the cell or of its inputs.
  case stale
  /// A badge: the result is pinned. The text says when and where it was made.
  case pinned(String)
  /// An output, identified by its index among the cell's outputs.
  case output(Int)
  case failure(CellFailure)
  /// A notice: the cell did not run because of these cells.
  case notRun(needs: [String])
}

extension CellReport {
  /// Whether the report shows any part of the cell, so that links can lead to it.
  package var hasParts: Bool {
    let isNoticed = failure != nil || (state.isNotRun && options.evaluate)
    let isMarked = options.echo || state == .stale || pinned != nil
    return isNoticed || (options.include && (isMarked || (options.output && !outputs.isEmpty)))
  }
}

extension ReportContent {
  /// The parts that the report shows of a cell, in order.
  package func parts(of cell: CellReport) -> [CellPart] {
    var parts: [CellPart] = []
    let isSeen = cell.showsOutput || cell.options.include
    if cell.options.include, cell.options.echo { parts.append(.source) }
    if cell.state == .stale, isSeen { parts.append(.stale) }
    if let origin = cell.pinned, isSeen {
      let place = [origin.host, origin.processor].compactMap { $0 }.joined(separator: ", ")
      parts.append(.pinned(words.pinned(date: words.date(String(origin.date.prefix(10))), place: place)))
    }
    if cell.showsOutput { parts += cell.outputs.indices.map(CellPart.output) }
    if let failure = cell.failure { parts.append(.failure(failure)) }
    if cell.state.isNotRun, cell.options.evaluate { parts.append(.notRun(needs: cell.needs)) }
    return parts
  }
}
