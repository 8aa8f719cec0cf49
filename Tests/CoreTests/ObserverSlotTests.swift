import Synchronization
import Testing

@testable import Core

@Suite struct ObserverSlotTests {
  /// As many as a night of training has epochs; a function wrapped once more at each look overflows the stack before that.
  @Test func canBeLookedAtAnyNumberOfTimes() {
    let slot = ObserverSlot<@Sendable (String, Int) -> Void>()
    #expect(slot.function.map { _ in true } == nil)
    let count = Counter()
    slot.hold { _, number in count.add(number) }
    for _ in 0..<200_000 { slot.function?("epoch", 1) }
    #expect(count.value == 200_000)
    slot.hold { _, _ in }
    slot.function?("epoch", 1)
    #expect(count.value == 200_000)
  }
}

private final class Counter: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .relaxed) }

  func add(_ number: Int) {
    count.wrappingAdd(number, ordering: .relaxed)
  }
}
