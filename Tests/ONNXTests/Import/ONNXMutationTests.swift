import Foundation
import Testing

@testable import Core
@testable import ONNX

/// Model files with bytes changed, removed, repeated or cut off are read or refused, and none crashes the process.
@Suite struct ONNXMutationTests {
  static let models = [
    "constant-output", "control-flow", "declared-shape", "exported-plain", "function", "fused", "old-operators",
    "open-sizes",
  ]

  @Test(arguments: models)
  func isReadOrRefused(name: String) throws {
    let content = try ONNXModels.content(name)
    var random = SeededGenerator(seed: 7)
    var refused = 0
    for _ in 0..<300 {
      let mutated = Self.mutated(content, &random)
      do {
        let model = try ModelProto(decoding: mutated)
        #expect(try ModelProto(decoding: model.encoded()) == model)
        _ = try ONNXGraphReader.read(
          ONNXFile("m.onnx", mutated), id: "m", properties: [:], inputShapes: [:], registry: .standard)
      } catch is ProtobufFailure {
        #expect(throws: InputError.self) { try ONNXFile("m.onnx", mutated) }
        refused += 1
      } catch let error as InputError {
        #expect(error.place?.file == "m.onnx")
        refused += 1
      }
    }
    #expect(refused > 0)
  }

  private static func mutated(_ content: Data, _ random: inout SeededGenerator) -> Data {
    var bytes = Array(content)
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: bytes.indices, using: &random)
      let end = min(bytes.count, place + Int.random(in: 1...16, using: &random))
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes.removeSubrange(place..<end)
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
      default: bytes.removeSubrange(place...)
      }
    }
    return Data(bytes)
  }
}
