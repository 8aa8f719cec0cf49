/// What can't pass from cell to cell because each cell is a process of its own: values that would arrive as something
/// else than they were, and static variables that several cells use.
package struct SharedState {
  private let graph: CellGraph
  private let file: String
  /// What the notebook's types store, by their names without the types around them.
  private var storedTypes: [String: [StoredType]] = [:]
  /// Whether code asks which of several equal objects one is.
  private let comparesObjects: Bool

  /// - Parameter graph: A graph that knows the types of values.
  package init(_ graph: CellGraph, file: String) {
    self.graph = graph
    self.file = file
    for declaration in graph.declarations.all.map(\.declaration) {
      for type in declaration.types { storedTypes[type.name, default: []].append(type) }
    }
    let words: Set = ["===", "!==", "ObjectIdentifier", "Unmanaged"]
    comparesObjects = graph.cells.contains { cell in
      cell.analysis.tokens.split { $0 == " " || $0 == "\n" }.contains { words.contains(String($0)) }
    }
  }

  // MARK: Values

  /// Errors of values that would be something else in the cells that use them.
  /// - Parameter users: Values that are handed on, each with who uses it.
  package func handedOn(_ users: [String: String]) -> [Diagnostic] {
    users.sorted { $0.key < $1.key }.compactMap { name, user in
      guard let definer = graph.definingCell[name], let cell = graph.cells.first(where: { $0.name == definer }),
        let value = cell.analysis.values.first(where: { $0.name == name })
      else { return nil }
      let place = cell.place(value.position, file: file)
      guard let type = graph.types[name] else {
        return .error(
          "`\(name)` can't be handed on: \(user) uses it, and its type can't be had", at: place,
          remedy: "Write its type: `let \(name): Int = …`.")
      }
      guard let (cause, remedy) = obstacle(to: name, type, of: cell) else { return nil }
      return .error("`\(name)` can't be handed on: \(user) uses it, and \(cause)", at: place, remedy: remedy)
    }
  }

  private func obstacle(to name: String, _ type: String, of cell: NotebookCell) -> (cause: String, remedy: String)? {
    let names = CellGraph.names(inType: type)
    if names.contains("some") {
      return (
        "its type `\(type)` doesn't tell which type it is", "Write the type itself: `let \(name): Name = …`."
      )
    }
    if type.contains("??") || type.contains("Optional<Optional<") {
      return ("`\(type)` isn't stored whole: `.some(nil)` would become `nil`", Self.flatOptional)
    }
    let own = Set(cell.analysis.declarations.map(\.name).filter(CellAnalysis.isPrivate))
    if let hidden = own.first(where: { own in names.contains { $0 == own || $0.hasPrefix("\(own)_") } }) {
      return (
        "its type `\(hidden)` stays in the cell \"\(cell.name)\"",
        "Only names that begin with no _ are shared: rename `\(hidden)`."
      )
    }
    let stored = stored(in: names)
    if let object = stored.first(where: { $0.isClass && !$0.isConstantClass }) {
      return (
        "`\(object.name)` is a class: each cell would get a copy of the object, not the object",
        "Make `\(object.name)` a struct, or make and use the object in one cell."
      )
    }
    if comparesObjects, let object = stored.first(where: \.isClass) {
      return (
        "`\(object.name)` is a class: each cell gets a copy of the object, which is not the same by `===`",
        "Compare what the objects hold, or make and use the object in one cell."
      )
    }
    if let nested = stored.first(where: \.hasNestedOptional) {
      return ("`\(nested.name)` has an optional of an optional: `.some(nil)` would become `nil`", Self.flatOptional)
    }
    if let partial = stored.first(where: { !$0.uncoded.isEmpty }) {
      let left = partial.uncoded.map { "`\($0)`" }.joined(separator: ", ")
      return ("the CodingKeys of `\(partial.name)` leave out \(left)", "Add \(left) to its CodingKeys.")
    }
    return nil
  }

  private static let flatOptional = "Use an optional, or an enum with three cases."

  /// The notebook's types of which a value of a type may hold something.
  private func stored(in names: [String]) -> [StoredType] {
    var seen: Set<String> = []
    var pending = names
    var result: [StoredType] = []
    while let name = pending.popLast() {
      guard seen.insert(name).inserted else { continue }
      for type in storedTypes[name] ?? [] {
        result.append(type)
        pending += type.names.sorted()
      }
    }
    return result
  }

  // MARK: Static variables

  /// Types of the system's libraries whose values are one object, whoever has them.
  private static let sharedTypes: Set = ["Mutex", "Atomic", "NSCache", "NSCountedSet", "ManagedBuffer"]

  private func isShared(_ variable: StaticVariable) -> Bool {
    variable.isVariable
      || variable.names.contains { name in
        Self.sharedTypes.contains(name) || ["NSMutable", "UnsafeMutable"].contains { name.hasPrefix($0) }
      }
      || stored(in: Array(variable.names)).contains { $0.isClass && !$0.isConstantClass }
  }

  /// Errors of static variables that several cells use, each from its first value on.
  /// - Parameter prose: What the text uses.
  package func staticVariables(prose: (needs: CellGraph.Needs, members: Set<String>)) -> [Diagnostic] {
    let shared = graph.declarations.all.filter { $0.declaration.statics.contains(where: isShared) }
    if shared.isEmpty { return [] }
    var uses = graph.cells.map { cell in
      (name: "the cell \"\(cell.name)\"", items: reached(from: cell), members: cell.analysis.members)
    }
    uses.append(("the text", prose.needs.declarations, prose.members))
    return shared.flatMap { item in
      item.declaration.statics.filter(isShared).compactMap { variable in
        let users = uses.filter { use in
          use.items.contains(item)
            && (variable.isUsedInside || item.declaration.isFunction || use.members.contains(variable.name)
              || use.items.contains { $0.declaration.usedMembers.contains(variable.name) })
        }.map(\.name)
        guard users.count > 1, let cell = graph.cells.first(where: { $0.name == item.cell }) else { return nil }
        return .error(
          "`\(variable.type).\(variable.name)` would begin anew in each cell: \(users[0]) and \(users[1]) use it",
          at: cell.place(variable.position, file: file),
          remedy: variable.isVariable
            ? "Make it `static let` if it never changes, or else use it in one cell only."
            : "Use it in one cell only, or pass a value from cell to cell.")
      }
    }
  }

  /// Declarations that a cell's statements use, its own and others'.
  private func reached(from cell: NotebookCell) -> [CellGraph.SourceDeclaration] {
    var names = Set(cell.analysis.references.keys)
    var own: [CellGraph.SourceDeclaration] = []
    var remaining = cell.analysis.declarations
    while let index = remaining.firstIndex(where: { names.contains($0.baseName) }) {
      let declaration = remaining.remove(at: index)
      names.formUnion(declaration.references)
      own.append(.init(cell: cell.name, declaration: declaration))
    }
    return own + (graph.needs[cell.name]?.declarations ?? [])
  }
}
