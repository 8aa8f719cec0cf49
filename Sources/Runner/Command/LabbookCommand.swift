import ArgumentParser
import Core
import Foundation

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
    version: "0.1.0",
    subcommands: [
      RunCommand.self, RenderCommand.self, PreviewCommand.self, CheckCommand.self, PlanCommand.self, WhyCommand.self, ValueCommand.self,
      VerifyCommand.self,
      UnpackCommand.self, DiffCommand.self, HistoryCommand.self, NewCommand.self, ImportCommand.self,
      TangleCommand.self, CleanCommand.self,
    ])

  static func main() async {
    StandardStreams.prepare()
    await main(nil)
  }
}

/// How the command ends, as scripts see it.
enum ExitStatus: Int32 {
  case success = 0
  case cellFailed = 1
  case invalid = 2
  case different = 3
  case timedOut = 124
  case interrupted = 130

  var code: ExitCode { ExitCode(rawValue) }
}

/// Runs a verb's work and prints what is wrong with a notebook as compilers do.
func reportingErrors(_ work: () async throws -> Void) async throws {
  do {
    try await work()
  } catch let error as NotebookError {
    printDiagnostics(error.diagnostics)
    throw ExitStatus.invalid.code
  } catch let error as InputError {
    printDiagnostics([.error(error.cause, at: error.place, remedy: error.remedy)])
    throw ExitStatus.invalid.code
  }
}

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
