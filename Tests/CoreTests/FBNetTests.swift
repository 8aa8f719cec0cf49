import Foundation
import Testing

@testable import Core

@Suite struct FBNetTests {
  @Test func placesHaveTheirSizes() throws {
    let graph = try FBNet.graph(Array(repeating: "k3_e6", count: 21) + ["skip"], id: "a")
    #expect(graph.nodes.count == 24)
    #expect(
      graph.nodes[2]
        == Node(
          "fbnet_k3_e6", kernel: 3, stride: 2, inputChannels: 16, outputChannels: 24, height: 56, width: 56, groups: 1))
    #expect(
      graph.nodes[22] == Node("fbnet_skip", stride: 1, inputChannels: 184, outputChannels: 352, height: 7, width: 7))
  }

  /// FBNet, table 1: a block is an expansion, a depthwise convolution and a projection. If its input and output have
  /// the same shape, they are added.
  @Test func blocksAreTakenApart() throws {
    let graph = try FBNet.graph(Array(repeating: "k5_e3", count: 22), id: "a")
    #expect(graph.nodes[2].blockOperations.map(\.operation) == ["conv", "conv", "conv"])
    #expect(graph.nodes[3].blockOperations.map(\.operation) == ["conv", "conv", "conv", "add"])
    let depthwise = graph.nodes[2].blockOperations[1]
    #expect([NodeAttribute.kernel, .groups, .inputChannels, .height].map { depthwise[$0] } == [5, 48, 48, 56])
    let skips = try FBNet.graph(Array(repeating: "skip", count: 22), id: "b")
    #expect(skips.nodes[3].blockOperations.isEmpty)
    #expect(skips.nodes[2].blockOperations.map { $0[.stride] } == [2])
    #expect(Node(.relu).blockOperations == [Node(.relu)])
  }

  /// Files may name any operation, also one whose numbers no node can have.
  @Test(arguments: ["k3_e9223372036854775807", "k3_e0", "k0_e1", "k3_e1_g0", "k3_e1_g-2"])
  func numbersThatNoNodeHasAreNoBlock(_ block: String) {
    #expect(FBNet.Settings(FBNet.operation(block)) == nil)
    let node = Node(FBNet.operation(block), inputChannels: 8, outputChannels: 16, height: 4, width: 4)
    #expect(node.blockOperations.map(\.operation) == ["conv"])
  }

  @Test func blocksAreMoreOrLessAlike() {
    func similarity(_ left: String, _ right: String) -> Double {
      FBNet.operation(left).similarity(to: FBNet.operation(right))
    }
    #expect(similarity("k3_e1", "k3_e1") == 1)
    #expect(abs(similarity("k3_e1", "k5_e1") - 0.6) < 1e-12)
    #expect(abs(similarity("k3_e1", "k3_e6") - 0.4) < 1e-12)
    #expect(similarity("k3_e1", "skip") == 0)
    #expect(similarity("k3_e3", "k3_e6") > similarity("k3_e1", "k3_e3"))
    #expect(NetworkOperation.relu.similarity(to: .add) == 0)
  }

  @Test func whatIsNoFBNet() throws {
    #expect(try message { _ = try FBNet.graph(["skip"], id: "a") } == "an FBNet has 22 blocks, not 1")
    #expect(
      try message { _ = try FBNet.graph(Array(repeating: "k3_e2", count: 22), id: "a") }.hasPrefix(
        "\"k3_e2\" is not a block of FBNet\n"))
    let table = try CSVTable(Data("arch,blocks\n0,skip skip\n".utf8), file: "f.csv")
    #expect(try message { _ = try FBNet.graphs(table) } == "f.csv:2:3: an FBNet has 22 blocks, not 2")
  }
}
