import ArgumentParser
import Basics
import Engine

/// `labbook run`: runs the stale cells in order and writes the report.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs a notebook's stale cells in order and writes its report.")

  @OptionGroup var source: NotebookArgument

  @Option(help: ArgumentHelp("Run only this cell and the cells that it needs.", valueName: "name"))
  var cell: String?

  @Flag(
    help: "Run every cell, whatever is stored, except pinned ones; with --cell, that cell alone, pinned or not.")
  var fresh = false

  @Flag(help: "Continue with the cells that don't need a failed one.")
  var keepGoing = false

  @Option(
    help: ArgumentHelp(
      "The greatest number of cells that run side by side: 1 here, on a cluster as many as it takes.", valueName: "n"))
  var jobs: Int?

  @OptionGroup var place: PlaceArgument

  @Option(help: ArgumentHelp("The time limit of cells without their own timeout: 90s, 30m, 2h.", valueName: "time"))
  var timeout: String?

  @OptionGroup var sandbox: SandboxArgument

  @Flag(help: "Print one JSON object a cell on standard output.")
  var json = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be 1 or more") }
    if sandbox.sandbox, let name = place.on, name != PlaceArgument.here {
      throw ValidationError("--sandbox is on this machine, so --on \(name) can't be given with it")
    }
    if !sandbox.allow.isEmpty, !sandbox.sandbox { throw ValidationError("--allow is for --sandbox") }
    if let timeout, CellOptions.seconds(timeout) == nil {
      throw ValidationError("--timeout must be a time such as 90s, 30m or 2h")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let receipt = ReceiptWriter(arguments: Array(CommandLine.arguments.dropFirst()))
      try await FileRegister.$current.withValue(receipt.register) {
        // The compiler is looked up while the notebook is read.
        let source = source
        let isSandboxed = sandbox.sandbox
        let compiler = Task { try await source.compiler(sandboxed: isSandboxed) }
        let notebook = try source.read()
        if isSandboxed { try sandbox.requireConsent(to: notebook) }
        let cluster = isSandboxed ? nil : try place.cluster(for: notebook)
        let options = NotebookRun.Options(
          fresh: fresh, cell: cell, keepGoing: keepGoing, jobs: jobs ?? cluster?.jobs ?? 1,
          timeout: timeout.flatMap(CellOptions.seconds),
          executor: cluster.map { ClusterExecutor($0) as any Executor } ?? LocalExecutor())
        let workflow = RunWorkflow(notebook: notebook, options: options, printsJSON: json, receipt: receipt)
        let status = try await workflow.run { try await compiler.value }
        if status != .success { throw status.code }
      }
    }
  }
}
