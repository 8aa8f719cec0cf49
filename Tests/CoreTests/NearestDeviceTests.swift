import Foundation
import Testing

@testable import Core

@Suite struct NearestDeviceTests {
  /// Chains of 1 to 12 nodes, on a device on which each node costs the same and on one on which later nodes cost
  /// more.
  private var sources: LatencyData {
    get throws {
      try LatencyData(
        graphs: graphs, devices: ["even", "steep"],
        measurements: [(1...12).map { Measurement(Double($0)) }, (1...12).map { Measurement(Double($0 * $0)) }])
    }
  }

  private var graphs: [NetworkGraph] {
    get throws { try (1...12).map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) } }
  }

  private func new(_ latency: (Int) -> Double) throws -> Dataset {
    try Dataset(device: "new", graphs: graphs, latencies: (1...12).map(latency))
  }

  private let few = Result { try Split(training: [1, 5, 9], validation: [], test: [11]) }

  @Test func takesTheDeviceOfTheSameShape() throws {
    let known = try NearestDevice(NearestNeighbors(k: 1)).pretrain(on: sources)
    #expect(try handedOn(known) == known)
    let even = try known.fit(to: new { 3 * Double($0) }, split: few.get())
    #expect(even.predictor.source == "even")
    #expect(abs(even.predictor.factor - 3) < 1e-9)
    #expect(even.predictor.device == "new")
    #expect(abs(try even.predictor.predict(graphs)[11] - 36) < 1e-6)
    let opened = try AnyPredictor(safetensors: even.predictor.safetensors(), at: Place(file: "p"))
    #expect(opened.as(NearestDevicePredictor.self) == even.predictor)
    #expect(try handedOn(AnyRecipe(known)) == AnyRecipe(known))
    let steep = try known.fit(to: new { 0.5 * Double($0 * $0) }, split: few.get())
    #expect(steep.predictor.source == "steep")
    #expect(abs(try steep.predictor.predict(graphs)[11] - 72) < 1e-6)
    let one = try known.fit(to: new { Double($0 * $0) }, split: Split(training: [3], validation: [], test: []))
    #expect(one.predictor.source == "even", "one sample can't tell")
  }

  @Test func whatItCanNotDo() throws {
    #expect(
      try message { _ = try NearestDevice().fit(to: new(Double.init), split: few.get()) } == """
        the recipe is not pretrained, so that it knows no devices
          Call pretrain(on:) with data of several devices first.
        """)
    #expect(
      try message { _ = try NearestDevice().pretrain(on: sources.selecting([])) }
        == "the data has no devices to learn from\n  Give data of at least one device.")
    var other = try new(Double.init)
    other.unit = "s"
    let known = try NearestDevice().pretrain(on: sources)
    #expect(
      try message { _ = try known.fit(to: other, split: few.get()) }
        == "the source devices' latencies are in ms, those of \"new\" in s\n  Load both in the same unit.")
  }
}
