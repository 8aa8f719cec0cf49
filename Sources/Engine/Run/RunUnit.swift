import Core

/// A unit that runs as one process: a cell, or the prose's inline expressions together.
struct RunUnit: Sendable {
  /// The part of the notebook that the unit runs.
  enum Part: Sendable {
    case cell(NotebookCell)
    case prose([NotebookProse.Item])
  }

  var part: Part
  var name: String
  var needs: CellGraph.Needs
  /// The unit's tokens, which are a part of its key.
  var code: String
  /// The unit's source, which is shown when its code changed.
  var source: String
  /// Files that the unit reads without Labbook's loaders.
  var depends: [String] = []
  /// Files that the unit writes.
  var writes: [String] = []
  /// The time limit in seconds; nil for the run's own limit.
  var timeout: Double?
  /// The resources that the cell requests as a job.
  var resources: CellResources?
  var isPinned = false
  /// Whether its `error` option is set.
  var expectsFailure = false
  /// The names of the values that the unit hands on.
  var values: [String] = []
  /// The unit's place in the Markdown file.
  var place: Place?
}

extension CheckedNotebook {
  func unit(of cell: NotebookCell) -> RunUnit {
    let needs = graph.needs[cell.name] ?? CellGraph.Needs()
    return RunUnit(
      part: .cell(cell), name: cell.name, needs: needs, code: cell.analysis.tokens, source: cell.source, depends: cell.options.depends,
      writes: cell.options.writes, timeout: cell.options.timeout,
      resources: cell.options.resources, isPinned: cell.options.pinned,
      expectsFailure: cell.options.error, values: cell.analysis.values.map(\.name),
      place: cell.place(in: notebook.file))
  }

  /// The unit of these inline expressions.
  func unit(of items: [NotebookProse.Item]) -> RunUnit {
    RunUnit(
      part: .prose(items), name: Self.proseName, needs: NotebookProse.needs(of: items),
      code: items.map { "\($0.expression.index) \($0.analysis.tokens)" }.joined(separator: "\n"),
      source: items.map(\.expression.source).joined(separator: "\n"))
  }

  /// The unit's source text for the compiler. The unit's key doesn't need it.
  func program(of unit: RunUnit) -> CellProgram {
    switch unit.part {
    case .cell(let cell): CellProgram(cell, of: notebook, needs: unit.needs, types: types)
    case .prose(let items): proseProgram(items)
    }
  }
}
