internal import CProcess
import Foundation
import Glibc

/// The description of this machine, with the same names as the agent's (`system.py`).
enum ThisMachine {
  private static let system = "/sys/devices/system/cpu"

  /// A small file's text without surrounding whitespace; empty if the file can't be read.
  static func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    let text = String(decoding: bytes.prefix(count), as: UTF8.self)
    return text.trimmingCharacters(in: CharacterSet(charactersIn: "\0\n "))
  }

  private static func number(_ path: String) -> Double? { Double(read(path)) }

  /// The version of glibc, such as "2.36".
  private static var libraryVersion: String {
    var text = [CChar](repeating: 0, count: 64)
    confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
    let name = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return name.split(separator: " ").last.map(String.init) ?? ""
  }

  /// The cores of ARM's processors that devices of this kind have, by the "CPU part" of implementer 0x41, as in
  /// `system.py`.
  static let armCores: KeyValuePairs = [
    "0xd03": "Cortex-A53", "0xd04": "Cortex-A35", "0xd05": "Cortex-A55", "0xd07": "Cortex-A57", "0xd08": "Cortex-A72",
    "0xd09": "Cortex-A73", "0xd0a": "Cortex-A75", "0xd0b": "Cortex-A76", "0xd0d": "Cortex-A77", "0xd41": "Cortex-A78",
    "0xd42": "Cortex-A78AE", "0xd44": "Cortex-X1", "0xd0c": "Neoverse N1", "0xd40": "Neoverse V1",
  ]

  private static func armCore(_ fields: [String: String]) -> String? {
    guard fields["CPU implementer"] == "0x41", let part = fields["CPU part"] else { return nil }
    return armCores.first { $0.key == part }?.value
  }

  private static func text(_ field: some Any) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// The name of the lock file of measurements on this machine in the agent's cache, as in `serve.py`. Machines may
  /// share a home folder, and with it the cache.
  static var lockName: String {
    var name = utsname()
    uname(&name)
    return lockName(boot: read("/proc/sys/kernel/random/boot_id"), host: text(name.nodename))
  }

  /// - Parameters:
  ///   - boot: The id that the kernel draws when it starts, which all containers of a machine have in common; empty if
  ///     it isn't known.
  ///   - host: The name of the machine or container.
  static func lockName(boot: String, host: String) -> String {
    guard boot.isEmpty else { return "lock-\(boot.prefix(8))" }
    return "lock-" + String(host.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
  }

  static var description: (texts: [String: String], numbers: [String: Double]) {
    var fields: [String: String] = [:]
    for line in read("/proc/cpuinfo").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      if parts.count == 2 { fields[parts[0]] = parts[1] }
    }
    var name = utsname()
    uname(&name)
    let machine = text(name.machine)
    let release = read("/etc/os-release").split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
    let texts = [
      "processor": fields["model name"] ?? fields["Hardware"] ?? armCore(fields) ?? machine,
      "model": read("/sys/firmware/devicetree/base/model"), "machine": machine, "host": text(name.nodename),
      "governor": read("\(system)/cpu0/cpufreq/scaling_governor"), "kernel": text(name.release),
      "system": release.map { $0.dropFirst(12).filter { $0 != "\"" } } ?? "",
      "glibc": libraryVersion,
      "virtual": fields["flags"]?.contains("hypervisor") == true ? "yes" : "",
    ]
    let fastest = (0..<ProcessInfo.processInfo.processorCount)
      .compactMap { number("\(system)/cpu\($0)/cpufreq/cpuinfo_max_freq") }.max().map { $0 / 1e6 }
    let clock = fastest ?? (fields["cpu MHz"].flatMap(Double.init) ?? 0) / 1e3
    let memory = Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)
    var numbers = [
      "cores": Double(ProcessInfo.processInfo.processorCount), "clock_ghz": (clock * 1000).rounded() / 1000,
      "memory_gib": (memory * 100).rounded() / 100,
    ]
    for index in 0..<8 {
      let folder = "\(system)/cpu0/cache/index\(index)"
      let size = read(folder + "/size")
      if read(folder + "/type") != "Instruction", size.hasSuffix("K") {
        numbers["l\(read(folder + "/level"))_kib"] = Double(size.dropLast())
      }
    }
    return (texts.filter { !$0.value.isEmpty }, numbers)
  }

  /// The numbers of the processors that this process may use.
  static var processors: [Int] {
    // The list has a form such as "0-3,6".
    let line = read("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    let parts = (line?.split(separator: ":").last ?? "").split(separator: ",")
    let numbers = parts.flatMap { part -> [Int] in
      let ends = part.split(separator: "-").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
      guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 16 else { return [] }
      return Array(first...last)
    }
    return numbers.isEmpty ? Array(0..<ProcessInfo.processInfo.processorCount) : numbers
  }

  /// The last processors that this process may use, one of each core if there are enough cores: two hardware threads of
  /// one core slow each other down.
  static func lastProcessors(_ count: Int) -> [Int] {
    lastProcessors(count, of: processors) { read("\(system)/cpu\($0)/topology/thread_siblings_list") }
  }

  /// - Parameter siblings: The list of the hardware threads of a processor's core, such as "0,4"; empty if it isn't
  ///   known.
  static func lastProcessors(_ count: Int, of allowed: [Int], siblings: (Int) -> String) -> [Int] {
    var cores: [String: Int] = [:]
    for index in allowed.sorted() {
      let core = siblings(index)
      cores[core.isEmpty ? "\(index)" : core] = index
    }
    let chosen = Array(cores.values.sorted().suffix(max(0, count)))
    let others = allowed.sorted().filter { !chosen.contains($0) }
    return (chosen + others.suffix(max(0, count - chosen.count))).sorted()
  }

  /// Pins the calling thread, and threads that it starts, to these processors, or to all if none of them exists.
  static func pin(to processors: [Int]) {
    pin_thread(processors, processors.count)
  }

  /// The clocks of processors and what limits them.
  struct ClockState {
    /// The current clocks in MHz, as far as the machine reports them.
    var clocks: [Int]
    /// The highest temperature in °C, if the machine reports one.
    var heat: Double?
    /// The number of throttling events so far.
    var throttled: Int
    /// Whether a Raspberry Pi's firmware limits the clock at the moment.
    var isLimited: Bool
  }

  /// The file in which a Raspberry Pi's firmware says whether it limits the clock; nil on other machines. It is below
  /// soc on a Pi 4 and below soc@107c000000 on a Pi 5.
  static func findThrottleFile(in root: String) -> String? {
    func names(_ folder: String) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
    for soc in names(root) where soc.hasPrefix("soc") {
      for node in names("\(root)/\(soc)") where node.hasSuffix("firmware") {
        let path = "\(root)/\(soc)/\(node)/get_throttled"
        if FileManager.default.fileExists(atPath: path) { return path }
      }
    }
    return nil
  }

  private static let throttleFile = findThrottleFile(in: "/sys/devices/platform")

  static func clockState(_ processors: [Int]) -> ClockState {
    let clocks = processors.compactMap { number("\(system)/cpu\($0)/cpufreq/scaling_cur_freq") }
    let zones = (try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/thermal")) ?? []
    let heat = zones.compactMap { number("/sys/class/thermal/\($0)/temp") }.max().map { $0 / 1000 }
    let events = processors.compactMap { number("\(system)/cpu\($0)/thermal_throttle/core_throttle_count") }
    // The firmware's bits 1 to 3 are: the clock is capped, throttled, limited by temperature.
    let firmware = throttleFile.flatMap { Int(read($0), radix: 16) } ?? 0
    return ClockState(
      clocks: clocks.map { Int(clamping: $0 / 1000) }, heat: heat, throttled: Int(clamping: events.reduce(0, +)),
      isLimited: firmware & 0xE != 0)
  }
}
