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

  /// A process's name, and the processor time in the kernel's ticks that it has had.
  struct Program: Equatable {
    var name: String
    var ticks: Double
  }

  /// All other processes, by their ids.
  static var programs: [String: Program] {
    let own = String(getpid())
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    var programs: [String: Program] = [:]
    for folder in folders where folder != own && folder.allSatisfy(\.isNumber) {
      programs[folder] = program(ThisMachine.read("/proc/\(folder)/stat"))
    }
    return programs
  }

  /// Reads the kernel's line about a process; nil if it is none.
  static func program(_ line: String) -> Program? {
    // The name is in parentheses, and may contain some itself.
    guard let start = line.firstIndex(of: "("), let end = line.lastIndex(of: ")"), start < end else { return nil }
    let fields = line[line.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let kernel = Double(fields[12]) else { return nil }
    return Program(name: String(line[line.index(after: start)..<end]), ticks: user + kernel)
  }

  /// The names of the three processes that used most processor time between two states, like `system.py`.
  static func busiest(from before: [String: Program], to now: [String: Program]) -> [String] {
    let spent = now.map { process, program in
      Program(name: program.name, ticks: program.ticks - (before[process]?.ticks ?? program.ticks))
    }
    return spent.filter { $0.ticks > 0 }.sorted { ($0.ticks, $0.name) > ($1.ticks, $1.name) }.prefix(3).map(\.name)
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
