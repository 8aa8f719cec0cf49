import Foundation
import Testing

@testable import Core

@Suite struct CoexecutionTests {
  /// A device on which an output channel of the convolution takes a given time, from a table of all numbers of
  /// channels.
  private func device(_ perChannel: Double) throws -> KernelSumPredictor {
    var table = KernelTable()
    for channels in 1...10 { try table.add(Kernel([convolution(channels)]), Double(channels) * perChannel) }
    return try KernelSum(table, seed: 1).predictor(for: "device")
  }

  private func convolution(_ channels: Int) -> Node {
    Node(.convolution, kernel: 1, stride: 1, inputChannels: 5, outputChannels: channels, height: 2, width: 2)
  }

  /// Alone the devices take 10 and 20. With 7 of 10 channels on the first and 3 on the second they take 7 and 6, plus
  /// 1 for synchronisation and 60 elements at 0.01: 8.6 in total. With 6 channels on the first it is 9.6, and with 8
  /// also 9.6.
  @Test func theLeastTimeByHand() throws {
    let both = Coexecution(first: try device(1), second: try device(2), transferPerElement: 0.01, synchronisation: 1)
    let plan = try both.plan(convolution(10))
    #expect(plan.share == 0.7 && abs(plan.time - 8.6) < 1e-12)
    #expect(plan.times.count == 11)
    let expected = [20, 19.6, 17.6, 15.6, 13.6, 11.6, 9.6, 8.6, 9.6, 10.6, 10]
    #expect(zip(plan.times, expected).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(abs(try both.plan(convolution(10), isInChain: true).time - 8) < 1e-12)
    let dear = Coexecution(first: try device(1), second: try device(2), transferPerElement: 1, synchronisation: 1)
    #expect(try dear.plan(convolution(10)).share == 1)
    // The best measured time is 9 at 0.6; the plan's 0.7 takes 9.9, which is a tenth more.
    #expect(abs(try plan.regret(measured: [20, 19, 18, 16, 14, 12, 9, 9.9, 10, 11, 12]) - 0.1) < 1e-12)
    #expect(try handedOn(both) == both && handedOn(plan) == plan)
  }

  @Test func whatItCanNotPlan() throws {
    var both = Coexecution(first: try device(1), second: try device(2), transferPerElement: 0, synchronisation: 1)
    #expect(
      try message { _ = try both.plan(Node(.relu)) } == """
        the operation "relu" has no output channels that could be shared
          Give the node out_channels.
        """)
    #expect(
      try message { _ = try both.plan(convolution(10)).regret(measured: [1, 2]) } == """
        there are 2 measured times for 11 shares, or not all are positive
          Measure the operation once at every share.
        """)
    both.shares = [0, 1.5]
    #expect(try message { _ = try both.plan(convolution(10)) }.contains("operations can't be shared as [0.0, 1.5]"))
  }
}
