import Foundation

/// Predictors as safetensors files: the weights under the names of `GCN.tensors`, and as JSON text in the metadata
/// `configuration`, `encoding`, `scale` and, if there is one, `baseline`.
extension GCNPredictor {
  private static let format = "labbook-gcn-1"

  /// Writes the predictor to a file, which is replaced as a whole or not at all.
  ///
  /// - Throws: `InputError` when the file can't be written.
  public func save(to path: String) throws {
    try PredictorFile.write(safetensors(), to: path)
  }

  /// The bytes of such a file.
  public func safetensors() throws -> Data {
    var file = SafeTensors(metadata: ["format": Self.format], tensors: [:])
    try PredictorFile.add(self, prefix: "", to: &file)
    return try file.encoded()
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
    self = try PredictorFile(data, format: Self.format, at: place).predictor(prefix: "")
  }
}

/// What all files of predictors have in common.
struct PredictorFile {
  private let file: SafeTensors
  private let place: Place

  static func write(_ data: Data, to path: String) throws {
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch let error as CocoaError {
      throw InputError(
        "the predictor can't be written: \(error.localizedDescription)", at: Place(file: path),
        remedy: "Choose a folder that exists and may be written to.")
    }
  }

  /// A value as JSON text, the same for the same value.
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Adds a predictor: unit and device, which all predictors of a file have in common, and the rest with `prefix` before
  /// its names.
  static func add(_ predictor: GCNPredictor, prefix: String, to file: inout SafeTensors) throws {
    file.metadata[prefix + "configuration"] = try text(predictor.network.configuration)
    file.metadata[prefix + "encoding"] = try text(predictor.encoding)
    file.metadata["unit"] = predictor.unit
    file.metadata["device"] = predictor.device
    file.metadata[prefix + "scale"] = try text(predictor.scale)
    file.metadata[prefix + "baseline"] = try predictor.baseline.map(text)
    for (name, shape, range) in predictor.network.tensors {
      file.tensors[prefix + name] = SafeTensors.Tensor(
        shape: shape, values: Array(predictor.network.parameters[range]))
    }
  }

  /// - Parameter place: What errors name.
  /// - Throws: `InputError` when `data` is damaged or no file of `format`.
  init(_ data: Data, format: String, at place: Place) throws {
    let file = try SafeTensors(data, at: place)
    guard file.metadata["format"] == format else {
      throw InputError(
        "this safetensors file holds no \(format == "labbook-gcn-1" ? "predictor" : "ensemble") of Labbook", at: place,
        remedy: "Its metadata would say \"format\": \"\(format)\".")
    }
    self.file = file
    self.place = place
  }

  /// What the metadata have under `key`, or nil.
  func value<Value: Decodable>(ifPresent key: String) throws -> Value? {
    file.metadata[key] == nil ? nil : try value(key)
  }

  /// What the metadata have under `key`.
  func value<Value: Decodable>(_ key: String) throws -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data((file.metadata[key] ?? "").utf8))
    } catch {
      throw InputError("the metadata's \"\(key)\" can't be read", at: place, remedy: "Save the predictor again.")
    }
  }

  /// The predictor that was added with this prefix.
  func predictor(prefix: String) throws -> GCNPredictor {
    let configuration: GCN.Configuration = try value(prefix + "configuration")
    let encoding: GraphEncoding = try value(prefix + "encoding")
    let scale: TargetScale = try value(prefix + "scale")
    let baseline: PositiveBaseline? = try value(ifPresent: prefix + "baseline")
    do {
      try configuration.validate()
      var parameters: [Float] = []
      for (name, shape, _) in GCNParameters(configuration, featureCount: encoding.featureCount).tensors {
        guard let tensor = file.tensors[prefix + name], tensor.shape == shape else {
          throw InputError("there is no tensor \"\(prefix + name)\" of shape \(shape)")
        }
        parameters += tensor.values
      }
      return GCNPredictor(
        network: try GCN(configuration, featureCount: encoding.featureCount, parameters: parameters),
        encoding: encoding, scale: scale, baseline: baseline, unit: file.metadata["unit"] ?? "",
        device: file.metadata["device"] ?? "")
    } catch let error as InputError {
      throw InputError(error.cause, at: place, remedy: error.remedy ?? "Save the predictor again.")
    }
  }
}
