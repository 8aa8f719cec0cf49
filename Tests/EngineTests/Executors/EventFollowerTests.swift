import Core
import Foundation
import Testing
import Wire

@testable import Engine

@Suite struct EventFollowerTests {
  private func read(_ events: [CellEvent]) throws -> [CellEvent] {
    let folder = try TemporaryFolder("events")
    let file = folder.url.appendingPathComponent("events")
    var lines = Data()
    for event in events { lines += try CellJob.encoder.encode(event) + Data("\n".utf8) }
    try lines.write(to: file)
    return withExtendedLifetime(folder) { EventFollower(file: file).read() }
  }

  private func epoch(_ epoch: Int, of epochs: Int = 10, earlier: Int = 0) -> CellEvent {
    let record = EpochRecord(epoch: epoch, trainingLoss: 1, validationLoss: nil, learningRate: 0.1, seconds: 1)
    return .epoch(run: "a", record, of: epochs, earlier: earlier)
  }

  @Test func numbersThatCanNotBeCalculatedWithAreIgnored() throws {
    for number in [Int.min, -1, Int(Int32.max) + 1, .max] {
      let events: [CellEvent] = [
        .reached(line: number), epoch(number), epoch(1, of: number), epoch(1, earlier: number),
        .distributing(sweep: number, missing: [0], of: 1), .distributing(sweep: 0, missing: [number], of: 1),
      ]
      #expect(try read(events).isEmpty, "\(number)")
    }
    #expect(try read([.reached(line: 0)]).isEmpty)
  }

  @Test func numbersOfRealCellsAreRead() throws {
    let events: [CellEvent] = [
      .reached(line: 1), epoch(1), epoch(10, earlier: 9), .distributing(sweep: 0, missing: [0, 7], of: 8), .finished,
    ]
    #expect(try read(events).count == events.count)
  }
}
