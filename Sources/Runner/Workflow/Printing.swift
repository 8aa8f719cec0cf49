import Engine
import Foundation

/// Prints diagnostics on standard error in the form of compiler messages, with the source line where it can be read.
func printDiagnostics(_ diagnostics: [Diagnostic]) {
  var sources: [String: [String]] = [:]
  for diagnostic in diagnostics {
    var source: [String]?
    if let file = diagnostic.place?.file {
      source = sources[file] ?? (try? String(contentsOfFile: file, encoding: .utf8))?.components(separatedBy: "\n")
      sources[file] = source
    }
    StandardStreams.printError(diagnostic.text(source: source) + "\n")
  }
}

/// Prints the problems that a verb found in the store.
func printNotices(_ store: Store) {
  printDiagnostics(store.notices.all.map { .warning($0) })
}
