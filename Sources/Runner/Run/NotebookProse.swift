/// The inline expressions of a notebook's prose, which together run as one cell after all others.
struct NotebookProse: Sendable {
  struct Item: Sendable {
    var expression: InlineExpression
    var analysis: CellAnalysis
    var needs: CellGraph.Needs
  }

  var items: [Item]
  var diagnostics: [Diagnostic]

  init(_ notebook: Notebook, _ graph: CellGraph) {
    items = []
    diagnostics = []
    for expression in notebook.document.expressions {
      let analysis = SwiftCellAnalyser.analyse(expression.source)
      diagnostics += analysis.syntaxErrors.map { error in
        .error(
          error.message,
          at: notebook.document.place(
            SourcePosition(
              line: expression.position.line, column: expression.position.column + error.position.column - 1)))
      }
      let needs = graph.needs(of: analysis, in: nil, before: notebook.cells.count)
      items.append(Item(expression: expression, analysis: analysis, needs: needs))
    }
  }

  /// What these expressions need together.
  static func needs(of items: [Item]) -> CellGraph.Needs {
    var needs = CellGraph.Needs()
    for item in items {
      needs.values.merge(item.needs.values) { first, _ in first }
      for declaration in item.needs.declarations where !needs.declarations.contains(declaration) {
        needs.declarations.append(declaration)
      }
      needs.parameters.formUnion(item.needs.parameters)
    }
    return needs
  }
}
