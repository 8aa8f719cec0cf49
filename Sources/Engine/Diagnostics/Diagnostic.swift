import Basics
import Core

/// A message to the user about a notebook, with its place in the Markdown file.
package struct Diagnostic: Error, Codable, Hashable, Sendable {
  package enum Severity: String, Codable, Sendable {
    case error, warning, note
  }

  package var severity = Severity.error
  package var message: String
  package var place: Place?
  /// What the user can do about it; nil where there is no remedy to name.
  package var remedy: String?
  package var notes: [Diagnostic] = []

  package static func error(_ message: String, at place: Place? = nil, remedy: String? = nil) -> Diagnostic {
    Diagnostic(message: message, place: place, remedy: remedy)
  }

  package static func warning(_ message: String, at place: Place? = nil, remedy: String? = nil) -> Diagnostic {
    Diagnostic(severity: .warning, message: message, place: place, remedy: remedy)
  }

  /// The same message, with all its places in this file.
  package func placed(in file: String) -> Diagnostic {
    var result = self
    result.place?.file = file
    result.notes = notes.map { $0.placed(in: file) }
    return result
  }

  /// The text `file:line:column: severity: message`, the source line with a caret, the remedy, and the notes.
  package func text(source: [String]? = nil) -> String {
    let lead = place.map { "\("\($0)".visible): " } ?? ""
    var lines = ["\(lead)\(severity.rawValue): \(message.visibleLines)"]
    if let source, let line = place?.line, source.indices.contains(line - 1) {
      lines.append("  \(source[line - 1].visibleLines)")
      if let column = place?.column {
        let lead = source[line - 1].prefix(column - 1)
        let spaces = lead.map { character in
          character == "\t" ? "\t" : String(repeating: " ", count: String(character).visible.displayColumns)
        }
        lines.append("  " + spaces.joined() + "^")
      }
    }
    if let remedy { lines.append("  \(remedy.visibleLines)") }
    lines += notes.map { $0.text(source: source) }
    return lines.joined(separator: "\n")
  }
}

/// Diagnostics that stop a notebook before anything runs.
package struct NotebookError: Error, Sendable {
  package var diagnostics: [Diagnostic]

  package init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
  }

  package init(_ message: String, at place: Place? = nil, remedy: String? = nil) {
    diagnostics = [.error(message, at: place, remedy: remedy)]
  }
}
