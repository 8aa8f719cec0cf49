import Foundation
import Markup

/// A cell as a function of its inputs, so that several cells can share an executable.
///
/// The cell's declarations, and those of other cells that it uses, go to file scope. A cell that means something else
/// as a function than as a script (see `init`) has no such form and is compiled alone.
package struct CellFunction: Hashable, Sendable {
  /// A declaration with the line of the notebook on which it begins.
  package struct Declaration: Hashable, Sendable {
    package var line: Int
    package var text: String
  }

  package var body: String
  /// Swift types of the inputs, by name.
  package var inputs: [String: String]
  package var declarations: [Declaration]
  /// The notebook's parameters that the cell reads; `*` stands for all of them.
  package var parameters: Set<String>
  /// Whether the cell declares private names, which no other cell may see.
  package var hasPrivateDeclarations: Bool

  /// - Returns: nil where a declaration refers to the cell's own values, which are not globals in a function; where
  ///   the cell awaits at its top level; where declarations depend on `#if`; and where the lifetime of the cell's
  ///   values, which a script keeps to its end, can be observed.
  package init?(_ cell: NotebookCell, of notebook: Notebook, needs: CellGraph.Needs, types: [String: String]) {
    let analysis = cell.analysis
    let own = Set(analysis.values.map(\.name))
    let all = analysis.declarations + needs.declarations.map(\.declaration)
    guard !analysis.hasSyntaxError, !analysis.hasConditionalDeclarations,
      all.allSatisfy({ own.isDisjoint(with: $0.references) }), !analysis.tokens.contains("await"),
      ([analysis.tokens] + all.map(\.tokens)).allSatisfy({ !Self.tellsScripts($0) })
    else { return nil }
    inputs = Self.inputs(needs, types)
    declarations =
      analysis.declarations.map { Declaration(line: cell.sourceLine + $0.position.line - 1, text: $0.text) }
      + Self.declarations(needs, of: notebook)
    parameters = needs.parameters
    hasPrivateDeclarations = all.contains { CellAnalysis.isPrivate($0.baseName) }
    var source = Array(cell.source.utf8)
    for range in analysis.fileScope {
      for offset in range.clamped(to: source.indices) where source[offset] != UInt8(ascii: "\n") {
        source[offset] = UInt8(ascii: " ")
      }
    }
    body = CellProgram.statements(String(decoding: source, as: UTF8.self), of: cell, in: notebook)
  }

  /// Whether code can observe that it runs in a script, whose values live to its end, and not in a function.
  private static func tellsScripts(_ tokens: String) -> Bool {
    if tokens.contains("# function") { return true }
    let words: Set<Substring> = ["deinit", "weak", "unowned", "isKnownUniquelyReferenced"]
    return !words.isDisjoint(with: tokens.split { $0 == " " || $0 == "\n" })
  }

  /// The function that evaluates inline expressions.
  package init(
    _ expressions: [InlineExpression], of notebook: Notebook, needs: CellGraph.Needs, types: [String: String]
  ) {
    body = CellProgram.statements(expressions, of: notebook)
    inputs = Self.inputs(needs, types)
    declarations = Self.declarations(needs, of: notebook)
    parameters = needs.parameters
    hasPrivateDeclarations = needs.declarations.contains { CellAnalysis.isPrivate($0.declaration.baseName) }
  }

  private static func inputs(_ needs: CellGraph.Needs, _ types: [String: String]) -> [String: String] {
    needs.values.keys.reduce(into: [:]) { $0[$1] = types[$1] ?? "Never" }
  }

  package static func declarations(_ needs: CellGraph.Needs, of notebook: Notebook) -> [Declaration] {
    needs.declarations.map { item in
      let line = notebook[cell: item.cell].map { $0.sourceLine + item.declaration.position.line - 1 } ?? 1
      return Declaration(line: line, text: item.declaration.text)
    }
  }

  /// One program of several cells. The job of a process says which of the cells runs.
  package static func program(_ functions: [CellFunction], of notebook: Notebook) -> String {
    var text = notebook.imports.joined(separator: "\n") + "\n"
    let parameters = functions.reduce(into: Set<String>()) { $0.formUnion($1.parameters) }
    if !parameters.isEmpty {
      text += NotebookProgram.parameters(notebook, only: parameters.contains("*") ? nil : parameters) ?? ""
    }
    for declaration in Set(functions.flatMap(\.declarations)).sorted(by: { ($0.line, $0.text) < ($1.line, $1.text) }) {
      text += CellProgram.location(notebook.compiledName, declaration.line) + declaration.text + "\n#sourceLocation()\n"
    }
    let inputs = functions.reduce(into: [:]) { $0.merge($1.inputs) { first, _ in first } }
    for (name, type) in inputs.sorted(by: { $0.key < $1.key }) {
      text += "let \(name): \(type) = _labbookInput(\(name.swiftLiteral))\n"
    }
    var calls = ""
    for (entry, function) in functions.enumerated() {
      let inputs = function.inputs.sorted { $0.key < $1.key }
      let parameters = inputs.map { "_ \($0.key): \($0.value)" }.joined(separator: ", ")
      // Inputs are parameters because a local is quicker than a lazily initialised global. Without inlining, a trap's
      // backtrace names the cell's function instead of this program.
      text += "@inline(never) func _labbookCell\(entry)(\(parameters)) throws {\n\(function.body)}\n"
      calls += "    case \(entry): try _labbookCell\(entry)(\(inputs.map(\.key).joined(separator: ", ")))\n"
    }
    return text + """
      @main enum _LabbookProgram {
        static func main() throws {
          switch _labbookEntry() {
      \(calls)    default: return
          }
          _labbookEnd()
        }
      }

      """
  }
}
