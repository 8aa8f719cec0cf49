import Numerics

/// The description of devices for a predictor: the best kind of numbers that all devices have, on MAPLE's ladder.
///
/// MAPLE (Abbasi and others, 2022) describes devices by hardware counters. These are often unavailable: virtual
/// machines have no counters (`perf_event_open` returns ENOENT), phones and restricted kernels don't permit them
/// (EACCES), and some events aren't supported (EOPNOTSUPP). So there is a ladder, from the top:
///
/// 1. `counters`: hardware events of each operator, as `perf stat` names them;
/// 2. `measured`: other measurements of the device, such as clock, bandwidths, or operators' latencies;
/// 3. `simulated`: cachegrind's counts, which describe the networks but not the devices;
/// 4. `references`: no numbers of the device, but its latencies of some reference networks, as in HELP.
///
/// The names of `Device.descriptor` show what a number is: the part of a name after the last "." is a counter's name
/// (`conv_3x3_32.cache-misses`), one of cachegrind's (`conv_3x3_32.D1mr`), or anything else.
public struct HardwareDescriptor: Codable, Hashable, Sendable {
  public enum Rung: String, Codable, Hashable, Sendable, CaseIterable {
    case counters, measured, simulated, references
  }

  public let rung: Rung
  /// The reason why no higher rung is available; for counters, also which are left out because a device lacks them.
  public let reason: String
  /// The names of the numbers, in order; empty for `references`.
  public let names: [String]
  /// Whether a number of an operator, `operator.name`, is divided by `operator.latency`, as in MAPLE-Edge.
  public let isNormalised: Bool
  /// The names of the numbers that are divided by a latency, because all initial devices have it; nil, in files of
  /// earlier versions, means all of which a device has it.
  private let divided: [String]?
  private let means: [Double]
  private let deviations: [Double]

  /// The events of `perf stat` that MAPLE-Edge reads.
  public static let counters: Set<String> = [
    "cpu-cycles", "instructions", "cache-references", "cache-misses", "L1-dcache-loads", "L1-dcache-load-misses",
    "LLC-loads", "LLC-load-misses", "LLC-stores", "LLC-store-misses", "cpu-migrations",
  ]
  /// The names of cachegrind's counts.
  public static let simulated: Set<String> = ["Ir", "I1mr", "ILmr", "Dr", "D1mr", "DLmr", "Dw", "D1mw", "DLmw"]

  static func rung(of name: String) -> Rung {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    return counters.contains(last) ? .counters : simulated.contains(last) ? .simulated : .measured
  }

  /// - Parameters:
  ///   - devices: The devices, at least one.
  ///   - isNormalised: Whether an operator's numbers are divided by its latency, if it is among them.
  public init(of devices: [Device], isNormalised: Bool = true) {
    var common = Set(devices.first.map { Array($0.descriptor.keys) } ?? [])
    for device in devices { common.formIntersection(device.descriptor.keys) }
    let finite = common.filter { name in devices.allSatisfy { $0.descriptor[name]?.isFinite ?? false } }
    let found = Rung.allCases.first { rung in finite.contains { Self.rung(of: $0) == rung } } ?? .references
    let without = devices.first { device in !device.descriptor.keys.contains { Self.rung(of: $0) == .counters } }
    rung = found
    reason =
      found == .counters
      ? "all devices have counters" + Self.leftOut(of: devices, except: finite)
      : without.map { "\"\($0)\" has no hardware counters" } ?? "the devices have no hardware counter in common"
    let names = finite.filter { Self.rung(of: $0) == found }.sorted()
    self.names = names
    self.isNormalised = isNormalised
    let divided = names.filter { name in
      isNormalised && devices.allSatisfy { Self.latency(of: name, $0) != nil }
    }
    self.divided = divided
    let rows = devices.map { Self.logarithms($0, names, divided: divided) }
    let count = Double(max(rows.count, 1))
    let means = names.indices.map { column in rows.reduce(0) { $0 + $1[column] } / count }
    self.means = means
    deviations = names.indices.map { column in
      (rows.reduce(0) { $0 + ($1[column] - means[column]) * ($1[column] - means[column]) } / count).squareRoot()
    }
  }

  /// A clause that names the counters that some devices have and others lack, and the latter; empty if there are none.
  private static func leftOut(of devices: [Device], except common: Set<String>) -> String {
    let all = Set(devices.lazy.flatMap { $0.descriptor.keys }).filter { rung(of: $0) == .counters }
    let dropped = all.subtracting(common).sorted()
    guard !dropped.isEmpty else { return "" }
    let lacking = devices.filter { device in dropped.contains { !(device.descriptor[$0]?.isFinite ?? false) } }
    let object = dropped.count == 1 ? "it" : lacking.count == 1 ? "them" : "some of them"
    return ", but \(quotedList(dropped)) \(dropped.count == 1 ? "is" : "are") left out, because "
      + "\(quotedList(lacking.map(\.name))) \(lacking.count == 1 ? "lacks" : "lack") \(object)"
  }

  /// A device's numbers: the logarithms of 1 + each, scaled to mean 0 and standard deviation 1 over the initial
  /// devices.
  ///
  /// - Throws: `InputError` that names the first number, or the first latency to divide by, that the device lacks.
  public func values(of device: Device) throws -> [Double] {
    if let missing = names.first(where: { !(device.descriptor[$0]?.isFinite ?? false) }) {
      throw InputError(
        "the descriptor of \"\(device)\" has no \"\(missing)\", which all known devices have",
        remedy: "Measure it there too, or learn from devices without it.")
    }
    if let name = divided?.first(where: { Self.latency(of: $0, device) == nil }) {
      throw InputError(
        "the descriptor of \"\(device)\" has no \"\(Self.latencyName(of: name) ?? name)\" above 0, by which "
          + "\"\(name)\" of the known devices is divided",
        remedy: "Measure it there too, or learn with isNormalised: false.")
    }
    let divided = divided ?? (isNormalised ? names : [])
    return Self.logarithms(device, names, divided: divided).enumerated().map { column, value in
      deviations[column] > 1e-9 ? (value - means[column]) / deviations[column] : 0
    }
  }

  /// The name of the latency of a number's operator; nil for numbers of the device and for latencies.
  private static func latencyName(of name: String) -> String? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, parts.last != "latency" else { return nil }
    return parts.dropLast().joined(separator: ".") + ".latency"
  }

  private static func latency(of name: String, _ device: Device) -> Double? {
    latencyName(of: name).flatMap { device.descriptor[$0] }.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  private static func logarithms(_ device: Device, _ names: [String], divided: [String]) -> [Double] {
    names.map { name in
      var value = device.descriptor[name] ?? 0
      if divided.contains(name), let latency = latency(of: name, device) { value /= latency }
      return CorrectlyRounded.log1p(max(value, 0))
    }
  }
}

extension HardwareDescriptor {
  private enum Key: String, CodingKey { case rung, reason, names, isNormalised, divided, means, deviations }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    rung = try container.decode(Rung.self, forKey: .rung)
    reason = try container.decode(String.self, forKey: .reason)
    names = try container.decode([String].self, forKey: .names)
    isNormalised = try container.decode(Bool.self, forKey: .isNormalised)
    divided = try container.decodeIfPresent([String].self, forKey: .divided)
    means = try container.decode([Double].self, forKey: .means)
    deviations = try container.decode([Double].self, forKey: .deviations)
    guard means.count == names.count, deviations.count == names.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .means, in: container, debugDescription: "There isn't a mean and a deviation for each name.")
    }
  }
}
