import ArgumentParser
import Core
import Engine
import Foundation
import ONNX

/// `labbook import`: turns a folder of ONNX models into a file of architectures.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Writes the graphs of a folder's ONNX models as architectures.jsonl.",
    discussion: "The id of a model is its path in the folder without .onnx. The latency table must use the same ids.")

  @Argument(help: "A folder with ONNX models; its subfolders are searched too.")
  var folder: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output = "architectures.jsonl"

  func run() async throws {
    try await reportingErrors {
      let models = try ONNXFolder(folder).models
      var graphs: [NetworkGraph] = []
      var errors: [Diagnostic] = []
      for model in models {
        do {
          graphs.append(try NetworkGraph(onnx: model.path, id: model.id))
        } catch let error as InputError {
          errors.append(.error(error.cause, at: error.place, remedy: error.remedy))
        }
      }
      if !errors.isEmpty { throw NotebookError(errors) }
      try NetworkGraph.save(graphs, to: output)
      print("\(output): \(graphs.count) networks")
    }
  }
}
