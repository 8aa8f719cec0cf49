import Core
import Foundation
import ONNX
import Wire

/// A model to be measured: a file in ONNX or in a runtime's own format (`.mnn`, `.tflite`, `.ncnn.zip`).
public struct ModelFile: Codable, Hashable, Sendable {
  /// The id of the network in tables.
  public let id: String
  public let path: String
  /// The SHA-256 of the file's content, in hexadecimal digits.
  public let digest: String

  /// - Parameter id: The id; by default the file's name without its extension.
  /// - Throws: `InputError` when the file can't be read.
  public init(_ path: String, id: String? = nil) throws {
    self.path = path
    self.id = id ?? (path as NSString).lastPathComponent.replacing(/(\.ncnn)?\.[A-Za-z0-9]+$/, with: "")
    digest = SHA256.hex(try FileAccess.read(path))
  }

  /// The ONNX models of a folder and its subfolders. Their ids are the paths relative to the folder, without `.onnx`.
  ///
  /// ```swift
  /// let models = try ModelFile.all(in: "models")
  /// ```
  /// - Throws: `InputError` when the folder doesn't exist or has no ONNX files.
  public static func all(in folder: String) throws -> [ModelFile] {
    try ONNXFolder(folder).models.map { try ModelFile($0.path, id: $0.id) }
  }

  /// The models at these paths; a folder means all models in it.
  /// - Throws: `InputError` when one can't be read.
  public static func named(_ paths: [String]) throws -> [ModelFile] {
    try paths.flatMap { path in
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      return exists && isFolder.boolValue ? try all(in: path) : [try ModelFile(path)]
    }
  }

  /// The name in an agent's cache.
  var cacheName: String { "\(digest).\((path as NSString).pathExtension.lowercased())" }
}
