import Foundation

/// The content of a predictor's file: values as JSON text, tensors, and nested archives of other predictors, by name.
///
/// ```swift
/// try archive.set("terms", to: terms)
/// archive.setTensor("prices", prices)
/// try archive.setArchive("baseline", of: baseline)
/// ```
///
/// The file is a safetensors file, which Python's libraries can read. Names in a nested archive are prefixed by the
/// archive's name and a point, as in `baseline.prices`.
public struct PredictorArchive: Sendable {
  private(set) var content: SafeTensors
  /// The prefix of all names.
  private let prefix: String
  /// The place that errors name.
  let place: Place?

  /// An archive with only the entries that all predictors have.
  init(familyOf predictor: some StorablePredictor) throws {
    content = SafeTensors(metadata: ["family": type(of: predictor).family], tensors: [:])
    prefix = ""
    place = nil
    try set("unit", to: predictor.unit)
    try set("device", to: predictor.device)
  }

  /// The archive that was read at `place`.
  init(_ content: SafeTensors, prefix: String = "", at place: Place) {
    self.content = content
    self.prefix = prefix
    self.place = place
  }

  /// The family of the predictor; nil if the archive doesn't name it.
  var family: String? { content.metadata[prefix + "family"] }

  /// The predictor's unit.
  public var unit: String { get throws { try value("unit") } }

  /// The predictor's device.
  public var device: Device { get throws { try value("device") } }

  /// An error at the archive's place.
  public func damage(_ cause: String, remedy: String = "Save the predictor again.") -> InputError {
    InputError(cause, at: place, remedy: remedy)
  }
}

extension PredictorArchive {
  /// Stores a value as JSON text. Equal values give equal text.
  public mutating func set(_ name: String, to value: some Encodable) throws {
    content.metadata[prefix + name] = try Self.text(value)
  }

  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode([value]).dropFirst().dropLast(), as: UTF8.self)
  }

  /// Whether there is a value under a name.
  func contains(_ name: String) -> Bool { content.metadata[prefix + name] != nil }

  /// The value under a name.
  /// - Throws: `InputError` when it doesn't exist or has another type.
  public func value<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    do {
      let text = "[" + (content.metadata[prefix + name] ?? "") + "]"
      guard let value = try JSONDecoder().decode([Value].self, from: Data(text.utf8)).first else {
        throw damage("the metadata has no \"\(prefix + name)\"")
      }
      if let value = value as? any CheckedStructure, !value.isSound {
        throw damage("the metadata's \"\(prefix + name)\" has numbers that don't fit each other")
      }
      return value
    } catch let error as InputError {
      throw error
    } catch {
      throw damage("the metadata's \"\(prefix + name)\" can't be read")
    }
  }

  /// The value under a name; nil if there is none.
  public func value<Value: Decodable>(ifPresent name: String, as type: Value.Type = Value.self) throws -> Value? {
    content.metadata[prefix + name] == nil ? nil : try value(name)
  }

  /// Stores a tensor in row-major order. Without a shape it is a vector.
  public mutating func setTensor(_ name: String, _ values: [Float], shape: [Int]? = nil) {
    content.tensors[prefix + name] = SafeTensors.Tensor(shape: shape ?? [values.count], values: .single(values))
  }

  /// Stores a tensor in row-major order. Without a shape it is a vector.
  public mutating func setTensor(_ name: String, _ values: [Double], shape: [Int]? = nil) {
    content.tensors[prefix + name] = SafeTensors.Tensor(shape: shape ?? [values.count], values: .double(values))
  }

  /// Stores a tensor in row-major order. Without a shape it is a vector.
  public mutating func setTensor(_ name: String, _ values: [Int32], shape: [Int]? = nil) {
    content.tensors[prefix + name] = SafeTensors.Tensor(shape: shape ?? [values.count], values: .integer(values))
  }

  /// The shape of a tensor.
  /// - Throws: `InputError` when the tensor doesn't exist.
  public func shape(ofTensor name: String) throws -> [Int] { try tensor(name, nil).shape }

  /// The numbers of a tensor in single precision, row-major.
  ///
  /// - Parameter shape: The required shape; nil allows any.
  /// - Throws: `InputError` when the tensor doesn't exist or has another shape or type.
  public func singles(_ name: String, shape: [Int]? = nil) throws -> [Float] {
    guard case .single(let values) = try tensor(name, shape).values else { throw wrongType(name, "F32") }
    return values
  }

  /// The numbers of a tensor in double precision, row-major.
  public func doubles(_ name: String, shape: [Int]? = nil) throws -> [Double] {
    guard case .double(let values) = try tensor(name, shape).values else { throw wrongType(name, "F64") }
    return values
  }

  /// The whole numbers of a tensor, row-major.
  public func integers(_ name: String, shape: [Int]? = nil) throws -> [Int32] {
    guard case .integer(let values) = try tensor(name, shape).values else { throw wrongType(name, "I32") }
    return values
  }

  private func tensor(_ name: String, _ shape: [Int]?) throws -> SafeTensors.Tensor {
    guard let tensor = content.tensors[prefix + name], shape.map({ $0 == tensor.shape }) ?? true else {
      throw damage("the file has no tensor \"\(prefix + name)\"" + (shape.map { " of shape \($0)" } ?? ""))
    }
    return tensor
  }

  private func wrongType(_ name: String, _ type: String) -> InputError {
    damage("the tensor \"\(prefix + name)\" is not of type \(type)")
  }

  /// Stores another predictor inside this archive.
  public mutating func setArchive(_ name: String, of predictor: some StorablePredictor) throws {
    var inner = try PredictorArchive(familyOf: predictor)
    try predictor.write(to: &inner)
    for (key, value) in inner.content.metadata { content.metadata["\(prefix)\(name).\(key)"] = value }
    for (key, tensor) in inner.content.tensors { content.tensors["\(prefix)\(name).\(key)"] = tensor }
  }

  /// The archive of a nested predictor; nil if there is none.
  func archive(_ name: String) -> PredictorArchive? {
    let inner = PredictorArchive(content, prefix: "\(prefix)\(name).", at: place ?? Place(file: ""))
    return inner.family == nil ? nil : inner
  }
}
