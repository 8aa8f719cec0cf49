import Foundation
import Testing

@testable import Core

/// MAPLE with descriptors; `TransferRecipeTests` tests it with reference networks.
@Suite struct MAPLETests {
  private static let graphs = Result { try (1...24).map { try chain("\($0)", nodes($0)) } }

  private static func nodes(_ number: Int) -> [Node] {
    (0..<number).map { Node($0 % (1 + number % 3) == 0 ? .relu : .add) }
  }

  /// Each node takes 1 / clock.
  private func latencies(_ clock: Double) throws -> [Double] {
    try Self.graphs.get().map { Double($0.nodes.count) / clock }
  }

  private func data(_ clocks: [Double]) throws -> LatencyData {
    try LatencyData(
      graphs: Self.graphs.get(), devices: clocks.map { Device("\($0) GHz", descriptor: ["clock": $0]) },
      measurements: clocks.map { try latencies($0).map { Measurement($0) } })
  }

  private var recipe: MAPLE {
    MAPLE(
      hiddenUnits: [32], options: .graphNetwork(epochs: 150, loss: .squared, seed: 1),
      adaptation: .graphNetwork(epochs: 30, learningRate: 1e-3, loss: .squared, seed: 1))
  }

  @Test func aDescriptorIsEnough() throws {
    let known = try recipe.pretrain(on: data([1, 1.5, 2, 2.5, 3.5, 4]))
    #expect(known.descriptor?.rung == .measured && known.referenceIDs.isEmpty)
    let device = Device("new", descriptor: ["clock": 3])
    let predictor = try known.predictor(for: device)
    let test = try Dataset(measuredOn: device, graphs: Self.graphs.get(), latencies: latencies(3))
    #expect(predictor.rung == .measured)
    #expect(try predictor.evaluate(on: test).meanAbsolutePercentageError < 0.2)
    let opened = try AnyPredictor(safetensors: predictor.safetensors(), at: Place(file: "p"))
    #expect(opened == AnyPredictor(predictor))
    // For a device that is twice as slow as its clock suggests, samples are needed.
    let slow = try Dataset(
      measuredOn: device, graphs: Self.graphs.get(), latencies: latencies(3).map { 2 * $0 })
    let fit = try known.fit(to: slow, split: Split(training: [2, 9, 17, 22], validation: [], test: []))
    #expect(try fit.predictor.evaluate(on: slow).meanAbsolutePercentageError < 0.25)
    #expect(try predictor.evaluate(on: slow).meanAbsolutePercentageError > 0.4)
  }

  @Test func whatIsMissingIsNamed() throws {
    let known = try recipe.pretrain(on: data([1, 2]))
    #expect(
      try message { _ = try known.predictor(for: Device("bare")) } == """
        the descriptor of "bare" has no "clock", which all known devices have
          Measure it there too, or learn from devices without it.
        """)
    var bare = try data([1, 2])
    bare = try LatencyData(
      graphs: bare.graphs, devices: ["a", "b"], measurements: bare.devices.map { try bare.measurements(on: $0.name) })
    let references = try recipe.pretrain(on: bare)
    #expect(references.referenceIDs.count == 10)
    #expect(
      try message { _ = try references.predictor(for: "new") } == """
        nothing is known of "new" without a sample: "a" has no hardware counters
          Give all devices a descriptor, or fit to some samples.
        """)
    #expect(
      try message {
        _ = try MAPLE(references: 30).pretrain(on: bare)
      } == """
        the 2 known devices have measured 24 networks in common, too few for 30 reference networks
          Measure some on all of them, or use fewer references.
        """)
    #expect(
      try message { _ = try MAPLE(emphasis: 0).pretrain(on: bare) } == """
        MAPLE can't have 300 networks for each device, 10 reference networks and an emphasis of 0
          300, 10 and 20 are usual.
        """)
  }
}
