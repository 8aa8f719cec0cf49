import Foundation

/// Predictors as safetensors files: the weights under the names of `GCN.tensors`, and as JSON text in the metadata
/// `configuration`, `encoding` and `scale`.
extension GCNPredictor {
  private static let format = "labbook-gcn-1"

  /// Writes the predictor to a file, which is replaced as a whole or not at all.
  ///
  /// - Throws: `InputError` when the file can't be written.
  public func save(to path: String) throws {
    do {
      try safetensors().write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch let error as CocoaError {
      throw InputError(
        "the predictor can't be written: \(error.localizedDescription)", at: Place(file: path),
        remedy: "Choose a folder that exists and may be written to.")
    }
  }

  /// The bytes of such a file.
  public func safetensors() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func text(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    let metadata = [
      "format": Self.format, "configuration": try text(network.configuration), "encoding": try text(encoding),
      "scale": try text(scale), "unit": unit, "device": device,
    ]
    let tensors = network.tensors.map { name, shape, range in
      (name, SafeTensors.Tensor(shape: shape, values: Array(network.parameters[range])))
    }
    return try SafeTensors(metadata: metadata, tensors: Dictionary(uniqueKeysWithValues: tensors)).encoded()
  }

  /// Reads a predictor from a file that `save(to:)` wrote.
  ///
  /// - Throws: `InputError` when the file can't be read, is damaged, or holds something else.
  public init(contentsOf path: String) throws {
    try self.init(safetensors: FileAccess.read(path), at: Place(file: path))
  }

  /// Reads a predictor from the bytes of such a file.
  ///
  /// - Parameter place: What errors name.
  public init(safetensors data: Data, at place: Place) throws {
    let file = try SafeTensors(data, at: place)
    guard file.metadata["format"] == Self.format else {
      throw InputError(
        "this safetensors file holds no predictor of Labbook", at: place,
        remedy: "Its metadata would say \"format\": \"\(Self.format)\".")
    }
    func value<Value: Decodable>(_ key: String) throws -> Value {
      do {
        return try JSONDecoder().decode(Value.self, from: Data((file.metadata[key] ?? "").utf8))
      } catch {
        throw InputError("the metadata's \"\(key)\" can't be read", at: place, remedy: "Save the predictor again.")
      }
    }
    let configuration: GCN.Configuration = try value("configuration")
    let encoding: GraphEncoding = try value("encoding")
    let featureCount = encoding.featureCount
    do {
      try configuration.validate()
      var parameters: [Float] = []
      for (name, shape, _) in GCNParameters(configuration, featureCount: featureCount).tensors {
        guard let tensor = file.tensors[name], tensor.shape == shape else {
          throw InputError("there is no tensor \"\(name)\" of shape \(shape)")
        }
        parameters += tensor.values
      }
      try self.init(
        network: GCN(configuration, featureCount: featureCount, parameters: parameters), encoding: encoding,
        scale: value("scale"), unit: file.metadata["unit"] ?? "", device: file.metadata["device"] ?? "")
    } catch let error as InputError {
      throw InputError(error.cause, at: place, remedy: error.remedy ?? "Save the predictor again.")
    }
  }
}
