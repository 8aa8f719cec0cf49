import CBOR
import Foundation
import Testing

@testable import Core

/// The package's folder.
let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Data that isn't part of the package. Tests that need it are skipped if it is absent.
enum SharedData {
  static let folder = packageRoot.deletingLastPathComponent().appending(path: "shared/data")
  static let isPresent = FileManager.default.fileExists(atPath: folder.path)

  /// The table in a gzipped CSV file.
  static func table(_ name: String, in subfolder: String = "nasbench201") throws -> CSVTable {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", folder.appending(path: "\(subfolder)/\(name).csv.gz").path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let content = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return try CSVTable(content, file: "\(name).csv")
  }
}

/// The shipped data set.
enum PrunedResNet {
  static let architectures = packageRoot.appending(path: "notebooks/data/pruned-resnet/architectures.jsonl").path
  static let latencies = packageRoot.appending(path: "notebooks/data/pruned-resnet/latency.csv").path

  static func load(_ device: String) throws -> Dataset {
    try Dataset.load(architectures: architectures, latencies: latencies, device: device)
  }
}

/// A temporary folder with files, which is deleted after the test.
struct TemporaryFiles: ~Copyable {
  private let folder: URL

  /// - Parameter files: The name and content of each file.
  init(_ files: [String: String]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "labbook-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, content) in files { try Data(content.utf8).write(to: folder.appending(path: name)) }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// The whole message of the `InputError` that `body` throws, without the folder; "no error" if it throws none.
  func message(_ body: (borrowing TemporaryFiles) throws -> Void) throws -> String {
    do {
      try body(self)
      return "no error"
    } catch let error as InputError {
      return error.description.replacingOccurrences(of: folder.path + "/", with: "")
    }
  }
}

/// The whole message of the `InputError` that `body` throws; "no error" if it throws none.
func message(_ body: () throws -> Void) throws -> String {
  try TemporaryFiles([:]).message { _ in try body() }
}

/// The value after a round trip through CBOR, by which cells pass values on.
func handedOn<Value: Codable>(_ value: Value) throws -> Value {
  try CBORDecoder().decode(Value.self, from: CBOREncoder().encode(value).data)
}

/// A chain of nodes, in which each node feeds the next.
func chain(_ id: String, _ nodes: [Node], properties: [String: Double] = [:]) throws -> NetworkGraph {
  try NetworkGraph(
    id: id, nodes: nodes, edges: nodes.indices.dropLast().map { Edge($0, $0 + 1) }, properties: properties)
}
