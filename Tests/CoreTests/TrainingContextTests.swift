import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Core

@Suite struct TrainingContextTests {
  /// The context is read as often as in a night of training. If each read wrapped the closure once more, the stack
  /// would overflow before that.
  @Test func canBeLookedAtAnyNumberOfTimes() {
    let count = Counter()
    var context = TrainingContext()
    context.progress = { count.add($0.epochs) }
    context.run {
      let record = EpochRecord(epoch: 1, trainingLoss: 1, validationLoss: nil, learningRate: 1, seconds: 0)
      for _ in 0..<200_000 {
        var changed = TrainingContext.current
        changed.label = "epoch"
        changed.report(record, of: 1)
      }
    }
    #expect(count.value == 200_000)
  }

  @Test func lastsAsLongAsTheCall() {
    let seed = TrainingContext.current.seed
    var context = TrainingContext.current
    context.seed = seed + 7
    #expect(context.run { TrainingContext.current.seed } == seed + 7)
    #expect(TrainingContext.current.seed == seed)
    context.threads = 0
    #expect(context.threads == 1)
  }

  @Test func everyReadOfAFileIsSeen() throws {
    let files = try TemporaryFiles(["a.csv": "id\n1\n"])
    let seen = Mutex<[(String, Data?)]>([])
    var context = TrainingContext.current
    context.files = { path, content in seen.withLock { $0.append((path, content)) } }
    let (there, absent) = (files.path("a.csv"), files.path("b.csv"))
    try context.run {
      _ = try CSVTable.read(there)
      #expect(throws: InputError.self) { _ = try CSVTable.read(absent) }
    }
    _ = try CSVTable.read(there)
    let reads = seen.withLock { $0 }
    #expect(reads.map(\.0) == [there, absent])
    #expect(reads.map(\.1) == [Data("id\n1\n".utf8), nil])
  }
}

private final class Counter: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .relaxed) }

  func add(_ number: Int) {
    count.wrappingAdd(number, ordering: .relaxed)
  }
}
