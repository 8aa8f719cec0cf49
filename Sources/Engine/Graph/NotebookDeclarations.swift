/// The top-level declarations of a notebook's cells in order, found by name.
package struct NotebookDeclarations: Sendable {
  package private(set) var all: [CellGraph.SourceDeclaration] = []
  /// Places in `all` of what a name can refer to. Names that begin with an underscore are kept by `key`.
  package private(set) var named: [String: [Int]] = [:]
  /// Places in `all` of extensions.
  package private(set) var extensions: [Int] = []

  package init(_ cells: [NotebookCell]) {
    for cell in cells {
      for declaration in cell.analysis.declarations {
        if declaration.isExtension, !CellAnalysis.isPrivate(declaration.baseName) {
          extensions.append(all.count)
        } else {
          // Nobody else's code can matter to a type of one cell, so its extensions go with it.
          named[Self.key(declaration.baseName, in: cell.name), default: []].append(all.count)
        }
        all.append(CellGraph.SourceDeclaration(cell: cell.name, declaration: declaration))
      }
    }
  }

  /// What a name stands for in a cell: another cell's `_x` is another `_x`.
  package static func key(_ name: String, in cell: String?) -> String {
    CellAnalysis.isPrivate(name) ? "\(name) \(cell ?? "")" : name
  }

  /// Whether the notebook itself declares what `name` stands for, and not merely another name for something.
  package func declares(_ name: String) -> Bool {
    guard let places = named[name] else { return false }
    return !places.contains { all[$0].declaration.isAlias }
  }
}
