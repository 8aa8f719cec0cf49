internal import CKernels
import Dispatch
import Foundation
import Synchronization

/// Threads that wait for work by spinning. A training step has some thirty pieces of work of a few microseconds each,
/// and waking a sleeping thread takes longer than that.
///
/// After some fifty microseconds without work a thread sleeps. The team must be used from one thread at a time.
package final class ThreadTeam: Sendable {
  /// The number of threads, including the calling one.
  package let size: Int
  private let work: Work

  package init(_ size: Int) {
    self.size = max(size, 1)
    work = Work(threads: self.size)
    for number in 1..<self.size {
      let thread = Thread { [work] in work.serve(thread: number) }
      thread.name = "labbook team"
      thread.start()
    }
  }

  deinit {
    work.end(threads: size - 1)
  }

  /// Calls `body` for each of `parts`, and returns when all are done.
  ///
  /// Each thread begins with a contiguous range of parts, the same as the last time, whose data is still in its
  /// cache, and then helps with the parts of other threads. With contiguous ranges, prefetching doesn't touch data
  /// that another thread writes.
  ///
  /// - Parameters:
  ///   - isShared: Whether the parts are shared among the threads. For little work, the caller does all.
  ///   - body: A function that also gets the number of the calling thread, from 0.
  package func forEach(_ parts: Int, isShared: Bool = true, _ body: (_ part: Int, _ thread: Int) -> Void) {
    if size < 2 || parts < 2 || !isShared {
      for part in 0..<parts { body(part, 0) }
      return
    }
    // All parts are done before this returns, so the closure outlives every call.
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { work.share(parts, $0) }
    }
  }

  /// The current piece of work, and the threads that work on it.
  private final class Work: @unchecked Sendable {  // `body` and `parts` change only while nobody is inside.
    private var body: UnsafePointer<(Int, Int) -> Void>?
    private var parts = 0
    private let threads: Int
    /// For each thread the number of its next part, each in a cache line of its own.
    private let cursors: UnsafeMutablePointer<Atomic<Int>>
    private static let cursorDistance = 16
    /// The number of the open work; 0 for none, -1 at the end.
    private let open = Atomic(0)
    private let done = Atomic(0)
    /// The number of threads that use `body`.
    private let inside = Atomic(0)
    private let asleep = Atomic(0)
    private let alarm = DispatchSemaphore(value: 0)
    private var count = 0
    private static let patience = 2000

    init(threads: Int) {
      self.threads = threads
      cursors = .allocate(capacity: threads * Self.cursorDistance)
      for cursor in 0..<threads * Self.cursorDistance { (cursors + cursor).initialize(to: Atomic(0)) }
    }

    deinit {
      cursors.deinitialize(count: threads * Self.cursorDistance)
      cursors.deallocate()
    }

    private func cursor(of thread: Int) -> UnsafeMutablePointer<Atomic<Int>> { cursors + thread * Self.cursorDistance }

    func share(_ parts: Int, _ body: UnsafePointer<(Int, Int) -> Void>) {
      wait { inside.load(ordering: .sequentiallyConsistent) == 0 }
      self.body = body
      self.parts = parts
      for thread in 0..<threads { cursor(of: thread).pointee.store(thread * parts / threads, ordering: .relaxed) }
      done.store(0, ordering: .relaxed)
      count += 1
      open.store(count, ordering: .sequentiallyConsistent)
      wake()
      take(body, parts, thread: 0)
      wait { done.load(ordering: .acquiring) == parts }
      open.store(0, ordering: .sequentiallyConsistent)
      wait { inside.load(ordering: .sequentiallyConsistent) == 0 }
      self.body = nil
    }

    func end(threads: Int) {
      open.store(-1, ordering: .sequentiallyConsistent)
      for _ in 0..<threads { alarm.signal() }
    }

    func serve(thread: Int) {
      var last = 0
      var looks = 0
      while true {
        let number = open.load(ordering: .sequentiallyConsistent)
        if number < 0 { return }
        if number != 0, number != last {
          inside.wrappingAdd(1, ordering: .sequentiallyConsistent)
          // New work is opened only when no thread is inside, so the open work stays open until this thread leaves.
          if open.load(ordering: .sequentiallyConsistent) == number, let body { take(body, parts, thread: thread) }
          inside.wrappingSubtract(1, ordering: .sequentiallyConsistent)
          last = number
          looks = 0
        } else if looks < Self.patience {
          looks += 1
          kernels_pause()
        } else {
          asleep.wrappingAdd(1, ordering: .sequentiallyConsistent)
          // A superfluous alarm only causes one more check.
          if open.load(ordering: .sequentiallyConsistent) == number { alarm.wait() }
          looks = 0
        }
      }
    }

    private func wake() {
      for _ in 0..<asleep.exchange(0, ordering: .sequentiallyConsistent) { alarm.signal() }
    }

    private func take(_ body: UnsafePointer<(Int, Int) -> Void>, _ parts: Int, thread: Int) {
      for offset in 0..<threads {
        let owner = (thread + offset) % threads
        let end = (owner + 1) * parts / threads
        while true {
          let part = cursor(of: owner).pointee.wrappingAdd(1, ordering: .relaxed).oldValue
          guard part < end else { break }
          body.pointee(part, thread)
          done.wrappingAdd(1, ordering: .releasing)
        }
      }
    }

    private func wait(until condition: () -> Bool) {
      var looks = 0
      while !condition() {
        looks += 1
        if looks < Self.patience {
          kernels_pause()
        } else {
          // Another thread may need this processor to finish the work that this one waits for.
          sched_yield()
        }
      }
    }
  }
}
