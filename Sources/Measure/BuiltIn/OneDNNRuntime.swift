import Core
import Foundation
import Networks

/// Runs convolutional networks on oneDNN, which Labbook also uses for training.
struct OneDNNRuntime: BuiltInRuntime {
  static var version: String? { OneDNN.version }

  private let model: ONNXInference

  init(_ content: Data, file: String, setup: RuntimeSetup) throws {
    model = try ONNXInference(content, file: file, threads: setup.threads)
    model.setRandomInputs()
  }

  func run() throws { try model.run() }

  func profile() throws -> [AgentMessage.Operator] {
    zip(model.operators, try model.timedSteps()).map { step, nanoseconds in
      AgentMessage.Operator(name: step.name, type: step.type, nanoseconds: Double(nanoseconds))
    }
  }
}
