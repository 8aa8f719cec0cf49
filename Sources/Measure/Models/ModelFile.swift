import Core
import Foundation
import ONNX
import Wire

/// A model that is to be measured: a file in ONNX or in a runtime's own form (`.mnn`, `.tflite`).
public struct ModelFile: Codable, Hashable, Sendable {
  /// The name of the network in tables.
  public let id: String
  public let path: String
  /// SHA-256 of the file's content, in hexadecimal.
  public let digest: String

  /// - Parameter id: By default the file's name without its suffix.
  /// - Throws: `InputError` when the file can't be read.
  public init(_ path: String, id: String? = nil) throws {
    self.path = path
    self.id = id ?? (path as NSString).lastPathComponent.replacing(/\.[A-Za-z0-9]+$/, with: "")
    digest = SHA256.hex(try FileAccess.read(path))
  }

  /// The ONNX models of a folder and the folders in it, with their paths from there on, without `.onnx`, as ids.
  ///
  /// ```swift
  /// let models = try ModelFile.all(in: "models")
  /// ```
  /// - Throws: `InputError` when there is no such folder or it has no ONNX files.
  public static func all(in folder: String) throws -> [ModelFile] {
    try ONNXFolder(folder).models.map { try ModelFile($0.path, id: $0.id) }
  }

  /// Models by their paths; a folder stands for all in it.
  /// - Throws: `InputError` when one can't be read.
  public static func named(_ paths: [String]) throws -> [ModelFile] {
    try paths.flatMap { path in
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      return exists && isFolder.boolValue ? try all(in: path) : [try ModelFile(path)]
    }
  }

  /// Its name in an agent's cache.
  var cacheName: String { "\(digest).\((path as NSString).pathExtension.lowercased())" }
}
