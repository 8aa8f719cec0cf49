import Core
import Foundation
import Report
import Wire

/// How far two results agree: to the last bit, within a tolerance, or not.
package struct Comparison: Codable, Hashable, Sendable {
  /// Relative: two numbers agree when they differ by no more than this part of the larger one. Of numbers packed as bytes,
  /// which are the weights and measurements of whole data sets, those near zero are judged by the others' size.
  package let tolerance: Double
  /// The first few.
  package private(set) var differences: [Verification.Difference] = []
  package private(set) var differenceCount = 0
  /// The largest relative difference that was tolerated.
  package private(set) var largest = 0.0

  /// Differences that are kept with their values.
  package static let keptDifferences = 20

  package init(tolerance: Double) {
    self.tolerance = tolerance
  }

  /// Compares two values as they were handed on, in JSON.
  package mutating func compare(json old: Data, _ new: Data, at path: String) {
    if old == new { return }
    guard let left = try? CellJob.decoder.decode(JSONTree.self, from: old),
      let right = try? CellJob.decoder.decode(JSONTree.self, from: new)
    else { return differ(path, "\(old.count) bytes", "\(new.count) bytes that can't be read") }
    compare(left, right, at: path)
  }

  package mutating func compare(_ old: JSONTree, _ new: JSONTree, at path: String) {
    if old == new { return }
    switch (old, new) {
    case (.array(let left), .array(let right)):
      if left.count != right.count { differ(path, "\(left.count) items", "\(right.count) items") }
      for (index, pair) in zip(left, right).enumerated() { compare(pair.0, pair.1, at: "\(path)[\(index)]") }
    case (.object(let left), .object(let right)):
      // Times differ every time.
      if left.keys.elementsEqual([WallClock.CodingKeys.wallClock.rawValue]), left.keys == right.keys { return }
      for key in Set(left.keys).union(right.keys).sorted() {
        let inner = path.isEmpty ? key : "\(path).\(key)"
        switch (left[key], right[key]) {
        case (let left?, let right?): compare(left, right, at: inner)
        case (let left?, nil): differ(inner, left.text, "nothing")
        case (nil, let right): differ(inner, "nothing", right?.text ?? "nothing")
        }
      }
    case (.string(let left), .string(let right)):
      if !comparePacked(left, right, at: path) { compare(text: left, right, at: path) }
    case (.null, .number), (.number, .null), (.bool, _), (_, .bool): differ(path, old.text, new.text)
    default:
      guard let left = old.number, let right = new.number else { return differ(path, old.text, new.text) }
      compare(left, right, at: path)
    }
  }

  /// - Parameter scale: What numbers near zero are measured by.
  package mutating func compare(_ old: Double, _ new: Double, scale: Double = 0, at path: String) {
    if old == new || old.isNaN && new.isNaN { return }
    let difference = abs(old - new) / max(abs(old), abs(new), scale)
    if difference <= tolerance {
      largest = max(largest, difference)
    } else {
      differ(path, Self.text(old), Self.text(new))
    }
  }

  /// The shortest decimals that give the number, or the single-precision number that it is.
  private static func text(_ number: Double) -> String {
    if let whole = Int(exactly: number) { return String(whole) }
    return Double(Float(number)) == number ? "\(Float(number))" : "\(number)"
  }

  /// Compares texts line by line; numbers in them are numbers.
  package mutating func compare(text old: String, _ new: String, at path: String) {
    if old == new { return }
    let left = old.split(separator: "\n", omittingEmptySubsequences: false)
    let right = new.split(separator: "\n", omittingEmptySubsequences: false)
    if left.count != right.count { differ(path, "\(left.count) lines", "\(right.count) lines") }
    for (index, (old, new)) in zip(left, right).enumerated() where old != new {
      let place = max(left.count, right.count) > 1 ? "\(path) line \(index + 1)" : path
      let numbers = #/[-+−]?\d+(\.\d+)?([eE][-+]?\d+)?/#
      let (oldNumbers, newNumbers) = (old.matches(of: numbers), new.matches(of: numbers))
      func value(_ text: Substring) -> Double { Double(text.replacing("−", with: "-")) ?? .nan }
      let pairs = zip(oldNumbers, newNumbers).map { (value($0.0), value($1.0)) }
      let agrees =
        oldNumbers.count == newNumbers.count && old.replacing(numbers, with: "#") == new.replacing(numbers, with: "#")
        && pairs.allSatisfy { abs($0 - $1) <= tolerance * max(abs($0), abs($1)) }
      guard agrees else {
        differ(place, String(old), String(new))
        continue
      }
      for (old, new) in pairs where old != new { largest = max(largest, abs(old - new) / max(abs(old), abs(new))) }
    }
  }

  /// Compares numbers that stand as bytes in base64.
  /// - Returns: Whether the texts are such numbers.
  private mutating func comparePacked(_ old: String, _ new: String, at path: String) -> Bool {
    guard old.utf8.count >= 20, let left = Data(base64Encoded: old), let right = Data(base64Encoded: new),
      let (left, right) = PackedNumberReading.numbers(left, right)
    else { return false }
    if left.count != right.count { differ(path, "\(left.count) numbers", "\(right.count) numbers") }
    let square = left.reduce(0) { $0 + $1 * $1 } / Double(max(1, left.count))
    for (index, pair) in zip(left, right).enumerated() {
      compare(pair.0, pair.1, scale: square.squareRoot(), at: "\(path)[\(index)]")
    }
    return true
  }

  package mutating func differ(_ path: String, _ old: String, _ new: String) {
    differenceCount += 1
    guard differences.count < Self.keptDifferences else { return }
    func shortened(_ text: String) -> String { text.count > 200 ? text.prefix(200) + "…" : text }
    differences.append(Verification.Difference(path: path, old: shortened(old), new: shortened(new)))
  }
}

extension Comparison {
  /// What it says of a cell.
  package func cell(_ name: String, isSameBits: Bool, unseen: [String]) -> Verification.Cell {
    Verification.Cell(
      name: name, verdict: differenceCount > 0 ? .different : isSameBits ? .identical : .close,
      differences: differences,
      differenceCount: differenceCount, largest: largest, unseen: unseen)
  }
}
