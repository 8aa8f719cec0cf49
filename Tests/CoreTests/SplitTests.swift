import Foundation
import Testing

@testable import Core

@Suite struct SplitTests {
  private func data(_ count: Int, pruned: (Int) -> Double = { Double($0) }) throws -> Dataset {
    let graphs = try (0..<count).map {
      try chain("\($0)", [Node(.input), Node(.output)], properties: ["pruned_units": pruned($0)])
    }
    return try Dataset(device: "cpu", graphs: graphs, latencies: graphs.map { _ in 1 })
  }

  private static let methods: [Split.Method] = [
    .sequential(), .shuffled(seed: 1), .stratified(by: "pruned_units", seed: 1),
  ]

  @Test(arguments: methods)
  func partsAreDisjointAndWhole(_ method: Split.Method) throws {
    let data = try data(600)
    let split = try data.split(method)
    #expect((split.training + split.validation + split.test).sorted() == Array(0..<600))
    #expect(split.training.count == 405)
    #expect(split.validation.count == 45)
    #expect(split.test.count == 150)
    #expect(try data.split(method) == split)
    #expect(try handedOn(split) == split)
    #expect(try handedOn(method) == method)
  }

  @Test func sequentialTestsTheLastQuarter() throws {
    let data = try data(600)
    let split = try data.split(.sequential())
    #expect(split.test == Array(450..<600))
    #expect(split.training == split.training.sorted())
    #expect(split.validation != Array(split.validation[0]..<(split.validation[0] + 45)))
    #expect(try data.split(.sequential(seed: 2)).validation != split.validation)
    #expect(try data.split(.sequential(seed: 2)).test == split.test)
    #expect(try data.split(.sequential(training: 0.5, validation: 0)).training == Array(0..<300))
  }

  @Test func seedsGiveOtherParts() throws {
    let data = try data(600)
    let methods: [(Split.Method, Split.Method)] = [
      (.shuffled(seed: 1), .shuffled(seed: 2)),
      (.stratified(by: "pruned_units", seed: 1), .stratified(by: "pruned_units", seed: 2)),
    ]
    for (first, second) in methods {
      let (one, two) = (try data.split(first), try data.split(second))
      #expect(one.test != two.test)
      #expect(one.validation != two.validation)
    }
    #expect(try data.split(.shuffled(seed: 1)).test != Array(450..<600))
  }

  @Test func strataKeepTheirShares() throws {
    let data = try data(600) { Double($0 * $0 % 13) }
    let values = try data.property("pruned_units")
    let split = try data.split(.stratified(by: "pruned_units", seed: 3))
    for value in Set(values) {
      let count = Double(values.count { $0 == value })
      #expect(abs(Double(split.test.count { values[$0] == value }) - count * 0.25) <= 2)
      #expect(abs(Double(split.validation.count { values[$0] == value }) - count * 0.075) <= 2)
    }
  }

  @Test func aContinuousPropertyIsStratifiedByItsRange() throws {
    let data = try data(400) { Double($0) }
    let split = try data.split(.stratified(by: "pruned_units", training: 0.75, validation: 0.2, seed: 5))
    // Of every 40 consecutive networks, 10 are for testing and 6 for validation.
    for start in stride(from: 0, to: 400, by: 40) {
      #expect(split.test.count { (start..<(start + 40)).contains($0) } == 10)
      #expect(abs(split.validation.count { (start..<(start + 40)).contains($0) } - 6) <= 1)
    }
  }

  @Test(arguments: methods)
  func smallDataSets(_ method: Split.Method) throws {
    for count in 3...12 {
      let split = try data(count).split(method)
      #expect(split.count == count)
      #expect(!split.training.isEmpty && !split.validation.isEmpty && !split.test.isEmpty)
    }
    #expect(
      try message { _ = try data(2).split(method) } == """
        2 samples are too few for a split into 3 parts
          Load more, or give validation: 0.
        """)
  }

  @Test func withoutValidationTwoSamplesAreEnough() throws {
    let split = try data(2).split(.shuffled(validation: 0, seed: 1))
    #expect(split.training.count == 1 && split.validation.isEmpty && split.test.count == 1)
    #expect(
      try message { _ = try data(1).split(.shuffled(validation: 0, seed: 1)) }
        == "1 sample is too few for a split into 2 parts\n  Load more.")
  }

  @Test(arguments: [
    (
      Split.Method.shuffled(training: 1, seed: 1),
      "the training share is 1.0\n  It must be between 0 and 1: 0.75 leaves a quarter for the test."
    ),
    (
      .sequential(training: 0),
      "the training share is 0.0\n  It must be between 0 and 1: 0.75 leaves a quarter for the test."
    ),
    (
      .sequential(validation: -0.1),
      "the validation share is -0.1\n  It is a share of the training part, from 0 to less than 1."
    ),
    (
      .stratified(by: "depth", seed: 1),
      "the architecture \"0\" has no property \"depth\"\n  The properties are \"pruned_units\"."
    ),
  ])
  func impossibleMethods(_ method: Split.Method, _ expected: String) throws {
    #expect(try message { _ = try data(20).split(method) } == expected)
  }

  @Test func explicitParts() throws {
    let split = try Split(training: [3, 1], validation: [], test: [0])
    #expect(split.training == [3, 1])
    #expect(split.count == 3)
    #expect(
      try message { _ = try Split(training: [3, 1], validation: [], test: [1]) } == """
        the index 1 of the test part appears twice
          A sample may belong to only one part: a test on training samples would be meaningless.
        """)
    #expect(
      try message { _ = try Split(training: [-1], validation: [], test: [1]) }
        == "the training part has the index -1")
  }

  @Test(arguments: [
    #"{"training":[-1],"validation":[],"test":[0]}"#, #"{"training":[0,1],"validation":[],"test":[1]}"#,
  ])
  func partsThatCantBeAreNotRead(json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Split.self, from: Data(json.utf8)) }
  }
}
