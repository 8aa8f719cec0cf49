import Foundation

extension TrainingContext {
  /// Computes something that takes long, in a context in which its state can be kept, and keeps its result; or gives
  /// the result that was kept before.
  ///
  /// - Parameters:
  ///   - settings: With `data`, everything that the result depends on but the version of this library.
  ///   - taken: Called with a result that was kept before.
  package func keepingResult<Result: Codable>(
    of settings: some Encodable, data: [Data], taken: (Result) -> Void = { _ in },
    _ body: (TrainingContext) throws -> Result
  ) throws -> Result {
    var context = self
    context.checkpoint = try checkpoints.place(isKept: true) {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let digest = ContentDigest()
      digest.add(try encoder.encode(settings))
      for part in data { digest.add(part) }
      return digest.finish().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
    if let kept = context.checkpoint?.result(Result.self) {
      taken(kept)
      return kept
    }
    let result = try context.run { try body(context) }
    context.checkpoint?.keep(result: result)
    return result
  }
}
