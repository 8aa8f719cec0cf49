import Basics
import Engine

/// The messages of a workflow.
struct Messages: Sendable {
  var diagnostics: @Sendable ([Diagnostic]) -> Void
  /// Prints a line about the progress; the command prints it on standard error.
  var remark: @Sendable (String) -> Void
  /// Prints a line of the result; the command prints it on standard output.
  var result: @Sendable (String) -> Void

  /// Messages that are printed to the standard streams.
  static let printed = Messages(
    diagnostics: { printDiagnostics($0) }, remark: { StandardStreams.printError($0.visible + "\n") },
    result: { print($0) })

  /// Only the diagnostics are printed.
  static let diagnosticsOnly = Messages(diagnostics: printed.diagnostics, remark: { _ in }, result: { _ in })
}
