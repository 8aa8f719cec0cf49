import Foundation
import Markup

/// The whole notebook as one Swift script: its cells one after another.
package struct NotebookProgram: Sendable {
  /// A name that begins with an underscore is private to its cell. Where two cells use the same one, a suffix with
  /// the cell's number keeps them apart in the script.
  private struct Renaming: Sendable {
    var cell: NotebookCell
    var suffix: String
    var names: Set<String>
  }

  package let notebook: Notebook
  private let renamings: [Renaming]

  package init(_ notebook: Notebook) {
    self.notebook = notebook
    func privateNames(_ cell: NotebookCell) -> Set<String> {
      Set((cell.analysis.values.map(\.name) + cell.analysis.declarations.map(\.name)).filter(CellAnalysis.isPrivate))
    }
    var count: [String: Int] = [:]
    for cell in notebook.cells {
      for name in privateNames(cell) { count[name, default: 0] += 1 }
    }
    renamings = notebook.cells.enumerated().map { index, cell in
      Renaming(cell: cell, suffix: "_\(index + 1)", names: privateNames(cell).filter { count[$0, default: 0] > 1 })
    }
  }

  /// `struct Parameters` with the notebook's parameters, restricted to those named, and its one value `params`.
  package static func parameters(_ notebook: Notebook, only names: Set<String>? = nil) -> String? {
    let parameters = notebook.frontMatter.parameters.filter { names?.contains($0.name) ?? true }
    guard !parameters.isEmpty else { return nil }
    let fields = parameters.map { "  var \($0.name): \($0.type)" }.joined(separator: "\n")
    return "struct Parameters: Codable {\n\(fields)\n}\nlet params: Parameters = _labbookParameters()\n"
  }

  /// A script that a reader can compile and run outside Labbook.
  package var tangled: String {
    var text = notebook.imports.joined(separator: "\n") + "\n"
    if !notebook.frontMatter.parameters.isEmpty {
      let fields = notebook.frontMatter.parameters.map { "  var \($0.name): \($0.type) = \($0.swift)\n" }
      text += "\nstruct Parameters: Codable {\n\(fields.joined())}\nlet params = Parameters()\n"
    }
    for renaming in renamings where renaming.cell.options.evaluate {
      let seed = CellSeed.value(notebook: notebook.frontMatter.seed, cell: renaming.cell.name)
      text += "\n// MARK: \(renaming.cell.name)\n_labbookEnter(seed: \(seed))\n\(source(renaming))\n"
    }
    return text
  }

  /// The script to be type-checked: the tangled script with the notebook's line numbers, inline expressions, and lines
  /// that require that values can be handed on and that make the compiler write down their types.
  package func checked(handedOn: [String]) -> String {
    var text = notebook.imports.joined(separator: "\n") + "\n" + (Self.parameters(notebook) ?? "")
    for renaming in renamings where renaming.cell.options.evaluate {
      text += sourceLocation(renaming.cell.sourceLine) + source(renaming) + "\n#sourceLocation()\n"
    }
    text += Self.grouped(notebook.document.expressions.map { Self.expressionCall($0, of: notebook) })
    for name in handedOn {
      // The value is read in a closure: as a direct argument, a value of type `any P` would be opened and pass as its
      // concrete type.
      text += "#sourceLocation(file: \"\(Self.handedOnFile)/\(name)\", line: 1)\n_labbookRequireCodable({ \(name) })\n"
      text += Self.typeLine(name)
    }
    for name in valuesOfDeclarations.subtracting(handedOn).sorted() {
      text += "#sourceLocation(file: \"labbook-type-of/\(name)\", line: 1)\n" + Self.typeLine(name)
    }
    return text
  }

  /// The prefix of a constant that is the type of the variable whose name follows it.
  package static let typePrefix = "_labbookTypeOf_"

  /// The symbol graph has the constant's type, `Int.Type`, exactly. It lacks values that a `guard` binds, has the type
  /// of the whole tuple for values in a tuple pattern, and also lists the values of closures and blocks.
  private static func typeLine(_ name: String) -> String { "let \(typePrefix)\(name) = type(of: \(name))\n" }

  /// The values that declarations refer to. A cell that takes in a declaration with a value's type takes in these too.
  private var valuesOfDeclarations: Set<String> {
    let cells = notebook.cells.filter(\.options.evaluate)
    return Set(cells.flatMap(\.analysis.values).map(\.name).filter { !CellAnalysis.isPrivate($0) })
      .intersection(cells.flatMap(\.analysis.declarations).flatMap(\.references))
  }

  package static let handedOnFile = "labbook-handed-on"

  private static let expressionCallStart = "_labbookExpression("
  package static let expressionCallLength = expressionCallStart.utf8.count

  /// A call that evaluates an inline expression. The expression is on its own line of the notebook, shifted to the
  /// right by the length of `expressionCallStart` in bytes.
  package static func expressionCall(_ expression: InlineExpression, of notebook: Notebook) -> String {
    let line = notebook.sourceLines[expression.position.line - 1]
    let indentation = String(repeating: " ", count: line.prefix(expression.position.column - 1).utf8.count)
    return """
      #sourceLocation(file: \(notebook.compiledName.swiftLiteral), line: \(expression.position.line))
      \(indentation)\(expressionCallStart)\(expression.source), \(expression.index))
      #sourceLocation()

      """
  }

  /// Statements in blocks of fifty. The compiler's time for the statements at the top level of a script grows with the
  /// square of their number (6.3).
  package static func grouped(_ statements: [String]) -> String {
    let size = 50
    if statements.count <= size { return statements.joined() }
    return stride(from: 0, to: statements.count, by: size).map { start in
      "do {\n\(statements[start..<min(start + size, statements.count)].joined())}\n"
    }.joined()
  }

  private func sourceLocation(_ line: Int) -> String {
    "#sourceLocation(file: \(notebook.compiledName.swiftLiteral), line: \(line))\n"
  }

  private func source(_ renaming: Renaming) -> String {
    let source = renaming.cell.source
    return renaming.names.isEmpty ? source : source.renaming(renaming.names, suffix: renaming.suffix)
  }

  /// A compiler message about the checked script, turned into one about the notebook: with the columns of the
  /// Markdown file, and without the suffixes and calls that only the script has.
  package func undoRenaming(_ message: CompilerDiagnostics.Message) -> CompilerDiagnostics.Message {
    var message = message
    guard let renaming = renamings.first(where: { $0.cell.sourceLines.contains(message.line) }) else {
      message.column = max(1, message.column - Self.expressionCallStart.utf8.count)
      return message
    }
    let lines = source(renaming).components(separatedBy: "\n")
    let row = message.line - renaming.cell.sourceLine
    let prefix = String(decoding: lines[row].utf8.prefix(message.column - 1), as: UTF8.self)
    let original = renaming.names.reduce(prefix) { $0.replacingOccurrences(of: $1 + renaming.suffix, with: $1) }
    let start = renaming.cell.block.position(line: row + 1 + renaming.cell.optionLineCount, column: 1).column
    message.column = original.utf8.count + start
    message.text = renaming.names.reduce(message.text) { $0.replacingOccurrences(of: $1 + renaming.suffix, with: $1) }
    return message
  }
}
