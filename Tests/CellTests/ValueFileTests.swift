import CBOR
import Foundation
import Testing
import Wire

@testable import Cell

/// A temporary folder that is deleted with the test.
private final class ValueFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-values-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

@Suite struct ValueFileTests {
  private struct Weights: Codable, Equatable {
    var name: String
    var values: [Double]
  }

  private func written<Value: Codable>(_ value: Value, in folder: URL) throws -> (path: String, sha256: String) {
    let (digest, bytes) = try ValueFile.write(value, by: CBOREncoder(), into: folder)
    let file = folder.appendingPathComponent(digest)
    let data = try Data(contentsOf: file)
    #expect(data.count == bytes)
    #expect(SHA256.hex(data) == digest)
    return (file.path, digest)
  }

  /// Small values, and values large enough to be written and hashed concurrently.
  @Test(arguments: [0, 10, 20_000, 1_000_000])
  func comesBack(count: Int) throws {
    let folder = try ValueFolder()
    let numbers = (0..<count).map { 1 / Double($0 + 1) }
    let weights = Weights(name: "w", values: numbers)
    let (first, second) = (try written(numbers, in: folder.url), try written(weights, in: folder.url))
    #expect(try ValueFile.read([Double].self, at: first.path, sha256: first.sha256) == numbers)
    #expect(try ValueFile.read(Weights.self, at: second.path, sha256: second.sha256) == weights)
    // Writing the same value again gives the same file.
    #expect(try written(numbers, in: folder.url).path == first.path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count == 2)
  }

  @Test(arguments: [10, 1_000_000])
  func damageIsNoticed(count: Int) throws {
    let folder = try ValueFolder()
    let (path, digest) = try written(Array(repeating: 0.5, count: count), in: folder.url)
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    data[data.count / 2] ^= 1
    try data.write(to: URL(fileURLWithPath: path))
    #expect(throws: ValueFile.Damage.self) { try ValueFile.read([Double].self, at: path, sha256: digest) }
    try Data().write(to: URL(fileURLWithPath: path))
    #expect(throws: ValueFile.Damage.self) { try ValueFile.read([Double].self, at: path, sha256: digest) }
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: ValueFile.Damage.self) { try ValueFile.read([Double].self, at: path, sha256: digest) }
  }
}
