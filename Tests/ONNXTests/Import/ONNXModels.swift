import Foundation

@testable import Core
@testable import ONNX

/// The models that the scripts of `Tests/Reference` make.
enum ONNXModels {
  static let folder = packageRoot.appending(path: "Tests/Resources/ONNX")

  static func path(_ name: String) -> String { folder.appending(path: "\(name).onnx").path }

  static func load(_ name: String) throws -> NetworkGraph { try NetworkGraph(onnx: path(name)) }

  static func content(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: "\(name).onnx")) }
}

extension Node {
  /// A node on one line: `conv 8>16 15x12 kernel 3 stride 2`.
  var text: String {
    func value(_ attribute: NodeAttribute) -> String { self[attribute].map(String.init) ?? "?" }
    let further = [NodeAttribute.kernel, .kernelWidth, .stride, .groups].compactMap { attribute in
      self[attribute].map { " \(attribute.rawValue) \($0)" }
    }
    return "\(operation) \(value(.inputChannels))>\(value(.outputChannels)) \(value(.height))x\(value(.width))"
      + further.joined()
  }
}

extension NetworkGraph {
  /// A line for each node, with the nodes before it and the node itself.
  var text: [String] {
    nodes.enumerated().map { index, node in
      let sources = edges.filter { $0.target == index }.map { String($0.source) }
      return "\(index): " + (sources.isEmpty ? "" : sources.joined(separator: " ") + " -> ") + node.text
    }
  }
}
