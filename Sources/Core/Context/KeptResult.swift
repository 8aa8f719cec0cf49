import Foundation

extension TrainingContext {
  /// Computes a result that takes long and stores it, or returns the result that was stored earlier. The context
  /// decides where states and results are stored.
  ///
  /// - Parameters:
  ///   - settings: Together with `data`, everything that the result depends on except the version of this library.
  ///   - taken: Called with a result that was stored earlier.
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
