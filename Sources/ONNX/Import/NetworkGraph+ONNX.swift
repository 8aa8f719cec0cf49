import Core
import Foundation

extension NetworkGraph {
  /// Reads the graph of an ONNX model.
  ///
  /// The graph has a node for each operator that computes or moves data, with the sizes of one sample. Weights and
  /// shape arithmetic are not nodes. Identity and Dropout are skipped, and so is a Reshape, Flatten, Squeeze or
  /// Unsqueeze that keeps channels, height and width, such as the one between a global pooling and a linear layer. A
  /// Split becomes a slice for each of its outputs, and a fused operator of ONNX Runtime becomes the operators that
  /// it combines.
  ///
  /// Shapes are taken from the file if it has them, else from the operators' own formulas. A batch axis without a
  /// fixed size counts as 1. The second axis of a tensor is its channels (the last axis after a matrix product). Axes
  /// between it and the last count as height, so that channels times height times width is always the number of
  /// elements of one sample.
  ///
  /// ```swift
  /// let graph = try NetworkGraph(onnx: "models/resnet18.onnx")
  /// print(graph.totalFloatingPointOperations() / 1e9, "GFLOPs")
  /// ```
  /// - Parameters:
  ///   - id: The graph's id; by default the file's name without `.onnx`.
  ///   - inputShapes: Shapes by the name of an input, if the file leaves its size open or another one is wanted.
  ///   - registry: The operations by operator type. Operators with the cost `.elementwise` only need an entry; for
  ///     other operators that are not ONNX's usual ones, the file must have the shapes.
  /// - Throws: `InputError` that names file, node and operator, when the file is cut off or not an ONNX file, an
  ///   operator or a shape is unknown, or the model has control flow.
  public init(
    onnx path: String, id: String? = nil, properties: [String: Double] = [:], inputShapes: [String: [Int]] = [:],
    registry: OperationRegistry = .standard
  ) throws {
    self = try ONNXGraphReader.read(
      ONNXFile(path), id: id ?? URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent,
      properties: properties, inputShapes: inputShapes, registry: registry)
  }
}
