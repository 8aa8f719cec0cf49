import Foundation
import Glibc

/// The load of other processes on this machine, over a window that is long compared with the kernel's ticks of 10 ms.
struct ProcessorLoad {
  /// The length of the window, in seconds.
  static let window = 0.3

  /// Four times in seconds: since the machine's start, the busy time of its processors, their steal time, and the
  /// processor time of this process.
  private struct State {
    var time: Double
    var busy: Double
    var steal: Double
    var own: Double

    static var now: State {
      let first = ThisMachine.read("/proc/stat").prefix { $0 != "\n" }
      let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
      let values = first.split(separator: " ").dropFirst().prefix(8).map { (Double($0) ?? 0) / ticks }
      // The values are user, nice, system, idle, I/O wait, interrupts, soft interrupts and steal time.
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

  /// The number of processors that other processes keep busy, and the hypervisor's share of the time (steal time).
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

  /// The nanoseconds that threads of this process were runnable but waited for a processor.
  static var stalled: Int {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return threads.reduce(0) { total, thread in
      let fields = ThisMachine.read("/proc/self/task/\(thread)/schedstat").split(separator: " ")
      return total + (fields.count == 3 ? Int(fields[1]) ?? 0 : 0)
    }
  }
}
