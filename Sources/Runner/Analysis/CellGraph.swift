import Core

/// Which cell needs what of which: a pure function of the cells' analyses.
struct CellGraph: Sendable {
  /// A declaration and the cell it stands in.
  struct SourceDeclaration: Hashable, Sendable {
    var cell: String
    var declaration: CellAnalysis.Declaration
  }

  /// What a cell, or a piece of prose, takes from the notebook's cells.
  struct Needs: Hashable, Sendable {
    /// Handed-on values by name, with the cell that defines each.
    var values: [String: String] = [:]
    /// Declarations of other cells, in the notebook's order.
    var declarations: [SourceDeclaration] = []
    var parameters: Set<String> = []
    /// Cells whose values are needed, directly.
    var cells: Set<String> { Set(values.values) }
  }

  /// Needs by cell name.
  private(set) var needs: [String: Needs] = [:]
  /// The cell that defines each top-level value or declaration that other cells can see.
  private(set) var definingCell: [String: String] = [:]
  private(set) var diagnostics: [Diagnostic] = []
  private let cells: [NotebookCell]
  private let order: [String: Int]
  private let types: [String: String]

  /// - Parameter types: Swift types of top-level values by name, as far as known: who takes in a value needs the
  ///   declarations that its type names.
  init(_ cells: [NotebookCell], file: String, types: [String: String] = [:]) {
    self.cells = cells
    self.types = types
    order = Dictionary(uniqueKeysWithValues: cells.enumerated().map { ($1.name, $0) })
    for cell in cells {
      define(cell, file: file)
    }
    for cell in cells {
      needs[cell.name] = needs(of: cell.analysis, in: cell.name, before: order[cell.name] ?? 0)
      checkUses(in: cell, file: file)
    }
  }

  /// What code at a place in the notebook needs.
  /// - Parameters:
  ///   - analysis: The code's analysis.
  ///   - name: The cell it stands in, nil for prose.
  ///   - index: Cells from this one on can't hand values to it.
  func needs(of analysis: CellAnalysis, in name: String?, before index: Int) -> Needs {
    var result = Needs()
    let own = Set(analysis.values.map(\.name) + analysis.declarations.filter { !$0.isExtension }.map(\.name))
    var pending = Set(analysis.references.keys)
    var members = analysis.members
    for declaration in analysis.declarations {
      pending.formUnion(declaration.references)
      result.parameters.formUnion(declaration.parameters)
    }
    pending.subtract(own)
    result.parameters.formUnion(analysis.parameters)

    var used: Set<SourceDeclaration> = []
    var seen: Set<String> = []
    while !pending.isEmpty {
      var next: Set<String> = []
      for reference in pending where seen.insert(reference).inserted {
        for (position, cell) in cells.enumerated() where cell.name != name {
          if position < index, cell.analysis.values.contains(where: { $0.name == reference }),
            !CellAnalysis.isPrivate(reference)
          {
            result.values[reference] = cell.name
            next.formUnion(Self.names(inType: types[reference] ?? ""))
          }
          for declaration in cell.analysis.declarations
          where !declaration.isExtension && declaration.name == reference && !CellAnalysis.isPrivate(reference) {
            take(declaration, of: cell.name)
          }
        }
      }
      for cell in cells where cell.name != name {
        for declaration in cell.analysis.declarations where declaration.isExtension {
          // An extension can matter to code that never names it, so what it offers decides.
          if declaration.addsConformance || !declaration.members.isDisjoint(with: members) {
            take(declaration, of: cell.name)
          }
        }
      }
      pending = next

      func take(_ declaration: CellAnalysis.Declaration, of cell: String) {
        guard used.insert(SourceDeclaration(cell: cell, declaration: declaration)).inserted else { return }
        next.formUnion(declaration.references)
        members.formUnion(declaration.members)
        result.parameters.formUnion(declaration.parameters)
      }
    }
    result.declarations = used.sorted {
      (order[$0.cell] ?? 0, $0.declaration.position.line, $0.declaration.position.column)
        < (order[$1.cell] ?? 0, $1.declaration.position.line, $1.declaration.position.column)
    }
    return result
  }

  /// The names in a type's text: `[String: Point<Float>]` has `String`, `Point` and `Float`.
  private static func names(inType text: String) -> [String] {
    text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
  }

  /// All cells that must have run before `name` can, nearest last.
  func ancestors(of name: String) -> [String] {
    var found: Set<String> = []
    var pending = Array(needs[name]?.cells ?? [])
    while let cell = pending.popLast() {
      if found.insert(cell).inserted { pending += needs[cell]?.cells ?? [] }
    }
    return cells.map(\.name).filter(found.contains)
  }

  private mutating func define(_ cell: NotebookCell, file: String) {
    let values = cell.analysis.values.map { ($0.name, $0.position) }
    // Functions may be overloaded within a cell, and extensions define no name.
    var declared: Set<String> = []
    let declarations = cell.analysis.declarations
      .filter { !$0.isExtension && declared.insert($0.name).inserted }
      .map { ($0.name, $0.position) }
    for (name, position) in values + declarations where !CellAnalysis.isPrivate(name) {
      if name == "params" {
        diagnostics.append(
          .error(
            "the name `params` belongs to the notebook's parameters", at: cell.place(position, file: file),
            remedy: "Choose another name."))
      } else if let first = definingCell[name], first != cell.name {
        diagnostics.append(
          .error(
            "`\(name)` is already defined in the cell \"\(first)\"", at: cell.place(position, file: file),
            remedy: "A notebook is one Swift file. Rename it, or begin its name with _ to keep it in its cell."))
      } else {
        definingCell[name] = cell.name
      }
    }
  }

  private mutating func checkUses(in cell: NotebookCell, file: String) {
    let index = order[cell.name] ?? 0
    let own = Set(cell.analysis.values.map(\.name) + cell.analysis.declarations.map(\.name))
    for (name, position) in cell.analysis.references.sorted(by: { ($0.value.line, $0.key) < ($1.value.line, $1.key) })
    where !own.contains(name) {
      if let definer = definingCell[name], let place = order[definer], place > index,
        cells[place].analysis.values.contains(where: { $0.name == name })
      {
        diagnostics.append(
          .error(
            "`\(name)` is used before the cell \"\(definer)\" defines it", at: cell.place(position, file: file),
            remedy: "Move this cell below line \(cells[place].line)."))
      }
    }
    for (name, position) in cell.analysis.assignments.sorted(by: { $0.key < $1.key }) {
      guard let definer = needs[cell.name]?.values[name], !own.contains(name) else { continue }
      diagnostics.append(
        .error(
          "`\(name)` belongs to the cell \"\(definer)\" and can't be changed here",
          at: cell.place(position, file: file),
          remedy: "Values pass from cell to cell unchanged. Copy it: `var \(name)2 = \(name)`."))
    }
  }
}
