import CBOR
import Core
import Foundation
import Report
import Wire

/// A comparison of two results, which agree to the last bit, within a tolerance, or not.
package struct Comparison: Codable, Hashable, Sendable {
  /// The relative tolerance: two numbers agree when their difference is at most this fraction of the larger one. In
  /// long lists of numbers, such as weights, numbers near zero are judged by the size of the others.
  package let tolerance: Double
  /// The first differences, at most `keptDifferences`.
  package private(set) var differences: [Verification.Difference] = []
  package private(set) var differenceCount = 0
  /// The largest relative difference within the tolerance.
  package private(set) var largest = 0.0
  /// The number of differences within the tolerance.
  package private(set) var toleratedCount = 0
  /// The paths of measured times, which always differ.
  package private(set) var times: [String] = []

  /// The number of differences that are kept with their values.
  package static let keptDifferences = 20

  package init(tolerance: Double) {
    self.tolerance = tolerance
  }

  /// The number of elements from which a list counts as long.
  private static let longList = 64

  /// Compares two pieces of JSON.
  package mutating func compare(json old: Data, _ new: Data, at path: String) {
    if old == new { return }
    guard let left = try? ValueTree(json: old), let right = try? ValueTree(json: new) else {
      return differ(path, "\(old.count) bytes", "\(new.count) bytes that can't be read")
    }
    compare(left, right, at: path)
  }

  /// Compares two stored values.
  package mutating func compare(stored old: Data, _ new: Data, at path: String) {
    if old == new { return }
    guard let left = try? ValueTree(stored: old), let right = try? ValueTree(stored: new) else {
      return differ(path, "\(old.count) bytes", "\(new.count) bytes that can't be read")
    }
    compare(left, right, at: path)
  }

  package mutating func compare(_ old: ValueTree, _ new: ValueTree, at path: String) {
    if old == new { return }
    if comparePacked(old, new, at: path) { return }
    switch (old, new) {
    case (.list(let left), .list(let right)): compare(left, right, at: path)
    case (.map(let left), .map(let right)):
      // Measured times always differ.
      if left.keys.elementsEqual([WallClock.CodingKeys.wallClock.rawValue]), left.keys == right.keys { return }
      for key in Set(left.keys).union(right.keys).sorted() {
        let inner = path.isEmpty ? key : "\(path).\(key)"
        switch (left[key], right[key]) {
        case (let left?, let right?): compare(left, right, at: inner)
        case (let left?, nil): differ(inner, left.summary, "nothing")
        case (nil, let right): differ(inner, "nothing", right?.summary ?? "nothing")
        }
      }
    case (.text(let left), .text(let right)): compare(text: left, right, at: path)
    case (.bytes(let left), .bytes(let right)): compare(left, right, at: path)
    // JSON has bytes in base64.
    case (.text(let left), .bytes(let right)) where Data(base64Encoded: left) != nil:
      compare(Data(base64Encoded: left) ?? Data(), right, at: path)
    case (.null, _), (_, .null), (.bool, _), (_, .bool): differ(path, old.summary, new.summary)
    default:
      guard let left = old.number, let right = new.number else { return differ(path, old.summary, new.summary) }
      compare(left, right, at: path)
    }
  }

  private mutating func compare(_ old: some Collection<ValueTree>, _ new: some Collection<ValueTree>, at path: String) {
    if old.count != new.count { differ(path, "\(old.count) items", "\(new.count) items") }
    for (index, pair) in zip(old, new).enumerated() { compare(pair.0, pair.1, at: "\(path)[\(index)]") }
  }

  private mutating func compare(_ old: Data, _ new: Data, at path: String) {
    if old.count != new.count { return differ(path, "\(old.count) bytes", "\(new.count) bytes") }
    for (index, pair) in zip(old, new).enumerated() where pair.0 != pair.1 {
      differ("\(path)[\(index)]", "\(pair.0)", "\(pair.1)")
    }
  }

  /// Compares packed numbers. The path of a number is built only where it differs.
  /// - Returns: Whether both values are packed numbers.
  private mutating func comparePacked(_ old: ValueTree, _ new: ValueTree, at path: String) -> Bool {
    guard let right = new.packed else {
      guard let left = old.packed, case .list(let items) = new else { return false }
      compare(left, items, at: path)
      return true
    }
    let left: CBORNumbers
    switch old {
    case .list(let items):
      compare(items, right, at: path)
      return true
    // Old values in JSON have bytes without the type of their numbers, which the new value names.
    case .text(let text):
      guard let numbers = Data(base64Encoded: text).flatMap(right.sameType) else { return false }
      left = numbers
    default:
      guard let numbers = old.packed else { return false }
      left = numbers
    }
    if left == right { return true }
    if left.count != right.count { differ(path, "\(left.count) numbers", "\(right.count) numbers") }
    var scale = 0.0
    if left.isFloatingPoint, left.count >= Self.longList {
      scale = (left.reduce(0) { $0 + ($1.number ?? 0) * ($1.number ?? 0) } / Double(left.count)).squareRoot()
    }
    for index in 0..<min(left.count, right.count) {
      let (old, new) = (left[index], right[index])
      if old == new { continue }
      compare(old.number ?? .nan, new.number ?? .nan, scale: scale, at: "\(path)[\(index)]")
    }
    return true
  }

  /// - Parameter scale: The size by which numbers near zero are judged.
  package mutating func compare(_ old: Double, _ new: Double, scale: Double = 0, at path: String) {
    if old == new || old.isNaN && new.isNaN { return }
    let difference = abs(old - new) / max(abs(old), abs(new), scale)
    if difference <= tolerance {
      largest = max(largest, difference)
      toleratedCount += 1
    } else {
      differ(path, Self.text(old), Self.text(new))
    }
  }

  /// The shortest decimals that identify the number, or its single-precision value if it has one.
  private static func text(_ number: Double) -> String {
    if let whole = Int(exactly: number) { return String(whole) }
    return Double(Float(number)) == number ? "\(Float(number))" : "\(number)"
  }

  /// Records the path of a measured time, which is not compared.
  package mutating func skipTime(at path: String) {
    if !times.contains(path) { times.append(path) }
  }

  /// Compares texts line by line. Numbers in them are compared as numbers, and measured times are ignored.
  package mutating func compare(text old: String, _ new: String, at path: String) {
    if old == new { return }
    let left = old.split(separator: "\n", omittingEmptySubsequences: false)
    let right = new.split(separator: "\n", omittingEmptySubsequences: false)
    if left.count != right.count { differ(path, "\(left.count) lines", "\(right.count) lines") }
    for (index, (old, new)) in zip(left, right).enumerated() where old != new {
      let place = max(left.count, right.count) > 1 ? "\(path) line \(index + 1)" : path
      let (shownOld, shownNew) = (old, new)
      let (old, new) = (MeasuredTimes.masked(old), MeasuredTimes.masked(new))
      if old == new {
        skipTime(at: place)
        continue
      }
      let numbers = #/[-+−]?\d+(\.\d+)?([eE][-+]?\d+)?/#
      let (oldNumbers, newNumbers) = (old.matches(of: numbers), new.matches(of: numbers))
      func value(_ text: Substring) -> Double { Double(text.replacing("−", with: "-")) ?? .nan }
      let pairs = zip(oldNumbers, newNumbers).map { (value($0.0), value($1.0)) }
      let agrees =
        oldNumbers.count == newNumbers.count && old.replacing(numbers, with: "#") == new.replacing(numbers, with: "#")
        && pairs.allSatisfy { abs($0 - $1) <= tolerance * max(abs($0), abs($1)) }
      guard agrees else {
        differ(place, String(shownOld), String(shownNew))
        continue
      }
      toleratedCount += 1
      for (old, new) in pairs where old != new { largest = max(largest, abs(old - new) / max(abs(old), abs(new))) }
    }
  }

  /// Counts a difference of texts that is within the tolerance.
  package mutating func tolerate() { toleratedCount += 1 }

  package mutating func differ(_ path: String, _ old: String, _ new: String) {
    differenceCount += 1
    guard differences.count < Self.keptDifferences else { return }
    func shortened(_ text: String) -> String { text.count > 200 ? text.prefix(200) + "…" : text }
    differences.append(Verification.Difference(path: path, old: shortened(old), new: shortened(new)))
  }
}

extension Comparison {
  /// The verification result for a cell.
  package func cell(_ name: String, isSameBits: Bool, unseen: [String]) -> Verification.Cell {
    Verification.Cell(
      name: name, verdict: differenceCount > 0 ? .different : isSameBits ? .identical : .close,
      differences: differences,
      differenceCount: differenceCount, largest: largest, unseen: unseen, times: times.isEmpty ? nil : times)
  }
}
