/// Finds state that can't pass between cells because each cell is a process of its own: values that would change when
/// they are encoded and decoded, and static variables that several cells use.
package struct SharedState {
  private let graph: CellGraph
  private let file: String
  /// The stored content of the notebook's types, by their names without the types around them.
  private var storedTypes: [String: [StoredType]] = [:]
  /// Whether any code compares objects by identity (`===`, `ObjectIdentifier`).
  private let comparesObjects: Bool

  /// - Parameter graph: A graph that was made with the types of values.
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

  /// Errors of values whose content would differ in the cells that use them.
  /// - Parameter users: The values that are handed on, each with a description of the code that uses it.
  package func handedOn(_ users: [String: String]) -> [Diagnostic] {
    users.sorted { $0.key < $1.key }.compactMap { name, user in
      guard let definer = graph.definingCell[name], let cell = graph.cell(named: definer),
        let value = cell.analysis.values.first(where: { $0.name == name })
      else { return nil }
      let place = cell.place(value.position, file: file)
      guard let type = graph.types[name] else {
        return .error(
          "`\(name)` can't be handed on: \(user) uses it, and its type is unknown", at: place,
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
        "its type `\(type)` hides the value's concrete type", "Write the type itself: `let \(name): Name = …`."
      )
    }
    if type.contains("??") || type.contains("Optional<Optional<") {
      return ("`\(type)` isn't stored whole: `.some(nil)` would become `nil`", Self.flatOptional)
    }
    let own = Set(cell.analysis.declarations.map(\.name).filter(CellAnalysis.isPrivate))
    if let hidden = own.first(where: { own in names.contains { $0 == own || $0.hasPrefix("\(own)_") } }) {
      return (
        "its type `\(hidden)` stays in the cell \"\(cell.name)\"",
        "Names that begin with _ are private to their cell: rename `\(hidden)`."
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

  /// The notebook's types that a value of one of these types may store.
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

  /// System types with reference semantics: a copy in another process would be another object.
  private static let sharedTypes: Set = ["Mutex", "Atomic", "NSCache", "NSCountedSet", "ManagedBuffer"]

  private func isShared(_ variable: StaticVariable) -> Bool {
    variable.isVariable
      || variable.names.contains { name in
        Self.sharedTypes.contains(name) || ["NSMutable", "UnsafeMutable"].contains { name.hasPrefix($0) }
      }
      || stored(in: Array(variable.names)).contains { $0.isClass && !$0.isConstantClass }
  }

  /// Errors of static variables that several cells use: each cell would start from the initial value.
  /// - Parameter prose: The needs of the prose's expressions.
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
        guard users.count > 1, let cell = graph.cell(named: item.cell) else { return nil }
        return .error(
          "`\(variable.type).\(variable.name)` would start from its initial value in each cell: \(users[0]) and "
            + "\(users[1]) use it",
          at: cell.place(variable.position, file: file),
          remedy: variable.isVariable
            ? "Make it `static let` if it never changes, or else use it in one cell only."
            : "Use it in one cell only, or pass a value from cell to cell.")
      }
    }
  }

  // MARK: The process

  /// Functions that change the process, and functions that observe the change; no readers where any code may observe
  /// it.
  private static let processChanges: [(changes: Set<String>, readers: Set<String>)] = [
    (["setenv", "putenv", "unsetenv"], ["getenv", "environment"]),
    (["chdir", "changeCurrentDirectoryPath"], []),
    (["srand", "srandom", "srand48"], ["rand", "random", "drand48", "lrand48", "mrand48"]),
    (["umask"], []), (["setlocale"], []),
  ]

  /// Warnings of changes to the process that later cells don't see.
  package func processChanges() -> [Diagnostic] {
    graph.cells.enumerated().flatMap { index, cell in
      Self.processChanges.compactMap { changes, readers in
        let used = changes.filter { cell.analysis.references[$0] != nil || cell.analysis.members.contains($0) }
        let later = graph.cells[(index + 1)...].first { later in
          readers.isEmpty
            || readers.contains { later.analysis.references[$0] != nil || later.analysis.members.contains($0) }
        }
        guard let name = used.min(), let later else { return nil }
        let position = cell.analysis.references[name]
        return .warning(
          "what `\(name)` changes ends with the cell \"\(cell.name)\": \"\(later.name)\" is a process of its own",
          at: position.map { cell.place($0, file: file) } ?? cell.place(in: file),
          remedy: "Make the change in every cell that needs it.")
      }
    }
  }

  /// The declarations that a cell's statements use, its own and other cells'.
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
