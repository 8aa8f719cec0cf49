internal import Basics
import Foundation

/// Stores predictors as safetensors files, which Python's libraries can read.
extension StorablePredictor {
  /// Writes the predictor to a file, which is replaced atomically.
  ///
  /// - Throws: `InputError` when the file can't be written.
  public func save(to path: String) throws {
    do {
      try safetensors().write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch let error as CocoaError {
      throw InputError(
        "the predictor can't be written: \(fileCause(error))", at: Place(file: path),
        remedy: "Choose a folder that exists and may be written to.")
    }
  }

  /// The bytes of such a file. Equal predictors have equal bytes.
  public func safetensors() throws -> Data {
    let base = AnyPredictor(self)
    func archive(_ predictor: some StorablePredictor) throws -> PredictorArchive {
      var archive = try PredictorArchive(familyOf: predictor)
      try predictor.write(to: &archive)
      return archive
    }
    var content = try archive(base.base).content
    content.metadata["format"] = PredictorFile.format
    return try content.encoded()
  }

  /// Reads a predictor of this type from a file that `save(to:)` wrote. See also `openPredictor`.
  ///
  /// - Throws: `InputError` when the file can't be read, is damaged, or holds another kind of predictor.
  public init(contentsOf path: String) throws {
    try self.init(safetensors: FileAccess.read(path), at: Place(file: path))
  }

  /// Reads a predictor from the bytes of such a file.
  ///
  /// - Parameter place: The place that errors name.
  public init(safetensors data: Data, at place: Place) throws {
    let predictor = try PredictorFile.predictor(data, at: place)
    guard let predictor = predictor.as(Self.self) else {
      throw InputError(
        "the file holds a predictor of the family \"\(predictor.family)\", not \"\(Self.family)\"", at: place,
        remedy: "Open it with openPredictor, which reads any family.")
    }
    self = predictor
  }
}

/// Reads a predictor of any family from a file that `save(to:)` wrote.
///
/// ```swift
/// let predictor = try openPredictor("latency.safetensors")
/// print(predictor.family, predictor.device, try predictor.predict([graph])[0], predictor.unit)
/// ```
///
/// - Throws: `InputError` when the file can't be read, is damaged, holds no predictor, or a family that this version
///   of Labbook doesn't have.
public func openPredictor(_ path: String) throws -> AnyPredictor {
  try AnyPredictor(contentsOf: path)
}

/// The file format of predictors.
enum PredictorFile {
  static let format = "labbook-predictor-1"

  static func predictor(_ data: Data, at place: Place) throws -> AnyPredictor {
    let content = try SafeTensors(data, at: place)
    switch content.metadata["format"] {
    case format: return try AnyPredictor(reading: PredictorArchive(content, at: place))
    case OldPredictorFile.gcn: return try OldPredictorFile(content, at: place).gcn()
    case OldPredictorFile.ensemble: return try OldPredictorFile(content, at: place).ensemble()
    case let other:
      throw InputError(
        "this safetensors file is not a predictor of Labbook", at: place,
        remedy: other.map { "Its format is \"\($0)\", not \"\(format)\"." }
          ?? "Its metadata would say \"format\": \"\(format)\".")
    }
  }
}
