import Foundation

/// The two source files of one cell's process.
struct CellProgram: Hashable, Sendable {
  var main: String
  var declarations: String

  /// - Parameters:
  ///   - needs: What the cell takes from others.
  ///   - types: Swift types of the notebook's top-level values by name.
  init(_ cell: NotebookCell, of notebook: Notebook, needs: CellGraph.Needs, types: [String: String]) {
    main = Self.head(notebook, needs: needs, types: types)
    let lines = cell.source.components(separatedBy: "\n")
    let statements = Set(cell.analysis.statementLines)
    main += Self.location(notebook.file, cell.sourceLine)
    for (offset, line) in lines.enumerated() {
      if statements.contains(offset + 1) {
        // The marker stands on a line of its own, so that the compiler's columns stay the notebook's.
        let line = cell.sourceLine + offset
        main += "_labbookReached(\(line))\n" + Self.location(notebook.file, line)
      }
      main += line + "\n"
    }
    main += "#sourceLocation()\n"
    for value in cell.analysis.values where !CellAnalysis.isPrivate(value.name) {
      main += "_labbookHandOn(\(value.name), \(value.name.jsonLiteral))\n"
    }
    main += "_labbookEnd()\n"
    declarations = Self.declarations(notebook, needs: needs)
  }

  /// A program that evaluates inline expressions.
  init(_ expressions: [InlineExpression], of notebook: Notebook, needs: CellGraph.Needs, types: [String: String]) {
    main = Self.head(notebook, needs: needs, types: types)
    for expression in expressions {
      main += "_labbookReached(\(expression.position.line))\n"
      main += NotebookProgram.expressionCall(expression, of: notebook)
    }
    main += "_labbookEnd()\n"
    declarations = Self.declarations(notebook, needs: needs)
  }

  private static func head(_ notebook: Notebook, needs: CellGraph.Needs, types: [String: String]) -> String {
    var text = NotebookProgram.imports(notebook).joined(separator: "\n") + "\n_labbookBegin()\n"
    for name in needs.values.keys.sorted() {
      text += "let \(name): \(types[name] ?? "Never") = _labbookInput(\(name.jsonLiteral))\n"
    }
    return text
  }

  private static func declarations(_ notebook: Notebook, needs: CellGraph.Needs) -> String {
    var text = NotebookProgram.imports(notebook).joined(separator: "\n") + "\n"
    let names = needs.parameters.contains("*") ? nil : needs.parameters
    if !needs.parameters.isEmpty { text += NotebookProgram.parameters(notebook, only: names) ?? "" }
    for item in needs.declarations {
      let line = notebook[cell: item.cell].map { $0.sourceLine + item.declaration.position.line - 1 } ?? 1
      text += location(notebook.file, line) + item.declaration.text + "\n#sourceLocation()\n"
    }
    return text
  }

  private static func location(_ file: String, _ line: Int) -> String {
    "#sourceLocation(file: \(file.jsonLiteral), line: \(line))\n"
  }
}
