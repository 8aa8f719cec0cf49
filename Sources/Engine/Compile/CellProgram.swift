import Foundation
import Markup

/// The source text that is compiled for one cell.
package struct CellProgram: Hashable, Sendable {
  /// The cell as a script: its inputs as globals, its source word for word.
  package var main: String
  /// The declarations of other cells that the cell uses, and the notebook's parameters.
  package var declarations: String
  /// The cell as a function; nil where it can't be one.
  package var function: CellFunction?

  /// - Parameters:
  ///   - needs: What the cell takes from others.
  ///   - types: Swift types of the notebook's top-level values by name.
  package init(_ cell: NotebookCell, of notebook: Notebook, needs: CellGraph.Needs, types: [String: String]) {
    main =
      Self.head(notebook, needs: needs, types: types) + Self.statements(cell.source, of: cell, in: notebook)
      + "_labbookEnd()\n"
    declarations = Self.declarations(notebook, needs: needs)
    function = CellFunction(cell, of: notebook, needs: needs, types: types)
  }

  /// A program that evaluates inline expressions.
  package init(
    _ expressions: [InlineExpression], of notebook: Notebook, needs: CellGraph.Needs, types: [String: String]
  ) {
    main =
      Self.head(notebook, needs: needs, types: types) + Self.statements(expressions, of: notebook) + "_labbookEnd()\n"
    declarations = Self.declarations(notebook, needs: needs)
    function = CellFunction(expressions, of: notebook, needs: needs, types: types)
  }

  /// A cell's source with the notebook's line numbers, progress marks before its statements, and code that hands on
  /// its values.
  package static func statements(_ source: String, of cell: NotebookCell, in notebook: Notebook) -> String {
    var text = location(notebook.compiledName, cell.sourceLine)
    let statements = Set(cell.analysis.statementLines)
    for (offset, line) in source.components(separatedBy: "\n").enumerated() {
      if statements.contains(offset + 1) {
        // The mark has a line of its own, so that the compiler's columns are the notebook's.
        let line = cell.sourceLine + offset
        text += "_labbookReached(\(line))\n" + location(notebook.compiledName, line)
      }
      text += line + "\n"
    }
    text += "#sourceLocation()\n"
    for value in cell.analysis.values where !CellAnalysis.isPrivate(value.name) {
      text += "_labbookHandOn(\(value.name), \(value.name.swiftLiteral))\n"
    }
    return text
  }

  package static func statements(_ expressions: [InlineExpression], of notebook: Notebook) -> String {
    NotebookProgram.grouped(
      expressions.map { expression in
        "_labbookReached(\(expression.position.line))\n" + NotebookProgram.expressionCall(expression, of: notebook)
      })
  }

  private static func head(_ notebook: Notebook, needs: CellGraph.Needs, types: [String: String]) -> String {
    var text = notebook.imports.joined(separator: "\n") + "\n_labbookBegin()\n"
    for name in needs.values.keys.sorted() {
      text += "let \(name): \(types[name] ?? "Never") = _labbookInput(\(name.swiftLiteral))\n"
    }
    return text
  }

  private static func declarations(_ notebook: Notebook, needs: CellGraph.Needs) -> String {
    var text = notebook.imports.joined(separator: "\n") + "\n"
    let names = needs.parameters.contains("*") ? nil : needs.parameters
    if !needs.parameters.isEmpty { text += NotebookProgram.parameters(notebook, only: names) ?? "" }
    for declaration in CellFunction.declarations(needs, of: notebook) {
      text += location(notebook.compiledName, declaration.line) + declaration.text + "\n#sourceLocation()\n"
    }
    return text
  }

  package static func location(_ file: String, _ line: Int) -> String {
    "#sourceLocation(file: \(file.swiftLiteral), line: \(line))\n"
  }
}
