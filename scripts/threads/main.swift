import Foundation

/// Has teams of threads add to numbers without any synchronisation but the team's own, so that ThreadSanitizer reports
/// a data race if a part of some work isn't done before it ends or begins before it is shared.

/// The numbers of one part, which are more than a few, so that the other threads begin before the caller is done.
let width = 512
let parts = 64
let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000

for size in 2...4 {
  let team = ThreadTeam(size)
  let numbers = UnsafeMutablePointer<Int>.allocate(capacity: parts * width)
  numbers.initialize(repeating: 0, count: parts * width)
  let helped = UnsafeMutablePointer<Int>.allocate(capacity: size)
  helped.initialize(repeating: 0, count: size)
  var expected = 0
  for round in 0..<rounds {
    let count = 1 + round % parts
    team.forEach(count) { part, thread in
      for number in part * width..<(part + 1) * width { numbers[number] += round }
      helped[thread] += 1
    }
    expected += count * width * round
    // The threads fall asleep now and then, and must be woken.
    if round % 100 == 0 { usleep(2_000) }
  }
  let total = (0..<parts * width).reduce(0) { $0 + numbers[$1] }
  let others = (1..<size).reduce(0) { $0 + helped[$1] }
  print("\(size) threads: \(others) of \(others + helped[0]) parts were done by other threads than the caller's")
  guard total == expected, others > 0 else {
    print("the sum is \(total) instead of \(expected)")
    exit(1)
  }
  numbers.deallocate()
  helped.deallocate()
}
