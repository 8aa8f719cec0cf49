import Foundation
import Numerics

/// Everything that the result of a fit depends on.
struct FitContent<Method: Recipe> {
  let recipe: Method
  let label: String
  let data: Dataset
  let split: Split

  private struct Settings: Encodable {
    var family = Method.family
    var recipe: Method
    var label: String
    var trainingCount: Int
  }

  /// The digest as 64 hexadecimal digits.
  func digest() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // A property that a graph doesn't have is NaN in the data's stored form.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let digest = ContentDigest()
    digest.add(try encoder.encode(Settings(recipe: recipe, label: label, trainingCount: split.training.count)))
    digest.add(try encoder.encode(data[split.training + split.validation]))
    return digest.finish().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
