import CBOR
import Core
import Foundation
import Testing
import Wire

@testable import Proof

@Suite struct ComparisonTests {
  struct Row: Sendable {
    var old: String
    var new: String
    var tolerance = 1e-6
    /// The largest tolerated difference, if the values count as equal.
    var largest: Double? = nil
    var differences: [String] = []
  }

  static func doubles(_ values: [Double]) -> String {
    let data = values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    return "{\"float64\":\"\(data.base64EncodedString())\"}"
  }

  static func singles(_ values: [Float]) -> String {
    let data = values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    return "{\"float32\":\"\(data.base64EncodedString())\"}"
  }

  static let ones = [Float](repeating: 1, count: 63)

  static let rows: [Row] = [
    Row(old: "1.5", new: "1.5", largest: 0),
    Row(old: "1", new: "1.0", largest: 0),
    Row(old: "2", new: "2.000001", largest: 5e-7),
    Row(old: "2", new: "2.00001", differences: ["v: 2 → 2.00001"]),
    Row(old: "2", new: "2.000001", tolerance: 0, differences: ["v: 2 → 2.000001"]),
    Row(old: "-1", new: "1", differences: ["v: -1 → 1"]),
    Row(old: "0", new: "1e-12", differences: ["v: 0 → 1e-12"]),
    Row(old: "true", new: "1", differences: ["v: true → 1"]),
    Row(old: "null", new: "0", differences: ["v: null → 0"]),
    Row(old: "\"nan\"", new: "\"nan\"", largest: 0),
    Row(old: "\"nan\"", new: "1.5", differences: ["v: nan → 1.5"]),
    Row(old: "[1,2,3]", new: "[1,2]", differences: ["v: 3 items → 2 items"]),
    Row(old: "[1,2,3]", new: "[1,4,3]", differences: ["v[1]: 2 → 4"]),
    Row(
      old: #"{"a":1,"b":[{"c":1}]}"#, new: #"{"a":1,"b":[{"c":2}],"d":0}"#,
      differences: ["v.b[0].c: 1 → 2", "v.d: nothing → 0"]),
    Row(old: #"{"seconds":{"wallClock":1.5}}"#, new: #"{"seconds":{"wallClock":2.5}}"#, largest: 0),
    Row(old: "\"lr 0.001\"", new: "\"lr 0.01\"", differences: ["v: lr 0.001 → lr 0.01"]),
    Row(old: "\"loss 0.5 of 3\"", new: "\"loss 0.5000001 of 3\"", largest: 2e-7),
    Row(old: "\"a 1\"", new: "\"b 1\"", differences: ["v: a 1 → b 1"]),
    Row(old: "\"一\\n二 2\\n三\"", new: "\"一\\n二 3\\n三\"", differences: ["v line 2: 二 2 → 二 3"]),
    Row(old: "\"a\\nb\"", new: "\"a\"", differences: ["v: 2 lines → 1 lines"]),
    Row(old: doubles([1, 2, 3]), new: doubles([1, 2.000001, 3]), largest: 5e-7),
    Row(old: doubles([1, 2, 3]), new: doubles([1, 2.5, 3]), differences: ["v[1]: 2 → 2.5"]),
    Row(old: doubles([0.1, 0.7, -3.3]), new: doubles([0.1, 0.7, -3.31]), differences: ["v[2]: -3.3 → -3.31"]),
    Row(old: singles([1, 2, 3, 4]), new: singles([1, 2, 3, 4.5]), differences: ["v[3]: 4 → 4.5"]),
    Row(old: singles([1, 2, 3, 4]), new: singles([1.5, 2, 3, 4]), differences: ["v[0]: 1 → 1.5"]),
    Row(old: singles([1, 1e-9]), new: singles([1, -1e-9]), differences: ["v[1]: 1e-09 → -1e-09"]),
    // Near zero, a network's weights are judged by the size of the other weights.
    Row(old: singles(ones + [1e-9]), new: singles(ones + [-1e-9]), largest: 2.0159e-9),
    Row(
      old: singles([1, 2, 3, 4]), new: singles([1, 2, 3, 4, 5]), differences: ["v: 4 numbers → 5 numbers"]),
    // Text that looks like base64.
    Row(
      old: "\"abcdefghijklmnopqrstuvwxyzabcdef\"", new: "\"abcdefghijklmnopqrstuvwxyzabcdeg\"",
      differences: ["v: abcdefghijklmnopqrstuvwxyzabcdef → abcdefghijklmnopqrstuvwxyzabcdeg"]),
  ]

  @Test(arguments: rows)
  func comparesValues(row: Row) {
    var comparison = Comparison(tolerance: row.tolerance)
    comparison.compare(json: Data(row.old.utf8), Data(row.new.utf8), at: "v")
    #expect(comparison.differences.map { "\($0.path): \($0.old) → \($0.new)" } == row.differences)
    if let largest = row.largest { #expect(abs(comparison.largest - largest) <= 1e-3 * largest) }
  }

  struct Trained: Codable {
    struct Epoch: Codable {
      var loss: Double
      @WallClock var seconds: Double
    }

    var label = "a"
    var history = [Epoch(loss: 0.5, seconds: 1), Epoch(loss: 0.25, seconds: 2)]
    var weights: [Float] = [1, 2, 3]
    var counts = [1, 2]
    var bytes = Data([1, 2, 3])
    var names = ["x": 1.5]
  }

  private func comparison(_ change: (inout Trained) -> Void, old: (Trained) throws -> Data) throws -> Comparison {
    var new = Trained()
    change(&new)
    var comparison = Comparison(tolerance: 1e-6)
    comparison.compare(stored: try old(Trained()), try CBOREncoder().encode(new).data, at: "v")
    return comparison
  }

  private typealias Change = (apply: @Sendable (inout Trained) -> Void, path: String, old: String, new: String)

  private static let changes: [Change] = [
    (apply: { @Sendable in $0.history[1].loss = 0.3 }, path: "v.history[1].loss", old: "0.25", new: "0.3"),
    (apply: { @Sendable in $0.weights[2] = 4 }, path: "v.weights[2]", old: "3", new: "4"),
    (apply: { @Sendable in $0.weights = [1] }, path: "v.weights", old: "3 numbers", new: "1 numbers"),
    (apply: { @Sendable in $0.counts[0] = 7 }, path: "v.counts[0]", old: "1", new: "7"),
    (apply: { @Sendable in $0.bytes[1] = 9 }, path: "v.bytes[1]", old: "2", new: "9"),
    (apply: { @Sendable in $0.names = [:] }, path: "v.names.x", old: "1.5", new: "nothing"),
    (apply: { @Sendable in $0.label = "b" }, path: "v.label", old: "a", new: "b"),
  ]

  @Test(arguments: changes.indices) func namesThePlaceInAStoredValue(_ index: Int) throws {
    let (change, path, old, new) = Self.changes[index]
    let found = try comparison(change) { try CBOREncoder().encode($0).data }
    let first = try #require(found.differences.first)
    #expect((first.path, first.old, first.new) == (path, old, new))
    #expect(try comparison({ $0.history[0].seconds = 9 }, old: { try CBOREncoder().encode($0).data }).differences == [])
  }

  /// A value as an earlier version stored it: JSON in a list of one.
  @Test func valuesInJSONAreComparedWithThoseOfToday() throws {
    func json(_ value: Trained) throws -> Data { try CellJob.encoder.encode([value]) }
    #expect(try comparison({ _ in }, old: json).differences.isEmpty)
    let changed = try comparison({ $0.weights[0] = 1.5 }, old: json)
    #expect(changed.differences.map(\.path) == ["v.weights[0]"])
    // Earlier versions stored numbers as bytes without their type.
    let bytes = [1.0, 2.5].withUnsafeBytes { Data($0) }.base64EncodedString()
    var packed = Comparison(tolerance: 0)
    packed.compare(stored: Data("[\"\(bytes)\"]".utf8), try CBOREncoder().encode([1.0, 2]).data, at: "v")
    #expect(packed.differences.map(\.path) == ["v[1]"])
  }

  @Test(arguments: [
    ("trained for 3.2 s", "trained for 3.9 s", [String](), ["p"]),
    ("took 3 min 05 s.", "took 58 s.", [], ["p"]), ("0.0312 seconds", "0.0415 seconds", [], ["p"]),
    ("用时 12 秒，误差 0.3", "用时 15 秒，误差 0.3", [], ["p"]),
    ("a\n2 s", "a\n3 s", [], ["p line 2"]),
    // A latency in milliseconds is a result, and so is a speed. A time doesn't hide a difference beside it.
    ("took 31 ms", "took 41 ms", ["p"], []), ("3 s/epoch", "4 s/epoch", ["p"], []),
    ("loss 0.5 in 2 s", "loss 0.6 in 3 s", ["p"], []), ("5 samples", "6 samples", ["p"], []),
  ]) func printedTimesAreNotCompared(_ old: String, _ new: String, _ differences: [String], _ times: [String]) {
    var comparison = Comparison(tolerance: 1e-6)
    comparison.compare(text: old, new, at: "p")
    #expect(comparison.differences.map(\.path) == differences)
    #expect(comparison.times == times)
  }

  @Test(arguments: [
    ("Duration", true), ("[Duration]", true), ("[String: Swift.Duration]", true), ("Foundation.Date?", true),
    ("[[ContinuousClock.Instant]]", true), ("Double", false), ("[Duration: Double]", false), ("Durations", false),
  ]) func typesOfTimes(_ type: String, _ isTime: Bool) {
    #expect(MeasuredTimes.isTime(type: type) == isTime)
  }

  @Test func whatCantBeReadDiffers() throws {
    var comparison = Comparison(tolerance: 0)
    comparison.compare(stored: try CBOREncoder().encode([1.0]).data, Data([0xD9, 0xD9, 0xF7, 0x9B]), at: "v")
    #expect(comparison.differences.map(\.new) == ["4 bytes that can't be read"])
  }

  @Test func countsAllDifferencesAndKeepsTheFirst() {
    var comparison = Comparison(tolerance: 0)
    let (old, new) = (Array(0..<100), Array(1..<101))
    comparison.compare(json: Data("\(old)".utf8), Data("\(new)".utf8), at: "v")
    #expect(comparison.differenceCount == 100)
    #expect(comparison.differences.count == Comparison.keptDifferences)
    #expect(comparison.differences[0].path == "v[0]")
  }

  /// For any two numbers, they agree within a tolerance slightly above their distance and differ slightly below it.
  @Test func theToleranceIsExact() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<1000 {
      let old = Double.random(in: -1e6...1e6, using: &generator)
      let new = old * (1 + Double.random(in: -0.1...0.1, using: &generator))
      let distance = abs(old - new) / max(abs(old), abs(new))
      for (factor, count) in [(1.01, 0), (0.99, 1)] where distance > 0 {
        var comparison = Comparison(tolerance: distance * factor)
        comparison.compare(old, new, at: "v")
        #expect(comparison.differenceCount == count, "\(old) \(new)")
      }
    }
  }
}
