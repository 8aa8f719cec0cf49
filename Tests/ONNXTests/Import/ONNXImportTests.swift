import Foundation
import Testing

@testable import Core
@testable import ONNX

@Suite struct ONNXImportTests {
  /// The script builds these networks from their lines in architectures.jsonl, with a Flatten before the linear
  /// layer.
  @Test(arguments: [0, 300, 599])
  func isTheGraphThatTheModelWasMadeFrom(_ position: Int) throws {
    let graph = try NetworkGraph.load(PrunedResNet.architectures)[position]
    let imported = try NetworkGraph(
      onnx: ONNXModels.path("pruned-resnet-\(graph.id)"), id: graph.id, properties: graph.properties)
    #expect(imported == graph)
    #expect(imported.totalFloatingPointOperations() == graph.totalFloatingPointOperations())
  }

  @Test func theFileNameIsTheID() throws {
    let graph = try ONNXModels.load("pruned-resnet-p0300")
    #expect(graph.id == "pruned-resnet-p0300")
    #expect(graph.properties == [:])
  }

  /// The nodes before the exporters' differences, and PyTorch's counts of convolutions and linear layers.
  @Test(arguments: ["torchscript", "plain", "dynamo", "onnxruntime"])
  func exportedModels(_ exporter: String) throws {
    let graph = try ONNXModels.load("exported-\(exporter)")
    let layers: Set<NetworkOperation> = [.convolution, "conv_transpose", .linear]
    #expect(
      graph.nodes.filter { layers.contains($0.operation) }.map(\.text) == [
        "conv 3>8 8x8 kernel 3 stride 2",
        "conv 8>8 8x8 kernel 5 stride 1 groups 8",
        "conv 8>2 1x1 kernel 1 stride 1",
        "conv 2>8 1x1 kernel 1 stride 1",
        "conv 4>4 8x8 kernel 3 stride 1",
        "conv_transpose 8>4 8x8 kernel 2 stride 2",
        "linear 64>10 1x1",
      ])
    let flops = zip(graph.nodes, graph.floatingPointOperations()).filter { layers.contains($0.0.operation) }
    #expect(flops.compactMap(\.1).reduce(0, +) == 77_120)
  }

  @Test func exportedGraph() throws {
    #expect(
      try ONNXModels.load("exported-dynamo").text == [
        "0: input 3>3 16x16",
        "1: 0 -> conv 3>8 8x8 kernel 3 stride 2",
        "2: 1 -> relu6 8>8 8x8",
        "3: 2 -> conv 8>8 8x8 kernel 5 stride 1 groups 8",
        "4: 3 -> sigmoid 8>8 8x8",
        "5: 3 4 -> mul 8>8 8x8",
        "6: 5 -> global_avg_pool 8>8 1x1",
        "7: 6 -> conv 8>2 1x1 kernel 1 stride 1",
        "8: 7 -> relu 2>2 1x1",
        "9: 8 -> conv 2>8 1x1 kernel 1 stride 1",
        "10: 9 -> hard_sigmoid 8>8 1x1",
        "11: 5 10 -> mul 8>8 8x8",
        "12: 2 11 -> add 8>8 8x8",
        "13: 12 -> slice 8>4 8x8",
        "14: 12 -> slice 8>4 8x8",
        "15: 14 -> conv 4>4 8x8 kernel 3 stride 1",
        "16: 15 -> relu 4>4 8x8",
        "17: 13 16 -> concat 8>8 8x8",
        "18: 17 -> reshape 8>2 32x8",
        "19: 18 -> transpose 2>2 32x8",
        "20: 19 -> reshape 2>8 8x8",
        "21: 20 -> max_pool 8>8 4x4 kernel 3 stride 2",
        "22: 21 -> conv_transpose 8>4 8x8 kernel 2 stride 2",
        "23: 22 -> resize 4>4 4x4",
        "24: 23 -> hard_swish 4>4 4x4",
        "25: 24 -> reshape 4>64 1x1",
        "26: 25 -> linear 64>10 1x1",
        "27: 26 -> output 10>10 1x1",
      ])
  }

  @Test func fusedOperatorsAreTakenApart() throws {
    #expect(
      try ONNXModels.load("fused").text == [
        "0: input 8>8 6x6",
        "1: 0 -> conv 8>8 6x6 kernel 3 stride 1",
        "2: 1 -> relu6 8>8 6x6",
        "3: 2 -> conv 8>8 6x6 kernel 3 stride 1",
        "4: 3 0 -> add 8>8 6x6",
        "5: 4 -> relu 8>8 6x6",
        "6: 5 -> silu 8>8 6x6",
        "7: 6 -> flatten 8>288 1x1",
        "8: 7 -> linear 288>4 1x1",
        "9: 8 -> leaky_relu 4>4 1x1",
        "10: 9 -> output 4>4 1x1",
      ])
  }

  @Test func inputShapes() throws {
    let path = ONNXModels.path("open-sizes")
    let graph = try NetworkGraph(onnx: path, inputShapes: ["x": [1, 3, 65, 33]])
    #expect(graph.nodes.map(\.text) == ["input 3>3 65x33", "conv 3>8 32x16 kernel 3 stride 2", "output 8>8 32x16"])
    #expect(try NetworkGraph(onnx: path, inputShapes: ["x": [4, 3, 65, 33]]) == graph)
    // Requested sizes override the sizes in the file.
    let larger = try NetworkGraph(
      onnx: ONNXModels.path("exported-torchscript"), inputShapes: ["image": [1, 3, 16, 16]])
    #expect(larger == (try ONNXModels.load("exported-torchscript")))
  }

  @Test func ownOperators() throws {
    let registry = OperationRegistry.standard.adding([
      OperationDefinition("warp", cost: .elementwise, onnxTypes: ["com.example.GridSampler"]),
      OperationDefinition("deform", cost: .convolution, onnxTypes: ["com.example.Deform"]),
    ])
    let warp = try NetworkGraph(onnx: ONNXModels.path("unknown-operator"), registry: registry)
    #expect(warp.nodes.map(\.text) == ["input 8>8 6x6", "warp 8>8 6x6", "output 8>8 6x6"])
    // The size of this model is in the file.
    let deform = try NetworkGraph(onnx: ONNXModels.path("declared-shape"), registry: registry)
    #expect(
      deform.nodes.map(\.text) == ["input 8>8 6x6", "deform 8>12 3x3 kernel 3 stride 2", "output 12>12 3x3"])
    #expect(deform.totalFloatingPointOperations(registry: registry) == 2 * 9 * 8 * 12 * 9)
  }

  @Test func folders() throws {
    let folder = try ONNXFolder(ONNXModels.folder.path)
    #expect(
      folder.models.prefix(4).map(\.id) == ["constant-output", "control-flow", "declared-shape", "exported-dynamo"])
    #expect(folder.models.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
    let files = try TemporaryFiles(["net10.onnx": "", "net9.onnx": "", "notes.txt": ""])
    #expect(try ONNXFolder(files.path("")).models.map(\.id) == ["net9", "net10"])
    #expect(try ONNXFolder(files.path("")).models[0].path == files.path("net9.onnx"))
    #expect(try files.message { _ = try ONNXFolder($0.path("nets")) }.hasPrefix("nets: the folder doesn't exist"))
    let empty = try TemporaryFiles([:])
    #expect(try empty.message { _ = try ONNXFolder($0.path("")) }.hasSuffix("the folder has no .onnx files"))
  }
}
