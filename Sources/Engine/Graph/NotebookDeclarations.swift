/// The top-level declarations of a notebook's cells in order, found by name.
package struct NotebookDeclarations: Sendable {
  package private(set) var all: [CellGraph.SourceDeclaration] = []
  /// Indices into `all` of the declarations that a name can refer to. Private names are stored under `key`.
  package private(set) var named: [String: [Int]] = [:]
  /// Indices into `all` of the extensions.
  package private(set) var extensions: [Int] = []

  package init(_ cells: [NotebookCell]) {
    for cell in cells {
      for declaration in cell.analysis.declarations {
        if declaration.isExtension, !CellAnalysis.isPrivate(declaration.baseName) {
          extensions.append(all.count)
        } else {
          // Only its own cell can use a private type, so its extensions are taken together with it.
          named[Self.key(declaration.baseName, in: cell.name), default: []].append(all.count)
        }
        all.append(CellGraph.SourceDeclaration(cell: cell.name, declaration: declaration))
      }
    }
  }

  /// The key for a name in a cell: private names (`_x`) of two cells have different keys.
  package static func key(_ name: String, in cell: String?) -> String {
    CellAnalysis.isPrivate(name) ? "\(name) \(cell ?? "")" : name
  }

  /// Whether the notebook itself declares the type `name`; a type alias alone doesn't count.
  package func declares(_ name: String) -> Bool {
    guard let places = named[name] else { return false }
    return !places.contains { all[$0].declaration.isAlias }
  }
}
