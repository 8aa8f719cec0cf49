import Foundation
import Testing

@testable import Core

/// The results equal PyTorch's, which `Tests/Reference/gcn_reference.py` prints.
@Suite struct GCNReferenceTests {
  struct Case: CustomTestStringConvertible {
    var layerNorm: Bool
    var readout: GCN.Readout
    var loss: Loss
    var outputs: [Float]
    var lossValue: Double
    var gradientNorm: Double
    /// Every 37th gradient; the weights are sampled likewise.
    var gradients: [Float]
    /// The losses before each of four steps, followed by the weights after them.
    var adamWLosses: [Double]
    var adamWWeights: [Float]
    var sgdLosses: [Double]
    var sgdWeights: [Float]

    var testDescription: String { "norm \(layerNorm), \(readout), \(loss)" }
  }

  static let cases = [
    Case(
      layerNorm: true, readout: .globalNode, loss: .absolute,
      outputs: [1.53076, 1.66502, 1.3751],
      lossValue: 0.940293, gradientNorm: 23.8111,
      gradients: [
        0.100583, 0.0559595, 0.038027, -2.1837, -0.00132716, 3.4771, 0.167296, -0.132686, -0.00120981, -0.569625,
        -0.119913,
      ],
      adamWLosses: [0.940293, 0.330152, 1.00627, 0.967749],
      adamWWeights: [
        -0.00147366, 0.379231, -0.235125, -0.23292, 0.380424, -0.00108738, -0.384181, 0.23456, 0.237888, -0.377469,
        -0.000977046,
      ],
      sgdLosses: [0.940293, 0.710423, 1.02698, 0.810725],
      sgdWeights: [
        -0.0046528, 0.387093, -0.238509, -0.227145, 0.380562, -0.00216157, -0.38197, 0.242677, 0.2372, -0.375335,
        -0.00350472,
      ]),
    Case(
      layerNorm: true, readout: .mean, loss: .squared,
      outputs: [1.08689, 1.14428, 1.29739],
      lossValue: 0.452341, gradientNorm: 20.084,
      gradients: [
        0.149829, 0.380478, 0.00221701, -1.33851, 0.00411748, 0.811745, 0.0880277, -0.175715, -0.103108, -0.877445,
        -0.0569608,
      ],
      adamWLosses: [0.452341, 0.1506, 0.51213, 0.108149],
      adamWWeights: [
        -0.00337284, 0.379738, -0.237701, -0.233789, 0.380348, 0.000295597, -0.384625, 0.235707, 0.240934, -0.376179,
        -0.0014206,
      ],
      sgdLosses: [0.452341, 0.958012, 0.271907, 0.220684],
      sgdWeights: [
        -0.00781465, 0.388772, -0.238713, -0.231515, 0.380434, 0.0137681, -0.381232, 0.241777, 0.238347, -0.369549,
        -0.00357395,
      ]),
    Case(
      layerNorm: false, readout: .globalNode, loss: .huber(threshold: 0.5),
      outputs: [-0.236991, -0.523947, -0.642819],
      lossValue: 0.400654, gradientNorm: 3.68062,
      gradients: [0.0117888, -0.109071, 0.00504746, 0.0804053, -0.928353, 0, -0.0882675, 0.00205091, 0.0438842],
      adamWLosses: [0.400654, 0.367526, 0.338897, 0.314524],
      adamWWeights: [-0.00333332, 0.384464, -0.238025, -0.239695, 0.383758, 0.0017639, -0.377136, 0.229063, 0.233608],
      sgdLosses: [0.400654, 0.387537, 0.366084, 0.343247],
      sgdWeights: [-3.17034e-05, 0.381439, -0.234468, -0.236422, 0.386817, 0.00176345, -0.380225, 0.232987, 0.23696]),
    Case(
      layerNorm: false, readout: .sum, loss: .relative,
      outputs: [-0.661963, -0.889573, -1.85829],
      lossValue: 3.418, gradientNorm: 33.7109,
      gradients: [0.300523, -1.38494, 0.0370673, 0.379504, -9.1882, 0, -0.725004, 0.010496, 0.524121],
      adamWLosses: [3.418, 3.10066, 2.79082, 2.47509],
      adamWWeights: [-0.00394834, 0.38446, -0.238386, -0.239767, 0.3839, 0.0017639, -0.376998, 0.229062, 0.233348],
      sgdLosses: [3.418, 2.33443, 2.56498, 2.31456],
      sgdWeights: [-0.000223102, 0.392555, -0.234699, -0.239415, 0.408237, 0.00176708, -0.378498, 0.232936, 0.235435]),
  ]

  private func bench(_ given: Case) throws -> Workbench {
    Workbench(try ReferenceCase.network(layerNorm: given.layerNorm, readout: given.readout), ReferenceCase.graphs)
  }

  private func sample(_ values: [Float]) -> [Float] {
    stride(from: 0, to: values.count, by: 37).map { values[$0] }
  }

  @Test(arguments: cases) func outputsLossAndGradientsArePyTorchs(_ given: Case) throws {
    let bench = try bench(given)
    let loss = bench.evaluate(given.loss, targets: ReferenceCase.targets)
    #expect(isClose(bench.pass.outputs.array, given.outputs))
    #expect(abs(loss - given.lossValue) < 2e-5 * given.lossValue)
    let gradients = bench.pass.gradients.array
    #expect(isClose(sample(gradients), given.gradients), "\(sample(gradients))")
    let norm = gradients.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(norm - given.gradientNorm) < 2e-5 * given.gradientNorm)
  }

  @Test(arguments: cases) func adamWStepsArePyTorchs(_ given: Case) throws {
    let (losses, weights) = try steps(given, .adamW(weightDecay: 0.05))
    #expect(isClose(losses.map(Float.init), given.adamWLosses.map(Float.init)))
    #expect(isClose(weights, given.adamWWeights))
  }

  @Test(arguments: cases) func sgdStepsArePyTorchs(_ given: Case) throws {
    let (losses, weights) = try steps(given, .sgd(momentum: 0.9, weightDecay: 0.05))
    #expect(isClose(losses.map(Float.init), given.sgdLosses.map(Float.init)))
    #expect(isClose(weights, given.sgdWeights))
  }

  private func steps(_ given: Case, _ optimizer: Optimizer) throws -> (losses: [Double], weights: [Float]) {
    let bench = try bench(given)
    let state = OptimizerState(optimizer, count: bench.weights.count)
    let losses = (0..<4).map { _ in
      let loss = bench.evaluate(given.loss, targets: ReferenceCase.targets)
      state.step(weights: bench.weights, gradients: bench.pass.gradients, rate: 0.001)
      return loss
    }
    return (losses, sample(bench.weights.array))
  }

  private func isClose(_ left: [Float], _ right: [Float]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= 1e-4 * abs($1) + 2e-5 }
  }
}
