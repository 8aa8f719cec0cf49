import Foundation
import Synchronization
import Testing

@testable import Core

@Suite struct SweepTests {
  struct Failing: Error, CustomStringConvertible {
    var description: String { "no such rate" }
  }

  private static let data = Result { try PrunedResNet.load("epyc-ort-2t")[Array(0..<30)] }

  private func run(_ rate: Double, label: String = "") throws -> TrainingRun {
    try train(
      GCN.Configuration(layers: 2, hiddenUnits: 8), on: Self.data.get(),
      split: Split(training: Array(0..<25), validation: Array(25..<30), test: []),
      options: TrainingOptions(epochs: 2, learningRate: rate), label: label)
  }

  @Test(arguments: [1, 2, 3, 16]) func resultsKeepTheirOrder(_ threads: Int) throws {
    let points = Array(0..<12)
    #expect(try sweep(over: points, threads: threads) { $0 * $0 } == points.map { $0 * $0 })
    #expect(try sweep(over: [Int](), threads: threads) { $0 }.isEmpty)
  }

  @Test func resultsDependOnNeitherOrderNorThreads() throws {
    let rates = [1e-3, 3e-3, 1e-2]
    let alone = try rates.map { try run($0, label: "lr \($0)").predictor }
    for threads in [1, 3] {
      let forward = try sweep(over: rates, threads: threads) { try run($0, label: "lr \($0)").predictor }
      let backward = try sweep(over: rates.reversed(), threads: threads) { try run($0, label: "lr \($0)").predictor }
      #expect(forward == alone)
      #expect(backward == alone.reversed())
    }
  }

  @Test func runsWithoutLabelsAreCalledAfterTheirPoint() throws {
    #expect(try sweep(over: [0.001, 0.002]) { try run($0).label } == ["0.001", "0.002"])
    #expect(try sweep(over: [0.001]) { try run($0, label: "mine").label } == ["mine"])
    #expect(try run(0.001).label == "")
  }

  /// The points share the threads, so nothing in them uses more.
  @Test func pointsShareTheThreads() throws {
    #expect(
      try sweep(over: [1, 2, 3, 4], threads: 4) { _ in TrainingContext.current.threads }.allSatisfy {
        $0 == 1 || $0 * 4 <= TrainingContext.current.threads
      })
    let threads = TrainingContext.current.threads
    #expect(try sweep(over: [1], threads: 4) { _ in TrainingContext.current.threads } == [threads])
  }

  @Test func failuresNameTheirPointsAndTheOthersAreRun() throws {
    let done = Mutex<[Int]>([])
    let error = #expect(throws: SweepError.self) {
      try sweep(over: [10, 11, 12, 13], threads: 2) { point in
        if point % 2 == 1 { throw Failing() }
        done.withLock { $0.append(point) }
      }
    }
    #expect(done.withLock { $0.sorted() } == [10, 12])
    #expect(
      error?.description == """
        2 of the sweep's 4 points failed; the results of the others are kept
        point 2, 11: no such rate
        point 4, 13: no such rate
        """)
    let all = #expect(throws: SweepError.self) { try sweep(over: [1]) { _ in throw Failing() } }
    #expect(all?.description == "all 1 points of the sweep failed\npoint 1, 1: no such rate")
  }

  @Test func oneMorePointCostsOneMoreRun() throws {
    let memory = MemoryStorage()
    var context = TrainingContext.current
    context.checkpoints = TrainingCheckpoints(fits: memory.storage())
    try context.run { try sweepThrice(memory) }
  }

  private func sweepThrice(_ memory: MemoryStorage) throws {
    let first = try sweep(over: [1e-3, 2e-3]) { try run($0) }
    #expect(memory.all.count == 2)
    let more = try sweep(over: [5e-3, 1e-3, 2e-3]) { try run($0) }
    #expect(Array(more.dropFirst()) == first, "down to the seconds they took")
    #expect(memory.all.count == 3)
    // A failing point doesn't lose the points that were trained at the same time.
    #expect(throws: SweepError.self) {
      try sweep(over: [7e-3, -1]) { try run($0) }
    }
    #expect(memory.all.count == 4)
    // The same run outside of a sweep is reused, too.
    #expect(try run(1e-3, label: "0.001") == first[0])
    #expect(memory.all.count == 4)
    _ = try run(1e-3, label: "another")
    #expect(memory.all.count == 5)
  }
}
