import Foundation
import Testing

/// Runs the tests of a suite that wait for other processes on threads of their own.
///
/// Swift's concurrency has one thread for each processor. A test that blocks one of them, as `Process.waitUntilExit`
/// does, keeps all other tests from starting, or from going on with their next step, although the processors may be
/// idle.
package struct WaitingTests: SuiteTrait, TestTrait, TestScoping {
  package var isRecursive: Bool { true }

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let watch = HangWatch(test.name)
    defer { watch.end() }
    try await withTaskExecutorPreference(WaitingThreads.shared) { try await function() }
  }
}

extension Trait where Self == WaitingTests {
  /// The tests wait for other processes.
  package static var waiting: Self { Self() }
}

private final class WaitingThreads: TaskExecutor {
  static let shared = WaitingThreads()

  /// Each thread waits for a process at most, and few processes share the processors well.
  private let queue: OperationQueue = {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 4
    return queue
  }()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.addOperation { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
