import Core
import Foundation

/// A runtime that is part of Labbook: it runs models in Labbook's own process.
protocol BuiltInRuntime {
  /// The runtime's version; nil if it can't be used on this machine.
  static var version: String? { get }

  /// Loads a model and makes its inputs.
  /// - Throws: `InputError` that says why the model can't be run.
  init(_ content: Data, file: String, setup: RuntimeSetup) throws
  /// Runs the model once.
  func run() throws
  /// Runs the model once and returns the nanoseconds of each operator.
  func profile() throws -> [AgentMessage.Operator]
}

extension RuntimeKind {
  /// The built-in runtime of this kind; nil for runtimes of the agent.
  var builtIn: (any BuiltInRuntime.Type)? {
    switch self {
    case .onednn: OneDNNRuntime.self
    default: nil
    }
  }

  /// The versions of the built-in runtimes that this machine supports.
  static var builtInVersions: [String: String] {
    var versions: [String: String] = [:]
    for kind in allCases { versions[kind.rawValue] = kind.builtIn?.version }
    return versions
  }
}
