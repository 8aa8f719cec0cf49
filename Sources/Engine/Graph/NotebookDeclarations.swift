/// The top-level declarations of a notebook's cells in order, found by name.
package struct NotebookDeclarations: Sendable {
  package private(set) var all: [CellGraph.SourceDeclaration] = []
  /// Places in `all` of what a name can refer to from another cell.
  package private(set) var named: [String: [Int]] = [:]
  /// Places in `all` of extensions.
  package private(set) var extensions: [Int] = []

  package init(_ cells: [NotebookCell]) {
    for cell in cells {
      for declaration in cell.analysis.declarations {
        if declaration.isExtension {
          extensions.append(all.count)
        } else if !CellAnalysis.isPrivate(declaration.name) {
          named[declaration.name, default: []].append(all.count)
        }
        all.append(CellGraph.SourceDeclaration(cell: cell.name, declaration: declaration))
      }
    }
  }

  /// Whether the notebook itself declares what `name` stands for, and not merely another name for something.
  package func declares(_ name: String) -> Bool {
    guard let places = named[name] else { return false }
    return !places.contains { all[$0].declaration.isAlias }
  }
}
