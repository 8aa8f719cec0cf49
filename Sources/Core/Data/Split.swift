internal import Basics
import Numerics

/// The indices of a data set's samples for training, validation and test, in three disjoint parts.
///
/// ```swift
/// let split = try data.split(.stratified(by: "pruned_units", seed: 1))
/// let test = data[split.test]
/// ```
public struct Split: Codable, Hashable, Sendable {
  public let training: [Int]
  public let validation: [Int]
  public let test: [Int]

  /// - Throws: `InputError` when an index is negative or appears twice.
  public init(training: [Int], validation: [Int], test: [Int]) throws {
    var seen = Set<Int>()
    for (part, indices) in [("training", training), ("validation", validation), ("test", test)] {
      for index in indices {
        guard index >= 0 else { throw InputError("the \(part) part has the index \(index)") }
        guard seen.insert(index).inserted else {
          throw InputError(
            "the index \(index) of the \(part) part appears twice",
            remedy: "A sample may belong to only one part: a test on training samples would be meaningless.")
        }
      }
    }
    self.training = training
    self.validation = validation
    self.test = test
  }

  private enum Key: String, CodingKey { case training, validation, test }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    do {
      try self.init(
        training: container.decode([Int].self, forKey: .training),
        validation: container.decode([Int].self, forKey: .validation), test: container.decode([Int].self, forKey: .test)
      )
    } catch let error as InputError {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: error.cause))
    }
  }

  public var count: Int { training.count + validation.count + test.count }

  /// How a data set is divided. `training` is the fraction of training and validation samples together; the rest is
  /// the test part. `validation` is the fraction of these that is set aside for validation, chosen by `seed`.
  public enum Method: Codable, Hashable, Sendable {
    /// The first samples are for training, the last for testing. If the samples are ordered, this tests
    /// extrapolation.
    case sequential(training: Double = 0.75, validation: Double = 0.1, seed: UInt64 = TrainingContext.current.seed)
    /// Every sample is equally likely to be in each part.
    case shuffled(training: Double = 0.75, validation: Double = 0.1, seed: UInt64 = TrainingContext.current.seed)
    /// Shuffled, with each value (or range of values) of a property represented in each part in proportion.
    case stratified(
      by: String, training: Double = 0.75, validation: Double = 0.1, seed: UInt64 = TrainingContext.current.seed)
  }
}

extension Dataset {
  /// Divides the data set; the same method and seed always give the same parts.
  ///
  /// Each requested part gets at least one sample. Shuffled and stratified parts are in random order, so that any
  /// prefix of the training part is a random sample too.
  /// - Throws: `InputError` when a fraction is not between 0 and 1 (`validation` may be 0), when there are too few
  ///   samples, and when a graph lacks the property to stratify by.
  public func split(_ method: Split.Method) throws -> Split {
    switch method {
    case .sequential(let training, let validation, let seed):
      let sizes = try Split.Sizes(of: count, training: training, validation: validation)
      var random = SeededGenerator(seed: seed)
      let validating = Set((0..<sizes.learning).shuffled(using: &random).prefix(sizes.validation))
      return try Split(
        training: (0..<sizes.learning).filter { !validating.contains($0) }, validation: validating.sorted(),
        test: Array(sizes.learning..<count))
    case .shuffled(let training, let validation, let seed):
      let sizes = try Split.Sizes(of: count, training: training, validation: validation)
      var random = SeededGenerator(seed: seed)
      let order = (0..<count).shuffled(using: &random)
      return try Split(
        training: Array(order[sizes.validation..<sizes.learning]), validation: Array(order[..<sizes.validation]),
        test: Array(order[sizes.learning...]))
    case .stratified(let name, let training, let validation, let seed):
      let sizes = try Split.Sizes(of: count, training: training, validation: validation)
      let values = try property(name)
      var random = SeededGenerator(seed: seed)
      let byValue = (0..<count).shuffled(using: &random).stablySorted { values[$0] < values[$1] }
      let (test, learning) = Split.oneOfEachBlock(byValue, count: sizes.test, using: &random)
      let (validating, rest) = Split.oneOfEachBlock(learning, count: sizes.validation, using: &random)
      return try Split(
        training: rest.shuffled(using: &random), validation: validating.shuffled(using: &random),
        test: test.shuffled(using: &random))
    }
  }
}

extension Split {
  /// The sizes of the parts.
  fileprivate struct Sizes {
    var learning: Int
    var validation: Int
    var test: Int

    init(of count: Int, training: Double, validation: Double) throws {
      guard training > 0, training < 1 else {
        throw InputError(
          "the training share is \(training)",
          remedy: "It must be between 0 and 1: 0.75 leaves a quarter for the test.")
      }
      guard validation >= 0, validation < 1 else {
        throw InputError(
          "the validation share is \(validation)",
          remedy: "It is a share of the training part, from 0 to less than 1.")
      }
      let needed = validation > 0 ? 3 : 2
      guard count >= needed else {
        throw InputError(
          "\(count == 1 ? "1 sample is" : "\(count) samples are") too few for a split into \(needed) parts",
          remedy: validation > 0 ? "Load more, or give validation: 0." : "Load more.")
      }
      test = min(max(count - Int(clamping: (Double(count) * training).rounded()), 1), count - needed + 1)
      learning = count - test
      self.validation =
        validation > 0 ? min(max(Int(clamping: (Double(learning) * validation).rounded()), 1), learning - 1) : 0
    }
  }

  /// Cuts `ordered` into `count` blocks of nearly equal size and takes one element of each at random. So every range
  /// of the order is represented in proportion, to within one element.
  fileprivate static func oneOfEachBlock(
    _ ordered: [Int], count: Int, using random: inout SeededGenerator
  ) -> (taken: [Int], left: [Int]) {
    var taken: [Int] = []
    var left: [Int] = []
    for block in 0..<count {
      let range = (block * ordered.count / count)..<((block + 1) * ordered.count / count)
      let chosen = Int.random(in: range, using: &random)
      taken.append(ordered[chosen])
      left += range.lazy.filter { $0 != chosen }.map { ordered[$0] }
    }
    return (taken, count == 0 ? ordered : left)
  }
}
