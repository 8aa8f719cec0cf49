import Foundation
import Glibc

/// What others take of this machine's processors, over a window that is long against the kernel's ticks of 10 ms.
struct ProcessorLoad {
  /// Seconds.
  static let window = 0.3

  /// Seconds since the start of the machine, that its processors were busy, that were stolen, that this process ran.
  private struct State {
    var time: Double
    var busy: Double
    var steal: Double
    var own: Double

    static var now: State {
      let first = ThisMachine.read("/proc/stat").prefix { $0 != "\n" }
      let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
      let values = first.split(separator: " ").dropFirst().prefix(8).map { (Double($0) ?? 0) / ticks }
      // User, nice, system, idle, waiting for disks, interrupts, soft interrupts, stolen.
      let busy = values.count == 8 ? values[0] + values[1] + values[2] + values[5] + values[6] : 0
      var usage = rusage()
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
      return State(
        time: ProcessInfo.processInfo.systemUptime, busy: busy, steal: values.last ?? 0,
        own: seconds(usage.ru_utime) + seconds(usage.ru_stime))
    }
  }

  private var past = [State.now]

  /// Processors kept busy by others, and the share of the time that a hypervisor took.
  mutating func look() -> (others: Double, steal: Double) {
    let now = State.now
    while past.count > 1, now.time - past[1].time >= Self.window { past.removeFirst() }
    let then = past[0]
    past.append(now)
    let seconds = max(now.time - then.time, 1e-3)
    return (
      max(0, (now.busy - then.busy - (now.own - then.own)) / seconds),
      (now.steal - then.steal) / seconds / Double(max(1, ProcessInfo.processInfo.processorCount))
    )
  }

  /// Nanoseconds that threads of this process were ready to run and had no processor.
  static var stalled: Int {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return threads.reduce(0) { total, thread in
      let fields = ThisMachine.read("/proc/self/task/\(thread)/schedstat").split(separator: " ")
      return total + (fields.count == 3 ? Int(fields[1]) ?? 0 : 0)
    }
  }
}
