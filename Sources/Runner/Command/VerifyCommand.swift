import ArgumentParser
import Basics
import Core
import Engine
import Foundation
import Proof
import Report
import Wire

/// `labbook verify`: runs a notebook, or the notebook inside a report, again from nothing and compares the results.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Runs everything again from nothing and compares the results.",
    discussion: """
      A notebook is compared with its stored results, a report with the results inside it, and its page with the \
      page that this run makes. Verifying a report runs the code in it: that of strangers in a sandbox, where it can \
      neither read your files nor reach a network; that of yourself and of those whose key you trust (labbook trust) \
      with all your rights.
      """)

  @Argument(help: "A notebook (a Markdown file) or a report (an HTML file).")
  var file: String

  @Option(
    help: ArgumentHelp(
      "The relative difference that numbers may have, as on another processor; 0 for the same bits.",
      valueName: "relative"))
  var tolerance = 1e-6

  @Option(help: ArgumentHelp("The folder of a report's data files.", valueName: "folder"))
  var data: String?

  @Option(help: ArgumentHelp("The greatest number of cells that run side by side.", valueName: "n"))
  var jobs = 1

  @Option(help: ArgumentHelp("The time limit of cells without their own timeout: 90s, 30m, 2h.", valueName: "time"))
  var timeout: String?

  @OptionGroup var sandbox: SandboxArgument

  @Flag(help: "Run the code without a sandbox, whoever wrote it. It can do everything that you can do.")
  var trust = false

  @Flag(help: "Print one JSON object a cell on standard output.")
  var json = false

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs must be 1 or more") }
    if sandbox.sandbox, trust { throw ValidationError("--sandbox and --trust exclude each other") }
    if !sandbox.allow.isEmpty, !sandbox.sandbox || isReport {
      throw ValidationError("--allow is for --sandbox with a notebook")
    }
    if data != nil, !isReport { throw ValidationError("--data is for reports; a notebook names its own files") }
    if !(0..<1).contains(tolerance) { throw ValidationError("--tolerance must be 0 or more, and less than 1") }
    if let timeout, CellOptions.seconds(timeout) == nil {
      throw ValidationError("--timeout must be a time such as 90s, 30m or 2h")
    }
  }

  private var isReport: Bool { ["html", "htm"].contains(URL(fileURLWithPath: file).pathExtension.lowercased()) }

  func run() async throws {
    try await reportingErrors {
      do {
        let verifier = try isReport ? Verifier(report: file, data: data) : Verifier(notebook: file)
        try await verify(verifier)
      } catch let stale as StaleResults {
        printDiagnostics([stale.diagnostic])
        throw ExitStatus.different.code
      }
    }
  }

  private func verify(_ verifier: Verifier) async throws {
    let options = NotebookRun.Options(jobs: jobs, timeout: timeout.flatMap(CellOptions.seconds))
    let maker = verifier.page.map { ReportMaker(page: $0) }
    let isSandboxed = sandbox.sandbox || !trust && maker.map { !$0.isTrusted } ?? false
    if let maker {
      if let objection = TrustedKeys().objection { StandardStreams.printError("\(objection)\n") }
      StandardStreams.printError(
        "\(file.visible) is \(maker.text); its code runs \(isSandboxed ? "in a sandbox" : "as your own")\n")
    }
    if isSandboxed, !isReport { try sandbox.requireConsent(to: verifier.notebook) }
    let box: Sandbox?
    if isSandboxed { box = try await Sandbox.make() } else { box = nil }
    if box?.means == .landlock {
      StandardStreams.printError("bubblewrap can't be used: the sandbox is Landlock and seccomp\n")
    }
    let display = ProgressDisplay(cells: verifier.notebook.cells.map(\.name), json: false)
    let tolerance = tolerance
    let verification = try await Interruption.cancelling {
      try await verifier.verify(
        tolerance: tolerance, options: options, sandbox: box, observe: display.observe)
    }
    guard let verification else { throw ExitStatus.interrupted.code }
    let status: ExitStatus = verification.verdict == .different ? .different : .success
    if !isReport { try await showInReport(verification, verifier.notebook, sandbox: box) }
    if json {
      for cell in verification.cells { print(try Self.json(cell)) }
      print("{\"verdict\":\"\(verification.verdict.rawValue)\",\"exit\":\(status.rawValue)}")
    } else {
      print(VerificationText(verification, reference: verifier.reference.lock).text, terminator: "")
      if isSandboxed, isReport, status == .success {
        print("complete inputs: only files that the report names could be read")
      }
    }
    if status != .success { throw status.code }
  }

  /// Stores the verdict and shows it in the notebook's report.
  private func showInReport(_ verification: Verification, _ notebook: Notebook, sandbox: Sandbox?) async throws {
    let store = try Store(beside: notebook.folder)
    try store.setVerification(verification, of: notebook.name)
    _ = try await RenderWorkflow(notebook: notebook, messages: .diagnosticsOnly)
      .run(compiler: NotebookCompiler(store: store, sandbox: sandbox))
  }

  private static func json(_ cell: Verification.Cell) throws -> String {
    String(decoding: try CellJob.encoder.encode(cell), as: UTF8.self)
  }
}
