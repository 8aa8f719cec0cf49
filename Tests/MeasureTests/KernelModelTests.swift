import Core
import Foundation
import ONNX
import Testing

@testable import Measure

/// Single operations as models: the file contains exactly the requested operation.
@Suite struct KernelModelTests {
  static let kernels: [Node] = [
    Node(.convolution, kernel: 3, stride: 1, inputChannels: 16, outputChannels: 32, height: 8, width: 8),
    Node(.convolution, kernel: 3, stride: 2, inputChannels: 16, outputChannels: 32, height: 4, width: 4),
    Node(.convolution, kernel: 1, stride: 1, inputChannels: 16, outputChannels: 32, height: 8, width: 8),
    Node(.convolution, kernel: 5, stride: 1, inputChannels: 16, outputChannels: 16, height: 8, width: 8, groups: 16),
    Node(.linear, inputChannels: 64, outputChannels: 10),
    Node(.relu, inputChannels: 8, outputChannels: 8, height: 4, width: 4),
    Node(.add, inputChannels: 8, outputChannels: 8, height: 4, width: 4),
    Node("max_pool", kernel: 3, stride: 2, inputChannels: 8, outputChannels: 8, height: 4, width: 4),
    Node(.globalAveragePool, inputChannels: 8, outputChannels: 8, height: 4, width: 4),
  ]

  // The argument is an index, because a node as an argument crashes the testing library (its vector of attributes is
  // over-aligned).
  @Test(arguments: kernels.indices)
  func theFileHasTheOperation(index: Int) throws {
    let kernel = Self.kernels[index]
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("kernel-\(UUID().uuidString).onnx")
    defer { try? FileManager.default.removeItem(at: url) }
    try KernelModel.content(Kernel([kernel])).write(to: url)
    let graph = try NetworkGraph(onnx: url.path)
    let read = try #require(graph.nodes.first { $0.operation == kernel.operation })
    let given = NodeAttribute.allCases.filter { kernel[$0] != nil && ![.height, .width].contains($0) }
    for attribute in given where read[attribute] != nil {
      #expect(read[attribute] == kernel[attribute], "\(attribute)")
    }
    if kernel.operation == .convolution { #expect(read[.height] == kernel[.height]) }
    #expect(graph.nodes.count { $0.operation == .input } == (kernel.operation == .add ? 2 : 1))
  }

  /// Operations that follow each other are a chain in the file.
  @Test func aKernelOfSeveralOperationsIsAChain() throws {
    let relu = Node(.relu, inputChannels: 32, outputChannels: 32, height: 8, width: 8)
    let add = Node(.add, inputChannels: 32, outputChannels: 32, height: 8, width: 8)
    let norm = Node("batch_norm", inputChannels: 32, outputChannels: 32, height: 8, width: 8)
    let kernel = Kernel([Self.kernels[0], norm, add, relu])
    #expect(
      KernelModel.name(kernel)
        == "conv-k3-s1-16x32-8x8+batch_norm-32x32-8x8+add-32x32-8x8+relu-32x32-8x8")
    let model = try ModelProto(decoding: KernelModel.content(kernel))
    let nodes = try #require(model.graph?.node)
    #expect(nodes.map(\.opType) == ["Conv", "BatchNormalization", "Add", "Relu"])
    #expect(nodes.map { $0.input.first ?? "" } == ["input", "value.0", "value.1", "value.2"])
    #expect(nodes.flatMap(\.output) == ["value.0", "value.1", "value.2", "output"])
    #expect(model.graph?.input.map(\.name) == ["input", "other.2"])
    #expect(model.graph?.output.map(\.name) == ["output"])
  }

  @Test func namesTellTheSizes() {
    #expect(KernelModel.name(Kernel([Self.kernels[0]])) == "conv-k3-s1-16x32-8x8")
    #expect(KernelModel.name(Kernel([Self.kernels[3]])) == "conv-k5-s1-g16-16x16-8x8")
    #expect(KernelModel.name(Kernel([Self.kernels[4]])) == "linear-64x10")
    let wide = Node(
      .convolution, kernel: 1, stride: 1, inputChannels: 8, outputChannels: 8, height: 4, width: 4, kernelWidth: 7)
    #expect(KernelModel.name(Kernel([wide])) == "conv-k1x7-s1-8x8-4x4")
  }

  @Test func whatIsMissingIsTold() {
    let error = #expect(throws: InputError.self) { try KernelModel.content(Kernel([Node(.convolution, kernel: 3)])) }
    #expect(error?.cause == "the kernel conv-k3 has no in_channels")
    #expect(
      throws: InputError(
        "the operation \"concat\" can't be measured alone",
        remedy: "conv, linear, relu, add, batch_norm, max_pool, avg_pool and global_avg_pool can.")
    ) { try KernelModel.content(Kernel([Node("concat")])) }
    let odd = Node(
      .convolution, kernel: 3, stride: 1, inputChannels: 6, outputChannels: 6, height: 4, width: 4, groups: 4)
    #expect(throws: InputError("6 and 6 channels can't be divided into 4 groups")) {
      try KernelModel.content(Kernel([odd]))
    }
  }
}
