import Core

/// The errors in the dependencies between cells.
extension Diagnostic {
  static func deferAtTopLevel(at place: Place) -> Diagnostic {
    .error(
      "`defer` at a cell's top level would wait for the end of the whole notebook", at: place,
      remedy: "Put it into a block of its own, `do { … }`, or write its statements where the cell ends.")
  }

  static func nameOfParameters(at place: Place) -> Diagnostic {
    .error(
      "the name `params` belongs to the notebook's parameters", at: place, remedy: "Choose another name.")
  }

  static func definedTwice(_ name: String, first cell: String, at place: Place) -> Diagnostic {
    .error(
      "`\(name)` is already defined in the cell \"\(cell)\"", at: place,
      remedy: "A notebook is one Swift file. Rename it, or begin its name with _ to keep it in its cell.")
  }

  static func privateName(_ name: String, of cell: String, at place: Place) -> Diagnostic {
    .error(
      "`\(name)` stays in the cell \"\(cell)\"", at: place,
      remedy: "Names that begin with _ are private to their cell: rename it.")
  }

  /// - Parameter line: The line of the cell that defines the name.
  static func usedBefore(_ name: String, definedIn cell: String, line: Int, at place: Place) -> Diagnostic {
    .error(
      "`\(name)` is used before the cell \"\(cell)\" defines it", at: place, remedy: moveBelow(line))
  }

  /// A declaration that the cell uses needs a value of a later cell.
  /// - Parameter line: The line of the cell that defines the value.
  static func neededBefore(
    _ name: String, by declaration: String, definedIn cell: String, line: Int, at place: Place
  ) -> Diagnostic {
    .error(
      "`\(declaration)` needs `\(name)`, which the cell \"\(cell)\" defines only later", at: place,
      remedy: moveBelow(line))
  }

  private static func moveBelow(_ line: Int) -> String { "Move this cell below line \(line)." }

  /// Code would change another cell's value.
  static func change(of name: String, ownedBy cell: String, at place: Place) -> Diagnostic {
    .error(
      "`\(name)` belongs to the cell \"\(cell)\" and can't be changed here", at: place,
      remedy: "Values pass from cell to cell unchanged. Copy it: `var \(name)2 = \(name)`.")
  }

  /// A declaration of another cell needs a private name of that cell.
  static func withheld(
    _ name: String, from item: CellGraph.SourceDeclaration, for cell: String, at place: Place
  ) -> Diagnostic {
    .error(
      "`\(item.declaration.name)`, which the cell \"\(cell)\" uses, needs `\(name)`, which stays in the cell "
        + "\"\(item.cell)\"", at: place,
      remedy: "Names that begin with _ are private to their cell: rename `\(name)`.")
  }

  static func privateNameOfTwoCells(
    _ name: String, _ cell: String, _ other: String, neededIn user: String, at place: Place
  ) -> Diagnostic {
    .error(
      "the cell \"\(user)\" needs `\(name)` of the cell \"\(cell)\" and that of the cell \"\(other)\"", at: place,
      remedy: "Rename one of them.")
  }
}
