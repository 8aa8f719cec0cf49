import Core
import Foundation
import ONNX

/// The options for writing a network as an ONNX file.
public struct ONNXExport: Codable, Hashable, Sendable {
  /// The version of ONNX's operator set: 13 to 17.
  public var operatorSet: Int
  /// Whether each batch norm is folded into the convolution before it.
  public var foldsNormalization: Bool
  /// The number of images in an input; nil leaves it open.
  public var batch: Int?

  public static let operatorSets = 13...17

  public init(operatorSet: Int = 17, foldsNormalization: Bool = true, batch: Int? = 1) {
    self.operatorSet = operatorSet
    self.foldsNormalization = foldsNormalization
    self.batch = batch
  }

  func validate() throws {
    guard Self.operatorSets.contains(operatorSet) else {
      throw InputError(
        "networks can't be written with ONNX's operators of version \(operatorSet)", remedy: "Use 13 to 17.")
    }
    if let batch, !(1...65_536).contains(batch) {
      throw InputError("an input can't hold \(batch) images", remedy: "Use 1 or more, or nil to leave it open.")
    }
  }
}

extension Network {
  /// Writes the network with its weights as an ONNX file. The input is `images` (batch x 3 x height x width,
  /// normalised), and the output is `logits` (batch x classes).
  ///
  /// ```swift
  /// let network = try space.network(at: point)
  /// let weights = try supernet.weights.sliced(for: network)
  /// try network.save(onnx: "models/p0001.onnx", weights: weights)
  /// ```
  /// The same arguments give the same bytes.
  /// - Throws: `InputError` when the weights don't belong to the network or the file can't be written.
  public func save(onnx path: String, weights: NetworkWeights, _ export: ONNXExport = ONNXExport()) throws {
    let content = try onnx(weights: weights, export)
    do {
      try content.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw InputError.notWritten(path)
    }
  }

  /// The bytes of the ONNX file.
  public func onnx(weights: NetworkWeights, _ export: ONNXExport = ONNXExport()) throws -> Data {
    try export.validate()
    try weights.check(self)
    var writer = ONNXNetworkWriter(network: self, weights: weights, export: export)
    return writer.model().encoded()
  }
}
