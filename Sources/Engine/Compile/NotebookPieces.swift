import Core
import Foundation
import Markup

/// A notebook that type-checks as one script, split into pieces: each cell and the prose as they are compiled.
///
/// The script alone misses errors that appear only when each cell is a process of its own, such as a change to
/// another cell's value. It also gives warnings that hold only when one cell follows another, such as unreachable
/// code after a cell that is expected to fail.
package struct NotebookPieces: Sendable {
  private struct Piece: Sendable {
    /// The cell; nil for the prose.
    var cell: NotebookCell?
    var needs: CellGraph.Needs
    var program: CellProgram

    func covers(_ place: Place?, in notebook: Notebook) -> Bool {
      guard let line = place?.line else { return false }
      if let cell { return cell.sourceLines.contains(line) }
      return !notebook.cells.contains { $0.sourceLines.contains(line) }
    }
  }

  private let notebook: Notebook
  private let graph: CellGraph
  private let prose: NotebookProse
  private let pieces: [Piece]

  /// - Parameter types: Swift types of the notebook's top-level values by name.
  package init(_ notebook: Notebook, types: [String: String]) {
    self.notebook = notebook
    let cells = notebook.cells.filter(\.options.evaluate)
    let graph = CellGraph(cells, file: notebook.file, types: types)
    self.graph = graph
    prose = NotebookProse(notebook, graph)
    var pieces = cells.map { cell in
      let needs = graph.needs[cell.name] ?? CellGraph.Needs()
      return Piece(
        cell: cell, needs: needs, program: CellProgram(cell, of: notebook, needs: needs, types: types))
    }
    if !prose.items.isEmpty {
      let needs = NotebookProse.needs(of: prose.items)
      pieces.append(
        Piece(
          cell: nil, needs: needs,
          program: CellProgram(prose.items.map(\.expression), of: notebook, needs: needs, types: types)))
    }
    self.pieces = pieces
  }

  /// Errors of values and static variables whose content would differ in other cells.
  /// - Parameter users: The values that are handed on, each with a description of the code that uses it.
  package func sharedState(_ users: [String: String]) -> [Diagnostic] {
    let state = SharedState(graph, file: notebook.file)
    return state.handedOn(users)
      + state.staticVariables(prose: (NotebookProse.needs(of: prose.items), prose.members))
  }

  /// Warnings of changes to the process, such as environment variables, that later cells don't see.
  package var processChanges: [Diagnostic] { SharedState(graph, file: notebook.file).processChanges() }

  /// Errors of pieces that change a variable of another cell.
  package func changes(by compiler: NotebookCompiler) async throws -> [Diagnostic] {
    let variables = Set(
      graph.cells.flatMap { $0.analysis.values.filter(\.isVariable).map(\.name) })
    // Changes of a constant are found by the compiler in the whole script.
    var suspects = pieces.filter { !variables.isDisjoint(with: $0.needs.values.keys) }
    // Usually there is no such change, and a single program of all functions shows it.
    let isShared: (Piece) -> Bool = { $0.program.function.map { !$0.hasPrivateDeclarations } ?? false }
    let functions = suspects.filter(isShared).compactMap(\.program.function)
    if functions.count > 1, try await compiler.accepts(functions, of: notebook) { suspects.removeAll(where: isShared) }
    var errors: [Diagnostic] = []
    for piece in suspects {
      for error in try await diagnostics(of: piece, by: compiler) where error.severity == .error {
        let change = explained(error, of: piece)
        if !errors.contains(where: { $0.place == change.place && $0.message == change.message }) {
          errors.append(change)
        }
      }
    }
    return errors
  }

  /// The script's warnings that the compiler also gives for the piece alone.
  package func confirmed(_ warnings: [Diagnostic], by compiler: NotebookCompiler) async throws -> [Diagnostic] {
    var result: [Diagnostic] = []
    for piece in pieces {
      let own = warnings.filter { piece.covers($0.place, in: notebook) }
      if own.isEmpty { continue }
      let alone = try await diagnostics(of: piece, by: compiler)
      result += own.filter { warning in
        alone.contains { $0.place?.line == warning.place?.line && $0.message == warning.message }
      }
    }
    return result
  }

  private func diagnostics(of piece: Piece, by compiler: NotebookCompiler) async throws -> [Diagnostic] {
    let messages = try await compiler.messages(about: piece.program)
    let offset = piece.cell.map { $0.block.position(line: 1 + $0.optionLineCount, column: 1).column - 1 } ?? 0
    return CompilerDiagnostics.diagnostics(messages, for: notebook) { message in
      var message = message
      if let cell = piece.cell, cell.sourceLines.contains(message.line) {
        message.column += offset
      } else if piece.cell == nil, piece.covers(Place(file: notebook.file, line: message.line), in: notebook) {
        message.column = max(1, message.column - NotebookProgram.expressionCallLength)
      }
      return message
    }
  }

  /// An error about assigning to a constant, reworded as the change of another cell's value, with a remedy.
  private func explained(_ error: Diagnostic, of piece: Piece) -> Diagnostic {
    guard let match = error.message.firstMatch(of: #/'([^']+)' is a 'let' constant/#),
      let owner = piece.needs.values[String(match.1)], let place = error.place
    else { return error }
    let name = String(match.1)
    if piece.covers(place, in: notebook) { return .change(of: name, ownedBy: owner, at: place) }
    let user = piece.cell.map { "the cell \"\($0.name)\"" } ?? "the text"
    let changer = piece.needs.declarations.last { item in
      let line = graph.place(of: item, file: notebook.file).line ?? 0
      let end = line + item.declaration.text.count { $0 == "\n" }
      return (line...end).contains(place.line ?? 0)
    }
    let position = changer.flatMap { piece.cell?.analysis.references[$0.declaration.baseName] }
    let what = changer.map { "`\($0.declaration.name)`, which \(user) uses, changes" } ?? "\(user) would change"
    var diagnostic = Diagnostic.error(
      "\(what) `\(name)`, which belongs to the cell \"\(owner)\"",
      at: piece.cell.flatMap { cell in position.map { cell.place($0, file: notebook.file) } } ?? place,
      remedy: "Values pass from cell to cell unchanged. Call it in the cell \"\(owner)\" only, or have it take a value "
        + "and give back the new one.")
    if diagnostic.place != place {
      diagnostic.notes = [Diagnostic(severity: .note, message: "`\(name)` is changed here", place: place)]
    }
    return diagnostic
  }
}
