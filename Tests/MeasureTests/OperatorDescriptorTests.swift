import Core
import TestSupport
import Testing

@testable import Measure

/// Operators' times in the descriptors of devices.
@Suite struct OperatorDescriptorTests {
  private func kernels(_ times: [(device: String, id: String, median: Double?)]) -> MeasuredLatencies {
    MeasuredLatencies(
      rows: times.map { time in
        var row = MeasuredLatencies.Row(id: time.id, device: time.device, visits: [], reason: "too slow")
        row.median = time.median
        return row
      }, devices: [], descriptions: [:], endings: [], notices: [])
  }

  private func networks() throws -> LatencyData {
    try LatencyData(
      graphs: [NetworkGraph(id: "a", nodes: [Node(.relu)], edges: [])],
      devices: [Device("one", descriptor: ["clock": 2]), "two"], measurements: [[Measurement(5)], [nil]])
  }

  private func message(_ work: () throws -> Void) -> String {
    do {
      try work()
      return ""
    } catch { return "\(error)" }
  }

  /// "add" has no time on the second device, so only "conv" describes both.
  @Test func timesOfOperatorsDescribeDevices() throws {
    let described = try networks().described(
      by: kernels([("one", "conv", 0.5), ("one", "add", 0.1), ("two", "conv", 0.25), ("two", "add", nil)]))
    #expect(described.devices.map(\.descriptor) == [["clock": 2, "conv.latency": 0.5], ["conv.latency": 0.25]])
    #expect(try described.measurements(on: "one") == networks().measurements(on: "one"))
    #expect(try described.measurements(on: "two") == [nil])
    let descriptor = HardwareDescriptor(of: described.devices)
    #expect(descriptor.rung == .measured && descriptor.names == ["conv.latency"])
  }

  @Test func devicesWithoutOperators() throws {
    #expect(
      message { _ = try networks().described(by: kernels([("one", "conv", 0.5)])) } == """
        no operator was measured on "two"
          Measure the operators on the device with all of its runtimes, as the networks.
        """)
    #expect(
      message { _ = try networks().described(by: kernels([("one", "conv", 0.5), ("two", "add", 1)])) } == """
        no operator has a time on all devices
          See the rows' reasons.
        """)
  }
}
