import Foundation
import TestSupport
import Testing
import Wire

@testable import Engine

/// Jobs on a node that can't write the store, or writes to another one. Nothing half-written may count as a result
/// (nextflow#7471: a cache writer that fails silently).
@Suite(.enabled(if: FaultyNode.isPossible, "Mounting needs more rights."))
struct FaultyNodeTests {
  private static let value = """
    ```swift {#make}
    let numbers = [UInt8](repeating: 7, count: 1 << 20)
    print("made")
    ```

    ```swift {#use}
    print(numbers.count)
    ```
    """

  private static let sweep = """
    ```swift {#make}
    let numbers = try sweep(over: [1, 2]) { point in [UInt8](repeating: UInt8(point), count: 1 << 20) }
    ```
    """

  private static let full = "mount -t tmpfs -o size=16k none \"$blobs\""
  private static let readOnly = "mount --bind \"$blobs\" \"$blobs\" && mount -o remount,bind,ro \"$blobs\""
  private static let elsewhere = "mount -t tmpfs none \"$blobs\""

  static let faults: [(notebook: String, fault: String, parts: [String])] = [
    (value, full, ["the value of `numbers` can't be stored: can't write ", ": No space left on device"]),
    (value, readOnly, ["the value of `numbers` can't be stored: can't create ", ": Read-only file system"]),
    (value, elsewhere, ["node: the job ended, but 1 s later its files are not all there"]),
    (sweep, full, ["the result of the sweep's point can't be stored: can't write ", ": No space left on device"]),
    (sweep, readOnly, ["the result of the sweep's point can't be stored: can't create ", ": Read-only file system"]),
  ]

  @Test(arguments: faults.indices) func nothingHalfWrittenIsAResult(index: Int) async throws {
    let (source, fault, parts) = Self.faults[index]
    let notebook = try TemporaryNotebook(source)
    let failed = try await notebook.run(.init(executor: Self.executor(fault, notebook)))
    let failure = try #require(failed.failure("make"))
    for part in parts { #expect(failure.message.contains(part), "\(failure.message)\n\(failure.details ?? "")") }
    #expect(failed.cells["use"]?.result == nil)
    try Self.requireSound(notebook)
    // Once the fault is gone, the same cells run to the same values as here.
    let whole = try await notebook.run(.init(executor: Self.executor("true", notebook)))
    #expect(ClusterNotebook.failures(whole) == [])
    #expect(whole.cells["make"]?.state == .ran)
    #expect(ClusterNotebook.values(whole) == ClusterNotebook.values(try await TemporaryNotebook(source).run()))
  }

  @Test func aValueThatTheNodeCannotReadIsKept() async throws {
    let notebook = try TemporaryNotebook(Self.value)
    _ = try await notebook.run(.init(cell: "make", executor: Self.executor("true", notebook)))
    let failed = try await notebook.run(.init(executor: Self.executor(Self.elsewhere, notebook)))
    #expect(
      failed.failure("use")?.message
        == "the stored value of `numbers` can't be read where the cell ran, but is whole on this machine")
    #expect(failed.cells["make"]?.state == .fresh)
    #expect(try await notebook.states(.init(executor: Self.executor("true", notebook))) == ["make fresh", "use ran"])
  }

  /// A node that ends after a task gave its result, and before the end of the task is on record.
  @Test func aPointWithAResultIsNotComputedAgain() async throws {
    let notebook = try TemporaryNotebook(ClusterNotebook.source(points: 3, milliseconds: 1))
    let twice = """
      sh "$@"
      task=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" "$2")
      rm -rf "$task"/done "$task"/attempt-*
      """
    let outcome = try await notebook.run(.init(executor: Self.executor(twice, notebook)))
    #expect(ClusterNotebook.failures(outcome) == [])
    let notes = try notebook.text("log.txt").split(separator: "\n").map(String.init).sorted()
    #expect(notes == (0..<3).flatMap { ["begin \($0)", "end \($0)"] }.sorted())
    let here = try await TemporaryNotebook(ClusterNotebook.source(points: 3, milliseconds: 1)).run()
    #expect(ClusterNotebook.values(outcome) == ClusterNotebook.values(here))
  }

  /// Slurm holds a job that a node could not start, until somebody releases it.
  @Test func jobsThatTheQueueHoldsAreReplaced() async throws {
    let notebook = try TemporaryNotebook(ClusterNotebook.source(points: 2, milliseconds: 1))
    let queue = FaultyNode("true", of: notebook, heldCount: 2)
    let outcome = try await notebook.run(.init(executor: Self.executor(queue)))
    #expect(ClusterNotebook.failures(outcome) == [])
    #expect(queue.cancelled == ["2_0", "3_0"])
  }

  @Test func aJobThatIsAlwaysHeldFails() async throws {
    let notebook = try TemporaryNotebook("```swift {#a}\nprint(1)\n```\n")
    let queue = FaultyNode("true", of: notebook, heldCount: .max)
    let outcome = try await notebook.run(.init(executor: Self.executor(queue)))
    #expect(
      outcome.failure("a")?.message
        == "node: the queue could not start the job and holds it (held), and so it ended 6 times")
    #expect(queue.cancelled.count == 6)
  }

  private static func executor(_ fault: String, _ notebook: TemporaryNotebook) -> ClusterExecutor {
    executor(FaultyNode(fault, of: notebook))
  }

  private static func executor(_ queue: FaultyNode) -> ClusterExecutor {
    var cluster = Cluster(name: "node", kind: .slurm(SlurmSettings()))
    cluster.interval = 0.2
    cluster.lag = 1
    return ClusterExecutor(cluster, queue: queue)
  }

  /// Every file of a value has the content that its name promises.
  private static func requireSound(_ notebook: TemporaryNotebook) throws {
    let folder = notebook.folder.appendingPathComponent(".labbook/blobs")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      #expect(SHA256.hex(try Data(contentsOf: folder.appendingPathComponent(name))) == name)
    }
  }
}
