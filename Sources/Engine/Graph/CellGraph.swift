import Core

/// The dependencies between a notebook's cells. A pure function of the cells' analyses.
package struct CellGraph: Sendable {
  /// A declaration and the cell that contains it.
  package struct SourceDeclaration: Hashable, Sendable {
    package var cell: String
    package var declaration: CellAnalysis.Declaration
  }

  /// The values and declarations that a cell, or a piece of prose, takes from the notebook's cells.
  package struct Needs: Hashable, Sendable {
    /// The handed-on values by name, each with the name of the cell that defines it.
    package var values: [String: String] = [:]
    /// The declarations of other cells, in the notebook's order.
    package var declarations: [SourceDeclaration] = []
    package var parameters: Set<String> = []
    /// Values that stay in their cell although declarations of other cells use them: name and declaration.
    package var withheld: [String: SourceDeclaration] = [:]
    /// Values that are defined further down although declarations of other cells use them: name and declaration.
    package var early: [String: SourceDeclaration] = [:]
    /// The cells whose values are needed directly.
    package var cells: Set<String> { Set(values.values) }
  }

  /// The needs of each cell, by its name.
  package private(set) var needs: [String: Needs] = [:]
  /// The cell that defines each top-level value or declaration that other cells can see.
  package private(set) var definingCell: [String: String] = [:]
  package private(set) var diagnostics: [Diagnostic] = []
  let cells: [NotebookCell]
  private let order: [String: Int]
  let types: [String: String]
  let declarations: NotebookDeclarations
  /// The first cell that defines a value of this name, and its place in the notebook.
  private var definingValues: [String: (cell: String, order: Int)] = [:]
  /// Whether a name that other cells can see belongs to functions.
  private var isFunction: [String: Bool] = [:]

  /// - Parameter types: Swift types of top-level values by name, as far as known. A cell that takes in a value also
  ///   needs the declarations that the value's type names.
  package init(_ cells: [NotebookCell], file: String, types: [String: String] = [:]) {
    self.cells = cells
    self.types = types
    order = Dictionary(uniqueKeysWithValues: cells.enumerated().map { ($1.name, $0) })
    declarations = NotebookDeclarations(cells)
    for (order, cell) in cells.enumerated() {
      for value in cell.analysis.values where definingValues[value.name] == nil {
        definingValues[value.name] = (cell.name, order)
      }
    }
    for cell in cells {
      define(cell, file: file)
    }
    for cell in cells {
      needs[cell.name] = needs(of: cell.analysis, in: cell.name, before: order[cell.name] ?? 0)
      checkUses(in: cell, file: file)
    }
    diagnostics += GuardedValues(cells, declarations, file: file).diagnostics
  }

  /// The values and declarations that code at a place in the notebook needs.
  /// - Parameters:
  ///   - analysis: The code's analysis.
  ///   - name: The cell that contains the code; nil for prose.
  ///   - index: The number of the first cell whose values the code can't use.
  package func needs(of analysis: CellAnalysis, in name: String?, before index: Int) -> Needs {
    var result = Needs()
    // Other cells may overload a function that the cell itself declares.
    let own = Set(
      analysis.values.map(\.name)
        + analysis.declarations.filter { !$0.isExtension && !$0.isFunction }.map(\.name))
    var pending = Set(analysis.references.keys)
    for declaration in analysis.declarations {
      pending.formUnion(declaration.references)
      result.parameters.formUnion(declaration.parameters)
    }
    var reach = ExtensionReach(
      declarations: declarations, names: pending.intersection(own), members: analysis.members)
    for declaration in analysis.declarations { reach.take(declaration) }
    pending.subtract(own)
    result.parameters.formUnion(analysis.parameters)

    var used: Set<Int> = []
    func take(_ number: Int) -> Set<String> {
      let item = declarations.all[number]
      guard item.cell != name, used.insert(number).inserted else { return [] }
      reach.take(item.declaration)
      result.parameters.formUnion(item.declaration.parameters)
      for reference in item.declaration.references {
        if isWithheld(reference, in: item.cell) { result.withheld[reference] = item }
        // Inside a type, a name may be an inherited member's.
        if let definer = definingValues[reference], definer.order >= index, definer.cell != name,
          !CellAnalysis.isPrivate(reference), !item.declaration.hasMembers
        {
          result.early[reference] = item
        }
      }
      return Set(item.declaration.references.map { NotebookDeclarations.key($0, in: item.cell) })
    }
    while !pending.isEmpty {
      var next: Set<String> = []
      for reference in pending where reach.names.insert(reference).inserted {
        if let cell = definingValue(reference, before: index), cell != name, !CellAnalysis.isPrivate(reference) {
          result.values[reference] = cell
          next.formUnion(Self.names(inType: types[reference] ?? ""))
        }
        for number in declarations.named[reference] ?? [] { next.formUnion(take(number)) }
      }
      // Each extension that is taken can make another one matter.
      var isComplete = false
      while !isComplete {
        let matching = declarations.extensions.filter {
          !used.contains($0) && declarations.all[$0].cell != name && reach.matters(declarations.all[$0].declaration)
        }
        for number in matching { next.formUnion(take(number)) }
        isComplete = matching.isEmpty
      }
      pending = next.subtracting(reach.names)
    }
    result.declarations = used.sorted().map { declarations.all[$0] }
    return result
  }

  private func definingValue(_ name: String, before index: Int) -> String? {
    definingValues[name].flatMap { $0.order < index ? $0.cell : nil }
  }

  private func isWithheld(_ name: String, in cell: String) -> Bool {
    CellAnalysis.isPrivate(name)
      && self.cell(named: cell)?.analysis.values.contains { $0.name == name } ?? false
  }

  /// The names in the text of a type: `String` and `Point` and `Float` for `[String: Point<Float>]`.
  package static func names(inType text: String) -> [String] {
    text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
  }

  /// All cells that must run before `name`, the nearest last.
  package func ancestors(of name: String) -> [String] {
    var found: Set<String> = []
    var pending = Array(needs[name]?.cells ?? [])
    while let cell = pending.popLast() {
      if found.insert(cell).inserted { pending += needs[cell]?.cells ?? [] }
    }
    return inOrder(found)
  }

  /// Names of cells, sorted by the cells' places in the notebook.
  func inOrder(_ names: Set<String>) -> [String] {
    names.sorted { (order[$0] ?? 0) < (order[$1] ?? 0) }
  }

  /// The cell with this name.
  func cell(named name: String) -> NotebookCell? { order[name].map { cells[$0] } }

  private mutating func define(_ cell: NotebookCell, file: String) {
    if let position = cell.analysis.deferred {
      diagnostics.append(.deferAtTopLevel(at: cell.place(position, file: file)))
    }
    let values = cell.analysis.values.map { ($0.name, $0.position) }
    // Functions and operators may be overloaded in any cell (the compiler checks them), and extensions define no
    // name.
    var declared: Set<String> = []
    let functions = Set(cell.analysis.declarations.filter(\.isFunction).map(\.name))
    let declarations = cell.analysis.declarations
      .filter { !$0.isExtension && !$0.isOperator && declared.insert($0.name).inserted }
      .map { ($0.name, $0.position) }
    for (name, position) in values + declarations where !CellAnalysis.isPrivate(name) {
      if name == "params" {
        diagnostics.append(.nameOfParameters(at: cell.place(position, file: file)))
      } else if functions.contains(name), isFunction[name] != false {
        definingCell[name] = definingCell[name] ?? cell.name
        isFunction[name] = true
      } else if let first = definingCell[name], first != cell.name {
        diagnostics.append(.definedTwice(name, first: first, at: cell.place(position, file: file)))
      } else {
        definingCell[name] = cell.name
        isFunction[name] = false
      }
    }
  }

  private mutating func checkUses(in cell: NotebookCell, file: String) {
    let index = order[cell.name] ?? 0
    let own = Set(cell.analysis.values.map(\.name) + cell.analysis.declarations.map(\.name))
    for (name, position) in cell.analysis.references.sorted(by: { ($0.value.line, $0.key) < ($1.value.line, $1.key) })
    where !own.contains(name) {
      if CellAnalysis.isPrivate(name), let definer = cells.first(where: { $0.defines(name) }) {
        diagnostics.append(.privateName(name, of: definer.name, at: cell.place(position, file: file)))
        continue
      }
      if let definer = definingCell[name], let place = order[definer], place > index,
        cells[place].analysis.values.contains(where: { $0.name == name })
      {
        diagnostics.append(
          .usedBefore(name, definedIn: definer, line: cells[place].line, at: cell.place(position, file: file)))
      }
    }
    for (name, position) in cell.analysis.assignments.sorted(by: { $0.key < $1.key }) {
      guard let definer = needs[cell.name]?.values[name], !own.contains(name) else { continue }
      diagnostics.append(.change(of: name, ownedBy: definer, at: cell.place(position, file: file)))
    }
    checkPrivateNames(in: cell, file: file)
  }

  /// Checks the private names that are used by declarations which the cell takes from others.
  private mutating func checkPrivateNames(in cell: NotebookCell, file: String) {
    guard let needs = needs[cell.name] else { return }
    for (name, item) in needs.early.sorted(by: { $0.key < $1.key }) {
      guard let definer = definingValues[name] else { continue }
      let position = cell.analysis.references[item.declaration.name]
      diagnostics.append(
        .neededBefore(
          name, by: item.declaration.name, definedIn: definer.cell, line: cells[definer.order].line,
          at: position.map { cell.place($0, file: file) } ?? cell.place(in: file)))
    }
    for (name, item) in needs.withheld.sorted(by: { $0.key < $1.key }) {
      diagnostics.append(.withheld(name, from: item, for: cell.name, at: place(of: item, file: file)))
    }
    var owners: [String: String] = [:]
    for declaration in cell.analysis.declarations { owners[declaration.name] = cell.name }
    for item in needs.declarations
    where CellAnalysis.isPrivate(item.declaration.name) && !item.declaration.isExtension {
      let name = item.declaration.name
      guard let first = owners.updateValue(item.cell, forKey: name), first != item.cell else { continue }
      diagnostics.append(
        .privateNameOfTwoCells(name, item.cell, first, neededIn: cell.name, at: place(of: item, file: file)))
    }
  }

  package func place(of item: SourceDeclaration, file: String) -> Place {
    cell(named: item.cell)?.place(item.declaration.position, file: file) ?? Place(file: file)
  }
}

extension NotebookCell {
  fileprivate func defines(_ name: String) -> Bool {
    analysis.values.contains { $0.name == name } || analysis.declarations.contains { $0.name == name }
  }
}
