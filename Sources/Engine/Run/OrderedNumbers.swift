/// A set of small numbers that gives the least one first: a binary heap that forgets removed numbers when they come up.
struct OrderedNumbers: Sendable {
  private var heap: [Int] = []
  private var members: Set<Int> = []

  mutating func insert(_ number: Int) {
    guard members.insert(number).inserted else { return }
    heap.append(number)
    var place = heap.count - 1
    while place > 0, heap[place] < heap[(place - 1) / 2] {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Removes a number if it is a member.
  mutating func remove(_ number: Int) {
    members.remove(number)
  }

  /// Removes the least number.
  mutating func popFirst() -> Int? {
    while let first = heap.first {
      let last = heap.removeLast()
      if !heap.isEmpty {
        heap[0] = last
        sink()
      }
      if members.remove(first) != nil { return first }
    }
    return nil
  }

  /// Puts the number at the root of the heap into its place.
  private mutating func sink() {
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      if least == place { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}
