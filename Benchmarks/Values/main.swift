import Cell
import Core
import Foundation

// Does with one value what a cell's process does, by the functions that the generated code calls, and prints the
// seconds. `values.py` writes the job, whose path is in the environment variable LABBOOK_JOB.

/// One of half a million elements of the value.
struct Measurement: Codable {
  var id: Int
  var name: String
  var x: Double
  var y: Double
}

func numbers() -> [Double] {
  var state: UInt64 = 1
  return (0..<10_000_000).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
}

func structures() -> [Measurement] {
  (0..<500_000).map { Measurement(id: $0, name: "p\($0)", x: Double($0) * 0.5, y: Double($0) * 0.25) }
}

func seconds(_ work: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try work()
  return (ContinuousClock.now - start) / .seconds(1)
}

let words = CommandLine.arguments
guard words.count > 1 else {
  print("usage: ValuesBenchmark numbers-out|numbers-in|structures-out|structures-in|table FILE|latencies FILE")
  exit(2)
}
_labbookBegin()
var time = 0.0
switch words[1] {
case "numbers-out":
  let value = numbers()
  time = seconds { _labbookHandOn(value, "value") }
case "numbers-in":
  time = seconds { precondition((_labbookInput("value") as [Double]).count == 10_000_000) }
case "structures-out":
  let value = structures()
  time = seconds { _labbookHandOn(value, "value") }
case "structures-in":
  time = seconds { precondition((_labbookInput("value") as [Measurement]).count == 500_000) }
case "table" where words.count > 2:
  time = try seconds {
    let rows = try CSVTable.read(words[2]).rows.count
    precondition(rows == 1_000_000)
  }
case "latencies" where words.count > 2:
  time = try seconds {
    let rows = try LatencyTable.read(words[2]).rows.count
    precondition(rows == 1_000_000)
  }
default: exit(2)
}
print(time)
_labbookEnd()
