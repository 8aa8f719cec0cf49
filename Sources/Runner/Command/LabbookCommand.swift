import ArgumentParser
import Core
import Engine
import Foundation
import Paper
import Wire

/// The `labbook` command.
@main
struct LabbookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "labbook",
    abstract: "Runs Markdown notebooks with Swift experiment cells and writes their reports.",
    discussion: """
      A notebook is a Markdown file. Its cells are fences whose info string is swift, a space, and attributes in braces:

        ```swift {#train}
        let run = try train(GCN.Configuration(), on: data, split: split)
        ```

      Results are kept in .labbook/ beside the notebook; running again runs only what has changed.
      """,
    version: LabbookVersion.current,
    subcommands: [
      RunCommand.self, RenderCommand.self, PreviewCommand.self, CheckCommand.self, PlanCommand.self, WhyCommand.self,
      ValueCommand.self, VerifyCommand.self, TrustCommand.self,
      UnpackCommand.self, DiffCommand.self, HistoryCommand.self, NewCommand.self, ImportCommand.self,
      DevicesCommand.self, MeasureCommand.self, ConvertCommand.self,
      TangleCommand.self, CleanCommand.self,
    ])

  static func main() async {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == DrawingProcess.argument { DrawingProcess.serve(Array(arguments.dropFirst())) }
    if arguments.first == Confinement.argument { Confinement.serve(Array(arguments.dropFirst())) }
    StandardStreams.prepare()
    if let verb = CommandLine.arguments.dropFirst().first, !verb.hasPrefix("-") {
      let verbs = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
      if !verbs.contains(verb), let near = nearestName(to: verb, among: verbs) {
        printDiagnostics([.error("\"\(verb)\" is not a verb of labbook", remedy: "Did you mean \"\(near)\"?")])
        _exit(ExitStatus.invalid.rawValue)
      }
    }
    let status: Int32
    do {
      var command = try await asyncParseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      status = ExitStatus.success.rawValue
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if code.isSuccess {
        if !message.isEmpty { print(message) }
      } else if !message.isEmpty {
        StandardStreams.printError(message + "\n")
      }
      status = code == .validationFailure ? ExitStatus.invalid.rawValue : code.rawValue
    }
    StandardStreams.leave(with: status)
  }
}

extension ExitStatus {
  var code: ExitCode { ExitCode(rawValue) }
}

/// Runs a verb's work and prints a notebook's errors in the form of compiler messages.
func reportingErrors(_ work: () async throws -> Void) async throws {
  do {
    try OpenFiles.require()
    try CellEnvironment.requireUsableKernels()
    try await work()
  } catch let error as NotebookError {
    printDiagnostics(error.diagnostics)
    throw ExitStatus.invalid.code
  } catch let error as InputError {
    printDiagnostics([.error(error.cause, at: error.place, remedy: error.remedy)])
    throw ExitStatus.invalid.code
  } catch let error as POSIXFailure {
    // Other problems are in files that Labbook itself made.
    printDiagnostics([
      .error(
        "\(error)".visible,
        remedy: "Labbook made that file or folder, and something removed or changed it: run again.")
    ])
    throw ExitStatus.invalid.code
  }
}
