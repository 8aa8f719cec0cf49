import Core

/// Checks the use of values that a top-level `guard` binds.
///
/// Swift treats such a value as local to the rest of the file, although functions can use it. It rejects types that
/// use it, and with computed variables and observers it makes a program that doesn't link (6.2). In separate cells
/// all of these would work, and the notebook would differ from its script.
struct GuardedValues {
  private let guarded: Set<String>
  private let declarations: NotebookDeclarations
  private let cells: [NotebookCell]
  private let file: String

  init(_ cells: [NotebookCell], _ declarations: NotebookDeclarations, file: String) {
    guarded = Set(cells.flatMap(\.analysis.values).filter(\.isBoundByGuard).map(\.name))
    (self.cells, self.declarations, self.file) = (cells, declarations, file)
  }

  var diagnostics: [Diagnostic] {
    if guarded.isEmpty { return [] }
    return cells.flatMap { cell in
      let declared = cell.analysis.declarations.compactMap { declaration -> Diagnostic? in
        guard !declaration.isFunction, !declaration.isOperator, !declaration.isAlias else { return nil }
        return error(declaration.name, declaration.references, at: cell.place(declaration.position, file: file))
      }
      let observed = cell.analysis.observers.sorted { $0.key < $1.key }.compactMap { name, observer in
        error(name, observer.references, at: cell.place(observer.position, file: file))
      }
      return declared + observed
    }
  }

  private func error(_ name: String, _ references: Set<String>, at place: Place) -> Diagnostic? {
    guard let (value, function) = use(in: references) else { return nil }
    let way = function.map { " by `\($0)`" } ?? ""
    return .error(
      "`\(name)` uses `\(value)`\(way), which a `guard` binds: types, computed variables "
        + "and observers can't", at: place,
      remedy: "Copy it above, `let \(value)Copy = \(value)`, and use the copy; or make it a function.")
  }

  /// The guarded value that code with these references uses, and the function through which it does; nil for none.
  private func use(in references: Set<String>) -> (value: String, function: String?)? {
    if let value = references.intersection(guarded).min() { return (value, nil) }
    var seen = references
    var pending = references.sorted().map { (name: $0, function: $0) }
    while let (name, function) = pending.popLast() {
      for number in declarations.named[name] ?? [] {
        let declaration = declarations.all[number].declaration
        guard declaration.isFunction else { continue }
        if let value = declaration.references.intersection(guarded).min() { return (value, function) }
        pending += declaration.references.sorted().filter { seen.insert($0).inserted }.map { ($0, function) }
      }
    }
    return nil
  }
}
