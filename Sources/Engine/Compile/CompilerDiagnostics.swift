import Core
import Foundation

/// Reads the compiler's text output (`-diagnostic-style llvm`).
package enum CompilerDiagnostics {
  /// One message as the compiler printed it.
  package struct Message: Hashable, Sendable {
    package var file: String
    package var line: Int
    /// The column, counted in UTF-8 bytes.
    package var column: Int
    package var severity: Diagnostic.Severity
    package var text: String

    /// The line that the compiler printed.
    fileprivate var printed: String { "\(file):\(line):\(column): \(severity.rawValue): \(text)" }
  }

  /// All messages in order. Lines that are not messages (source, carets) are left out.
  package static func parse(_ output: String) -> [Message] {
    let pattern = #/^(.+?):(\d+):(\d+): (error|warning|note): (.*)$/#
    // The compiler also prints lines of the source, which may look like messages about places that don't exist.
    let numbers = 1...Int(Int32.max)
    return output.split(separator: "\n").compactMap { line in
      guard let match = try? pattern.wholeMatch(in: line), let number = Int(match.2), let column = Int(match.3),
        numbers.contains(number), numbers.contains(column),
        let severity = Diagnostic.Severity(rawValue: String(match.4))
      else { return nil }
      return Message(
        file: String(match.1), line: number, column: column, severity: severity, text: String(match.5))
    }
  }

  /// Messages about `notebook` as diagnostics, each only once. A note is attached to the message that it belongs to.
  /// - Parameter undo: Turns a message about compiled source back into one about the notebook, where names were
  ///   changed.
  package static func diagnostics(
    _ messages: [Message], for notebook: Notebook, undo: (Message) -> Message = { $0 }
  ) -> [Diagnostic] {
    let lines = notebook.sourceLines
    let ofCells: Set<String> =
      messages.isEmpty ? [] : Set(notebook.cells.flatMap { $0.source.components(separatedBy: "\n") })
    var result: [Diagnostic] = []
    for message in messages where message.file == notebook.compiledName && !ofCells.contains(message.printed) {
      let message = undo(message)
      var place = Place(file: notebook.file, line: message.line, column: message.column)
      if lines.indices.contains(message.line - 1) {
        let prefix = lines[message.line - 1].utf8.prefix(message.column - 1)
        place.column = String(decoding: prefix, as: UTF8.self).count + 1
      }
      let diagnostic = Diagnostic(severity: message.severity, message: message.text, place: place)
      if message.severity == .note, !result.isEmpty {
        result[result.count - 1].notes.append(diagnostic)
      } else if !result.contains(where: { $0.place == place && $0.message == message.text }) {
        result.append(diagnostic)
      }
    }
    return result
  }
}
