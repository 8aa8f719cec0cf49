import Core
import Foundation

extension NetworkGraph {
  /// Reads the graph of an ONNX model.
  ///
  /// A node stands for each operator that computes or moves data, with the sizes of one sample. Weights and shape
  /// arithmetic are no nodes. Identity and Dropout are passed over, and so is a Reshape, Flatten, Squeeze or Unsqueeze
  /// that leaves channels, height and width as they are, such as the one between a global pooling and a linear layer. A
  /// Split is a slice for each of its outputs, a fused operator of ONNX Runtime the operators that it stands for.
  ///
  /// Shapes are taken from the file where it has them, else from the operators' own formulas. A batch axis without a
  /// fixed size counts as 1. Of a tensor the second axis counts channels (the last behind a matrix product); axes
  /// between it and the last count as height, so that channels times height times width is always one sample's number
  /// of elements.
  ///
  /// ```swift
  /// let graph = try NetworkGraph(onnx: "models/resnet18.onnx")
  /// print(graph.totalFloatingPointOperations() / 1e9, "GFLOPs")
  /// ```
  /// - Parameters:
  ///   - id: The graph's id, by default the file's name without `.onnx`.
  ///   - inputShapes: Shapes by the name of an input, where the file leaves its size open or another one is wanted.
  ///   - registry: Says which operators mean which operation. Operators whose cost is `.elementwise` need no more than
  ///     an entry; the file has to have the shapes of others that are not ONNX's usual ones.
  /// - Throws: `InputError` that names file, node and operator: when the file is cut off or no ONNX file, an operator
  ///   isn't known, a shape isn't, or the model has control flow.
  public init(
    onnx path: String, id: String? = nil, properties: [String: Double] = [:], inputShapes: [String: [Int]] = [:],
    registry: OperationRegistry = .standard
  ) throws {
    self = try ONNXGraphReader.read(
      ONNXFile(path), id: id ?? URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent,
      properties: properties, inputShapes: inputShapes, registry: registry)
  }
}
