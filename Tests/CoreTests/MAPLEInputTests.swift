import Foundation
import Testing

@testable import Core

/// The rows that MAPLE's perceptron reads, computed by hand: the features of a network, followed by the numbers of a
/// device.
@Suite struct MAPLEInputTests {
  /// Networks with an addition at no place, the third, the second, and the third and fourth.
  private static let graphs = Result {
    try [
      chain("a", [Node(.relu), Node(.relu), Node(.relu), Node(.relu)]),
      chain("b", [Node(.relu), Node(.relu), Node(.add), Node(.relu)]),
      chain("c", [Node(.relu), Node(.add), Node(.relu), Node(.relu)]),
      chain("d", [Node(.relu), Node(.relu), Node(.add), Node(.add)]),
    ]
  }

  /// The scaled columns for an addition and an activation, at each place where the networks differ. The first place is
  /// left out.
  ///
  /// One of four networks has an addition at the second place. The column has the mean 1/4 and the deviation sqrt(3)/4,
  /// so its 1 becomes sqrt(3), and its zeros become -1/sqrt(3). The column for an activation is the opposite, and the
  /// fourth place is like the second one. At the third place each operation is in half of the networks.
  private static let features: [[Double]] = {
    let many = 3.0.squareRoot()
    let few = 1 / many
    return [
      [-few, few, -1, 1, -few, few], [-few, few, 1, -1, -few, few], [many, -many, -1, 1, -few, few],
      [-few, few, 1, -1, many, -many],
    ]
  }()

  /// - Parameter exponents: The logarithms of the latencies to the base 2, for each device.
  private func data(_ devices: [Device], _ exponents: [[Double]]) throws -> LatencyData {
    try LatencyData(
      graphs: Self.graphs.get(), devices: devices,
      measurements: exponents.map { row in row.map { Measurement(pow(2, $0)) } })
  }

  private let recipe = MAPLE(
    hiddenUnits: [4], references: 4, emphasis: 1, options: .graphNetwork(epochs: 3, loss: .squared, seed: 1),
    adaptation: .graphNetwork(epochs: 3, loss: .squared, seed: 1))

  private func isClose(_ left: some Collection<Float>, _ right: [Double]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { abs(Double($0) - $1) < 1e-5 }
  }

  /// A row of what the perceptron learns from.
  private func row(_ number: Int, of rows: SampleRows) -> ArraySlice<Float> {
    rows.values[number * rows.columns..<(number + 1) * rows.columns]
  }

  /// The numbers that a predictor reads for a network. A model without hidden layers whose only weight is 1 at one
  /// number has this number as its output, which is the logarithm of the predicted latency.
  private func numbers(_ predictor: MAPLEPredictor, _ graph: NetworkGraph) throws -> [Float] {
    let count = predictor.features.count + predictor.descriptor.count
    let model = try PerceptronModel(inputs: count, hiddenUnits: [], layerNorm: true, dropout: 0)
    return try (0..<count).map { place in
      // The last parameter is the bias.
      let parameters = (0...count).map { Float($0 == place ? 1 : 0) }
      let reader = MAPLEPredictor(
        features: predictor.features, model: model, parameters: parameters, descriptor: predictor.descriptor,
        scale: LogarithmScale(offset: 0, factor: 1), rung: predictor.rung, unit: predictor.unit,
        device: predictor.device)
      return try Float(log(reader.predict([graph])[0]))
    }
  }

  private static func device(
    _ name: String, misses: Double, instructions: Double, loads: Double, latency: Double
  ) -> Device {
    Device(
      name,
      descriptor: [
        "conv.cache-misses": misses, "conv.instructions": instructions, "conv.LLC-loads": loads,
        "conv.latency": latency, "clock": 2 * latency,
      ])
  }

  private static let counted = [
    device("slow", misses: 0, instructions: 6, loads: 14, latency: 2),
    device("middle", misses: 4, instructions: 0, loads: 28, latency: 4),
    device("fast", misses: 15, instructions: 0, loads: 35, latency: 5),
  ]

  /// The loads, misses and instructions of the three devices; the clock and the latency are no counters.
  ///
  /// Divided by the latency, there are 7 loads on all devices; 0, 1 and 3 misses; 3, 0 and 0 instructions. The
  /// logarithms of 1 + x to the base 2 are 3, 3, 3; 0, 1, 2; 2, 0, 0. The first don't vary, the second have the mean 1
  /// and the deviation sqrt(2/3), the third have the mean 2/3 and the deviation sqrt(8)/3.
  private static let counters: [[Double]] = {
    let (misses, instructions) = (1.5.squareRoot(), 0.5.squareRoot())
    return [[0, -misses, 2 * instructions], [0, 0, -instructions], [0, misses, -instructions]]
  }()

  /// The exponents are 0 to 11, so the scaled logarithm tells which network on which device a row is about. Their mean
  /// is 5.5 and their variance 143/12.
  @Test func aRowIsANetworkAndTheCountersOfADevice() throws {
    let known = try recipe.pretrain(on: data(Self.counted, [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]))
    let knowledge = try #require(known.knowledge)
    #expect(knowledge.descriptor.names == ["conv.LLC-loads", "conv.cache-misses", "conv.instructions"])
    let rows = knowledge.rows
    try #require(rows.count == 12 && rows.columns == 9 && rows.values.count == 108)
    var places = Set<Int>()
    for (number, target) in knowledge.targets.enumerated() {
      let exponent = 5.5 + target * (143.0 / 12).squareRoot()
      let found = (0..<12).first { abs(exponent - Double($0)) < 1e-9 }
      let place = try #require(found)
      #expect(isClose(row(number, of: rows), Self.features[place % 4] + Self.counters[place / 4]))
      places.insert(place)
    }
    #expect(places.count == 12)
  }

  /// The new device has 31 misses and 1 instruction for each unit of time, whose logarithms to the base 2 are 5 and 1:
  /// scaled, 4 / sqrt(2/3) and (1/3) / (sqrt(8)/3). Its loads aren't compared, because they didn't vary.
  @Test func aPredictorReadsTheCountersOfItsDevice() throws {
    let known = try recipe.pretrain(on: data(Self.counted, [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]))
    let predictor = try known.predictor(
      for: Self.device("new", misses: 62, instructions: 2, loads: 18, latency: 2))
    let counters = [0, 4 * 1.5.squareRoot(), 0.125.squareRoot()]
    for (graph, features) in try zip(Self.graphs.get(), Self.features) {
      #expect(try isClose(numbers(predictor, graph), features + counters))
    }
  }

  /// The references from the quickest to the slowest network, as indices of networks.
  private static let references = [2, 0, 3, 1]

  /// The exponents of the references are 0, 1, 2, 3 on the first device and 0, 1, 3, 4 on the second one: means 1.5
  /// and 2, variances 5/4 and 5/2.
  private static let tables: [[Double]] = [
    [-3.0, -1, 1, 3].map { $0 / 5.0.squareRoot() }, [-2.0, -1, 1, 2].map { $0 / 2.5.squareRoot() },
  ]

  private func pretrainedOnReferences() throws -> MAPLE {
    try recipe.pretrain(on: data(["first", "second"], [[1, 3, 0, 2], [1, 4, 0, 3]]))
  }

  /// A device's own latencies are scaled like those of its references, because all networks are references.
  @Test func aRowIsANetworkAndTheReferencesOfADevice() throws {
    let known = try pretrainedOnReferences()
    #expect(known.referenceIDs == ["c", "a", "d", "b"])
    let knowledge = try #require(known.knowledge)
    let rows = knowledge.rows
    try #require(rows.count == 8 && rows.columns == 10 && rows.values.count == 80)
    for (device, table) in Self.tables.enumerated() {
      var places = Set<Int>()
      for number in 4 * device..<4 * device + 4 {
        let found = table.indices.first { abs(table[$0] - knowledge.targets[number]) < 1e-9 }
        let place = try #require(found)
        #expect(isClose(row(number, of: rows), Self.features[Self.references[place]] + table))
        places.insert(place)
      }
      #expect(places.count == 4)
    }
  }

  /// The new device measured three of the four references, with the exponents 3, 4 and 7. Scaled, they are
  /// (-5, -2, 7) / sqrt(26).
  ///
  /// The same three have the scaled exponents (-1, 0, 1) sqrt(1.5) on the first device and (-4, -1, 5) / sqrt(14) on
  /// the second one, which is more similar. In its table they are (-2, -1, 1) / sqrt(2.5), with the mean -2/3 and the
  /// deviation sqrt(14)/3, both divided by sqrt(2.5). The new device's numbers are brought to this scale, and the
  /// missing one is the second device's.
  @Test func aPredictorReadsTheReferencesOfItsDevice() throws {
    let graphs = try Self.graphs.get()
    let samples = try Dataset(device: "new", graphs: [graphs[2], graphs[0], graphs[3]], latencies: [8, 16, 128])
    let fit = try pretrainedOnReferences().fit(
      to: samples, split: Split(training: [0, 1, 2], validation: [], test: []))
    let ratio = (7.0 / 13).squareRoot()
    let measured = [-5.0, -2, 7].map { (-2 + $0 * ratio) / (3 * 2.5.squareRoot()) }
    let references = measured + [2 / 2.5.squareRoot()]
    for (graph, features) in zip(graphs, Self.features) {
      #expect(try isClose(numbers(fit.predictor, graph), features + references))
    }
  }
}
