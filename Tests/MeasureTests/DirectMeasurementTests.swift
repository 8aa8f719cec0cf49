import Core
import Foundation
import Testing

@testable import Measure

@Suite struct DirectMeasurementTests {
  private let device: TestDevice

  init() throws { device = try TestDevice() }

  private func direct(_ models: [ModelFile], seconds: Double = 60) throws -> DirectMeasurement {
    try DirectMeasurement(
      models, on: device.device(), secondsPerNetwork: seconds,
      plan: MeasuringPlan(rounds: 2...2, runs: 3, overhead: 0.9, repetitions: 0, limit: 20),
      table: device.path("asked.csv"))
  }

  private func graph(_ id: String) throws -> NetworkGraph { try NetworkGraph(id: id, nodes: [Node(.input)], edges: []) }

  @Test func measuresWhatItIsAsked() throws {
    let direct = try direct(device.models(["a": "run", "b": "run", "c": "run"]))
    #expect(direct.device.name == "pc-ort-1t" && direct.unit == "ms")
    let graphs = try ["c", "a"].map(graph)
    let latencies = try direct.predict(graphs)
    #expect(latencies.count == 2 && latencies.allSatisfy { $0 >= 0.5 })
    // Only the requested networks are measured, and the result contains the cost.
    let measured = try direct.measure(graphs)
    #expect(measured.rows.map(\.id) == ["c", "a"] && measured.rows.map(\.median) == latencies)
    #expect(measured.endings[0].seconds >= 0)
    let data = try Dataset(device: "pc-ort-1t", graphs: graphs, latencies: latencies)
    #expect(try direct.evaluate(on: data).share(within: 0.001) == 1)
    #expect(try direct.predict([]) == [])
  }

  @Test func whatItCanNotMeasure() throws {
    let direct = try direct(device.models(["a": "run", "bad": "refuse"]))
    #expect(throws: InputError.self) { try direct.predict([graph("z")]) }
    let refused = #expect(throws: InputError.self) { try direct.predict([graph("bad")]) }
    #expect(refused?.cause == "\"bad\" has no latency: no kernel for the operator Fold(18)")
    let none = #expect(throws: InputError.self) { try self.direct(direct.models, seconds: 0) }
    #expect(none?.cause == "a network can't be measured in 0.0 seconds")
  }
}
