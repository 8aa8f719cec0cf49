import Core
import Foundation
import ONNX

/// An ONNX model cut after each of its nodes. The difference between the times of two consecutive pieces is the time
/// of the last node, without a profiler.
struct PrefixModels {
  struct Prefix {
    /// The name and operator type of the last node.
    var name: String
    var type: String
    fileprivate var model: ModelProto

    /// The piece as a file. Pieces share their weights in memory, but not as files, so one is encoded at a time.
    var content: Data { model.encoded() }
  }

  let prefixes: [Prefix]

  /// The outputs of a piece are those values that none of its nodes uses.
  /// - Throws: `InputError` when the file is not an ONNX model or has parts that can't be cut.
  init(_ content: Data, file: String) throws {
    let whole: ModelProto
    do {
      whole = try ModelProto(decoding: content)
    } catch {
      throw InputError("this is not an ONNX file", at: Place(file: file))
    }
    guard let graph = whole.graph, !graph.node.isEmpty else {
      throw InputError("the model has no nodes", at: Place(file: file))
    }
    guard whole.functions.isEmpty, graph.sparseInitializer.isEmpty,
      graph.initializer.allSatisfy({ $0.dataLocation == 0 })
    else {
      throw InputError(
        "the model has functions, sparse weights or weights in another file", at: Place(file: file),
        remedy: "Export it with its weights inside and its functions inlined.")
    }
    let types = Dictionary(
      (graph.valueInfo + graph.output).map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
    prefixes = graph.node.indices.map { last in
      var piece = graph
      piece.node = Array(graph.node[...last])
      let used = Set(piece.node.flatMap(\.input))
      piece.initializer = graph.initializer.filter { used.contains($0.name) }
      piece.input = graph.input.filter { used.contains($0.name) }
      piece.valueInfo = []
      piece.output = piece.node.flatMap(\.output).filter { !$0.isEmpty && !used.contains($0) }.map { name in
        var value = ValueInfoProto()
        value.name = name
        value.type = types[name] ?? nil
        if value.type == nil {
          var tensor = TypeProto.Tensor()
          tensor.elemType = 1
          value.type = TypeProto()
          value.type?.tensorType = tensor
        }
        return value
      }
      var model = whole
      model.graph = piece
      let node = graph.node[last]
      return Prefix(
        name: node.name.isEmpty ? node.output.first ?? "node \(last)" : node.name, type: node.opType, model: model)
    }
  }
}
