import Engine

/// What a workflow says while it works.
struct Messages: Sendable {
  var diagnostics: @Sendable ([Diagnostic]) -> Void
  /// A line about what happens, which the command prints on standard error.
  var remark: @Sendable (String) -> Void
  /// A line of the result, which the command prints on standard output.
  var result: @Sendable (String) -> Void

  /// Prints everything.
  static let printed = Messages(
    diagnostics: { printDiagnostics($0) }, remark: { StandardStreams.printError($0 + "\n") }, result: { print($0) })
}
