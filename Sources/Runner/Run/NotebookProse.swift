/// The inline expressions of a notebook's prose, which together run as one cell after all others.
struct NotebookProse: Sendable {
  struct Item: Sendable {
    var expression: InlineExpression
    var analysis: CellAnalysis
    var needs: CellGraph.Needs
  }

  var items: [Item]

  init(_ notebook: Notebook, _ graph: CellGraph) {
    items = []
    for expression in notebook.document.expressions {
      let analysis = SwiftCellAnalyser.analyse(expression.source)
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
