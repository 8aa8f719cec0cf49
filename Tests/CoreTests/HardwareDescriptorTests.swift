import Foundation
import Testing

@testable import Core

@Suite struct HardwareDescriptorTests {
  private static let counted = Device(
    "counted",
    descriptor: ["conv.cache-misses": 900, "conv.latency": 3, "clock": 2.4, "conv.D1mr": 70])
  private static let other = Device(
    "other", descriptor: ["conv.cache-misses": 100, "conv.latency": 1, "clock": 1.2, "conv.D1mr": 70])
  private static let virtual = Device("virtual", descriptor: ["clock": 3, "conv.D1mr": 70, "conv.latency": 2])
  private static let simulated = Device("simulated", descriptor: ["conv.D1mr": 70])

  @Test(arguments: [
    ([counted, other], HardwareDescriptor.Rung.counters, ["conv.cache-misses"], "all devices have counters"),
    ([counted, virtual], .measured, ["clock", "conv.latency"], "\"virtual\" has no hardware counters"),
    ([counted, simulated], .simulated, ["conv.D1mr"], "\"simulated\" has no hardware counters"),
    ([counted, Device("bare")], .references, [], "\"bare\" has no hardware counters"),
    (
      [counted, Device("odd", descriptor: ["pool.instructions": 1])], .references, [],
      "the devices have no hardware counter in common"
    ),
    ([Device("no number", descriptor: ["clock": .nan])], .references, [], "\"no number\" has no hardware counters"),
  ]) func theHighestRungThatAllHave(
    _ devices: [Device], _ rung: HardwareDescriptor.Rung, _ names: [String], _ reason: String
  ) throws {
    let descriptor = HardwareDescriptor(of: devices)
    #expect(descriptor.rung == rung && descriptor.names == names && descriptor.reason == reason)
    #expect(try handedOn(descriptor) == descriptor)
  }

  @Test func countersThatADeviceLacksAreNamed() {
    func reason(_ devices: Device...) -> String {
      let descriptor = HardwareDescriptor(of: devices)
      #expect(descriptor.rung == .counters && descriptor.names == ["conv.cache-misses"])
      return descriptor.reason
    }
    let more = Device("more", descriptor: ["conv.cache-misses": 1, "pool.instructions": 2])
    let broken = Device("broken", descriptor: ["conv.cache-misses": 1, "conv.instructions": .nan])
    let all = Device(
      "all", descriptor: ["conv.cache-misses": 200, "conv.instructions": 5, "pool.instructions": 6])
    #expect(
      reason(Self.counted, more)
        == "all devices have counters, but \"pool.instructions\" is left out, because \"counted\" lacks it")
    #expect(
      reason(Self.counted, all) == """
        all devices have counters, but "conv.instructions", "pool.instructions" are left out, because "counted" lacks \
        them
        """)
    #expect(
      reason(all, more, broken) == """
        all devices have counters, but "conv.instructions", "pool.instructions" are left out, because "more", \
        "broken" lack some of them
        """)
  }

  /// The numbers are 900 / 3 and 100 / 1 misses per millisecond, so the logarithms of 301 and 101, equally far above
  /// and below the mean; without the latencies they are those of 901 and 101. With two devices the scaled numbers are
  /// 1 and -1 either way.
  @Test func countersAreDividedByLatencies() throws {
    for isNormalised in [true, false] {
      let descriptor = HardwareDescriptor(of: [Self.counted, Self.other], isNormalised: isNormalised)
      #expect(abs(try descriptor.values(of: Self.counted)[0] - 1) < 1e-12)
      #expect(abs(try descriptor.values(of: Self.other)[0] + 1) < 1e-12)
      // Twice as many misses in twice the time are the same to MAPLE-Edge, and more to MAPLE.
      var twice = Self.counted
      twice.descriptor["conv.cache-misses"] = 1800
      twice.descriptor["conv.latency"] = 6
      let value = try descriptor.values(of: twice)[0]
      #expect(isNormalised ? abs(value - 1) < 1e-12 : value > 1.5)
    }
  }

  @Test func aMissingCounterIsNamed() throws {
    let descriptor = HardwareDescriptor(of: [Self.counted, Self.other])
    #expect(
      try message { _ = try descriptor.values(of: Self.virtual) } == """
        the descriptor of "virtual" has no "conv.cache-misses", which all known devices have
          Measure it there too, or learn from devices without it.
        """)
  }

  /// Counts per millisecond can't be compared with counts of a device whose time is unknown.
  @Test func aMissingLatencyIsNamed() throws {
    let descriptor = HardwareDescriptor(of: [Self.counted, Self.other])
    let untimed = Device("untimed", descriptor: ["conv.cache-misses": 300])
    #expect(
      try message { _ = try descriptor.values(of: untimed) } == """
        the descriptor of "untimed" has no "conv.latency" above 0, by which "conv.cache-misses" of the known devices \
        is divided
          Measure it there too, or learn with isNormalised: false.
        """)
    // If a known device has no latency, no device's counts are divided.
    let mixed = HardwareDescriptor(of: [Self.counted, untimed])
    #expect(
      try mixed.values(of: Device("new", descriptor: ["conv.cache-misses": 900]))[0]
        == mixed.values(of: Self.counted)[0])
  }
}
