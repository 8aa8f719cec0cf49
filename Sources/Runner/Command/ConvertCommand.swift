import ArgumentParser
import Basics
import Core
import Engine
import Foundation
import Measure

/// `labbook convert`: converts models to a runtime's format.
struct ConvertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Converts ONNX models to a runtime's own format.",
    discussion: """
      The runtime's own converter does it, in a Python of this machine that has it. Measuring converts by itself what \
      a device needs; this is for models that go elsewhere, such as into an app.
      """)

  @Argument(help: "ONNX models, or a folder of them.")
  var models: [String]

  @Option(help: ArgumentHelp("The runtime: mnn, ncnn or litert.", valueName: "runtime"))
  var to: String

  @Option(help: ArgumentHelp("A Python that has the runtime.", valueName: "file"))
  var python = "python3"

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "folder"))
  var output = "converted"

  @Option(help: ArgumentHelp("The most time for a model: 90s, 10m.", valueName: "time"))
  var limit = "10m"

  func validate() throws {
    if CellOptions.seconds(limit) == nil { throw ValidationError("--limit must be a time such as 90s or 10m") }
  }

  func run() async throws {
    try await reportingErrors {
      guard let runtime = RuntimeKind(rawValue: to.lowercased()) else {
        throw InputError(
          "the runtime \"\(to)\" is unknown",
          remedy: InputError.remedy(
            unknown: to, among: RuntimeKind.allCases.map(\.rawValue), called: "runtimes"))
      }
      let models = try ModelFile.named(models)
      var display = WorkDisplay()
      // Also before the text of an error.
      defer { display.end() }
      let results = try ModelConversion(
        to: runtime, python: python, limit: CellOptions.seconds(limit) ?? 600
      ).run(models, into: output) { part in
        let count = Int(clamping: (part * Double(models.count)).rounded())
        display.show(part, "\(count) of \(models.count) models are done")
      }
      display.end()
      for result in results {
        if let reason = result.reason { StandardStreams.printError("\(result.id): \(reason)\n".visibleLines) }
      }
      let files = results.flatMap(\.files)
      print("\(output): \(files.count) \(files.count == 1 ? "file" : "files") for \(runtime.title)")
      if files.isEmpty { throw ExitStatus.cellFailed.code }
    }
  }
}
