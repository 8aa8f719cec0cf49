import Core

/// What runs as one process: a cell, or inline expressions of the prose together.
struct RunUnit: Sendable {
  var name: String
  var needs: CellGraph.Needs
  /// Its tokens: what counts in its key.
  var code: String
  /// Its source, to be shown when its code changed.
  var source: String
  /// Files that it reads by other ways than Labbook's loaders.
  var depends: [String] = []
  /// Files that it makes.
  var writes: [String] = []
  /// Seconds; nil for the run's own limit.
  var timeout: Double?
  /// What it asks for where it is a job.
  var resources: CellResources?
  var isPinned = false
  /// Whether its `error` option is set.
  var expectsFailure = false
  /// Names of the values that it gives.
  var values: [String] = []
  /// Where it stands in the Markdown file.
  var place: Place?
  var program: CellProgram
}

extension CheckedNotebook {
  func unit(of cell: NotebookCell) -> RunUnit {
    let needs = graph.needs[cell.name] ?? CellGraph.Needs()
    return RunUnit(
      name: cell.name, needs: needs, code: cell.analysis.tokens, source: cell.source, depends: cell.options.depends,
      writes: cell.options.writes, timeout: cell.options.timeout,
      resources: cell.options.resources, isPinned: cell.options.pinned,
      expectsFailure: cell.options.error, values: cell.analysis.values.map(\.name),
      place: cell.place(in: notebook.file), program: CellProgram(cell, of: notebook, needs: needs, types: types))
  }

  /// The prose's own unit.
  func unit(of items: [NotebookProse.Item]) -> RunUnit {
    RunUnit(
      name: Self.proseName, needs: NotebookProse.needs(of: items),
      code: items.map { "\($0.expression.index) \($0.analysis.tokens)" }.joined(separator: "\n"),
      source: items.map(\.expression.source).joined(separator: "\n"), program: proseProgram(items))
  }
}
