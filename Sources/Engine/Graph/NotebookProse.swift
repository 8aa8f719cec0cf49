import Markup

/// The inline expressions of a notebook's prose. Together they run as one cell after all others.
package struct NotebookProse: Sendable {
  package struct Item: Sendable {
    package var expression: InlineExpression
    package var analysis: CellAnalysis
    package var needs: CellGraph.Needs
  }

  package var items: [Item]

  package init(_ notebook: Notebook, _ graph: CellGraph) {
    items = []
    for expression in notebook.document.expressions {
      let analysis = SwiftCellAnalyser.analyse(expression.source)
      let needs = graph.needs(of: analysis, in: nil, before: notebook.cells.count)
      items.append(Item(expression: expression, analysis: analysis, needs: needs))
    }
  }

  /// Every name that follows a dot in the expressions.
  package var members: Set<String> { items.reduce(into: []) { $0.formUnion($1.analysis.members) } }

  /// The needs of these expressions together.
  package static func needs(of items: [Item]) -> CellGraph.Needs {
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
