import Foundation
import Synchronization
import Testing

@testable import Numerics

@Suite struct ThreadTeamTests {
  @Test(arguments: [1, 2, 4]) func everyPartIsDoneOnce(_ size: Int) {
    let team = ThreadTeam(size)
    let counts = Buffer(1000, repeating: Int32(0))
    // Each part writes its own element.
    nonisolated(unsafe) let pointer = counts.pointer
    let threads = Mutex<Set<Int>>([])
    for round in 1...200 {
      team.forEach(1 + round * 5 % 1000) { part, thread in
        pointer[part] += 1
        if round == 1 { threads.withLock { _ = $0.insert(thread) } }
      }
    }
    let expected = (0..<1000).map { part in (1...200).filter { 1 + $0 * 5 % 1000 > part }.count }
    #expect(counts.array.map(Int.init) == expected)
    #expect(threads.withLock { $0.allSatisfy { $0 < size } })
  }

  @Test func threadsThatSleepAreWoken() {
    let team = ThreadTeam(2)
    let sum = Atomic(0)
    for _ in 0..<5 {
      team.forEach(100) { part, _ in sum.wrappingAdd(part, ordering: .relaxed) }
      Thread.sleep(forTimeInterval: 0.005)
    }
    #expect(sum.load(ordering: .relaxed) == 5 * 4950)
  }

  @Test func littleWorkStaysOnItsThread() {
    let caller = Thread.current
    ThreadTeam(3).forEach(50, isShared: false) { _, thread in
      #expect(thread == 0)
      #expect(Thread.current == caller)
    }
  }
}
