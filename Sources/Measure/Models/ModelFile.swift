internal import Basics
import Core
import Foundation
import ONNX
import Synchronization
import Wire

/// A model to be measured: a file in ONNX or in a runtime's own format (`.mnn`, `.tflite`, `.ncnn.zip`).
public struct ModelFile: Codable, Hashable, Sendable {
  /// The id of the network in tables.
  public let id: String
  public let path: String
  /// The SHA-256 of the file's content, in hexadecimal digits.
  public let digest: String
  /// The file's stamp just before its content was read for the digest; nil if another process computed it.
  private(set) var stamp: FileStamp? = nil

  private enum CodingKeys: String, CodingKey { case id, path, digest }

  /// - Parameter id: The id; by default the file's name without its extension.
  /// - Throws: `InputError` when the file can't be read.
  public init(_ path: String, id: String? = nil) throws {
    let stamp = FileStamp(path)
    self.init(path, id: id, digest: SHA256.hex(try FileAccess.read(path)), stamp)
  }

  private init(_ path: String, id: String?, digest: String, _ stamp: FileStamp?) {
    self.path = path
    self.stamp = stamp
    self.id = id ?? (path as NSString).lastPathComponent.replacing(/(\.ncnn)?\.[A-Za-z0-9]+$/, with: "")
    self.digest = digest
  }

  /// The ONNX models of a folder and its subfolders. Their ids are the paths relative to the folder, without `.onnx`.
  ///
  /// ```swift
  /// let models = try ModelFile.all(in: "models")
  /// ```
  /// - Throws: `InputError` when the folder doesn't exist or has no ONNX files.
  public static func all(in folder: String) throws -> [ModelFile] {
    let files = try ONNXFolder(folder).models
    // As many files as there are processors are read, one after the other, and then their digests are computed at once.
    let atOnce = max(ProcessInfo.processInfo.activeProcessorCount, 1)
    return try stride(from: 0, to: files.count, by: atOnce).flatMap { first in
      let some = files[first..<min(first + atOnce, files.count)]
      let stamps = some.map { FileStamp($0.path) }
      let contents = try some.map { try FileAccess.read($0.path) }
      let digests = Mutex([Int: String]())
      DispatchQueue.concurrentPerform(iterations: contents.count) { index in
        let digest = SHA256.hex(contents[index])
        digests.withLock { $0[index] = digest }
      }
      return zip(contents.indices, some).map { index, file in
        ModelFile(file.path, id: file.id, digest: digests.withLock { $0[index] ?? "" }, stamps[index])
      }
    }
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

extension ModelFile {
  public static func == (one: ModelFile, other: ModelFile) -> Bool {
    (one.id, one.path, one.digest) == (other.id, other.path, other.digest)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(path)
    hasher.combine(digest)
  }
}
