import Core
import Foundation
import Networks
import TestSupport
import Testing

@testable import Measure

/// Kernels and profiles with the real runtimes.
@Suite(.enabled(if: RuntimesPython.path != nil, "There are no runtimes: make runtimes installs them."), .serialized)
struct RuntimeTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-runtimes-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try ExecutableScript.write(
      "#!/bin/sh\nXDG_CACHE_HOME='\(folder.path)/cache' exec '\(RuntimesPython.path ?? "")' \"$@\"\n",
      to: folder.appendingPathComponent("python").path)
  }

  private func device(_ runtime: RuntimeKind) -> TargetDevice {
    TargetDevice(
      "pc", python: folder.appendingPathComponent("python").path, quiet: 1000, patience: 0,
      setups: [RuntimeSetup(runtime, on: "pc")])
  }

  @Test(arguments: [RuntimeKind.onnxruntime, .mnn])
  func kernelsAreMeasured(runtime: RuntimeKind) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let small = Node(.convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8, height: 8, width: 8)
    let large = Node(.convolution, kernel: 3, stride: 1, inputChannels: 256, outputChannels: 256, height: 32, width: 32)
    let table = try Measuring.kernels(
      [small, large], on: device(runtime), plan: MeasuringPlan(rounds: 2...2, runs: 5, overhead: 0.9, repetitions: 0),
      table: folder.appendingPathComponent("kernels.csv").path)
    #expect(table.rows.map(\.reason) == [nil, nil])
    let medians = table.rows.compactMap(\.median)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("cache").path)
    #expect(left == ["labbook-agent"])
    // The second kernel has four thousand times as many operations.
    #expect(medians.count == 2 && medians[0] * 5 < medians[1])
  }

  @Test(arguments: [RuntimeKind.onnxruntime, .mnn])
  func aModelIsProfiledBothWays(runtime: RuntimeKind) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("m.onnx").path
    let kernel = Node(.convolution, kernel: 3, stride: 1, inputChannels: 32, outputChannels: 32, height: 16, width: 16)
    try KernelModel.content(Kernel([kernel])).write(to: URL(fileURLWithPath: path))
    let profile = try Profiling(
      on: device(runtime), runs: 5, plan: MeasuringPlan(rounds: 1...1, runs: 5, overhead: 0.9, repetitions: 0)
    ).profile(try ModelFile(path))
    #expect(profile.operators.contains { $0.type.hasPrefix("Conv") && $0.milliseconds > 0 })
    #expect(profile.differences.map(\.name) == ["kernel"])
    #expect(profile.whole > 0)
    #expect((profile.explained ?? 0) > 0)
    #expect(profile.cost != nil)
    // The operators follow each other, and the differences sum up to the whole model's time.
    let starts = profile.operators.compactMap(\.start)
    #expect(starts.count == profile.operators.count && starts == starts.sorted() && starts.allSatisfy { $0 >= 0 })
    let sum = profile.differences.reduce(0) { $0 + $1.milliseconds }
    #expect(abs(sum - (profile.pieces.rows.last?.median ?? 0)) < 1e-9)
    #expect(profile.differencesExplained == sum / profile.whole)
  }

  /// What the profiler says is fused is what the graph that ONNX Runtime saves after its optimisations lacks.
  @Test func fusionsAreThoseOfTheSavedGraph() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pairs = FusionRules.testPairs(of: [
      try ResidualCNN(widths: [8, 16], blocksPerStage: 2, imageSize: 16).fullNetwork().graph(id: "m")
    ])
    let script = """
      import sys, onnx, onnxruntime
      options = onnxruntime.SessionOptions()
      options.log_severity_level = 3
      options.optimized_model_filepath = sys.argv[2]
      onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
      print(" ".join(node.op_type for node in onnx.load(sys.argv[2]).graph.node))
      """
    let (model, saved) = (folder.appendingPathComponent("m.onnx"), folder.appendingPathComponent("saved.onnx"))
    let onnxTypes: [NetworkOperation: String] = [.add: "Add", .relu: "Relu", .globalAveragePool: "GlobalAveragePool"]
    var fused = Set<FusionRules.Pair>()
    for pair in pairs {
      try KernelModel.content(pair).write(to: model)
      let output = try AgentFunctions.python(script, [model.path, saved.path], by: RuntimesPython.path ?? "")
      let types = output.split(separator: " ").map(String.init)
      #expect(!types.isEmpty)
      let second = pair.nodes[1].operation
      if !types.contains(onnxTypes[second] ?? "Conv") {
        fused.insert(FusionRules.Pair(pair.nodes[0].operation, second))
      }
    }
    #expect(fused.contains(FusionRules.Pair(.convolution, .relu)))
    #expect(try Profiling(on: device(.onnxruntime), runs: 1).fusedPairs(pairs).fused == fused)
  }

  /// Converts with the runtimes' own converters, one model after the other. A file that isn't a model has a reason in
  /// its result.
  @Test(arguments: [(RuntimeKind.mnn, [".mnn"]), (.ncnn, [".ncnn.bin", ".ncnn.param", ".ncnn.zip"])])
  func modelsAreConverted(runtime: RuntimeKind, suffixes: [String]) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let kernel = Node(.convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8, height: 8, width: 8)
    let (good, bad) = (folder.appendingPathComponent("a.onnx"), folder.appendingPathComponent("b.onnx"))
    try KernelModel.content(Kernel([kernel])).write(to: good)
    try Data("nonsense".utf8).write(to: bad)
    let target = folder.appendingPathComponent("converted").path
    let results = try ModelConversion(to: runtime, python: folder.appendingPathComponent("python").path)
      .run([try ModelFile(bad.path), try ModelFile(good.path)], into: target)
    #expect(results.map(\.id) == ["b", "a"])
    #expect(results.map { $0.reason == nil } == [false, true])
    #expect(results[1].files == suffixes.map { "\(target)/a\($0)" })
    for file in results[1].files { #expect(!(try FileAccess.read(file)).isEmpty) }
    // The converted models can be run.
    let model = try ModelFile(results[1].files.last ?? "")
    #expect(model.id == "a")
    let table = try Measuring(
      [model], on: device(runtime),
      plan: MeasuringPlan(rounds: 1...1, runs: 5, overhead: 0.9, repetitions: 0),
      table: folder.appendingPathComponent("t.csv").path
    ).run()
    #expect(table.rows.map(\.reason) == [nil])
  }

  @Test(arguments: [
    (RuntimeKind.onnxruntime, ["optimization": "basic"]), (.mnn, ["precision": "low"]),
    (.mnn, ["precision": "Low_BF16"]), (.ncnn, ["fp16": "false"]),
  ])
  func aRuntimeTakesItsOptions(runtime: RuntimeKind, options: [String: String]) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try table(runtime, options).rows.map(\.reason) == [nil])
  }

  /// The runtime would run the model on the CPU otherwise.
  @Test(arguments: [
    (
      RuntimeKind.onnxruntime, ["provider": "CUDAExecutionProviders"],
      "\"pc-onnxruntime\": the runtime can't be started: this ONNX Runtime has no CUDAExecutionProviders, only "
    ),
    (.mnn, ["backend": "HIAI"], "\"pc-mnn\": the runtime can't be started: this MNN can't use the backend HIAI here"),
  ])
  func aMissingAcceleratorEndsTheMeasurement(runtime: RuntimeKind, options: [String: String], cause: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let error = #expect(throws: InputError.self) { try table(runtime, options) }
    #expect(error?.cause.hasPrefix(cause) == true)
  }

  /// The latencies of a small convolution under a runtime with options.
  private func table(_ runtime: RuntimeKind, _ options: [String: String]) throws -> MeasuredLatencies {
    var target = device(runtime)
    target.setups = [RuntimeSetup(runtime, on: "pc", options: options, name: "pc-\(runtime.rawValue)")]
    let small = Node(.convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8, height: 8, width: 8)
    return try Measuring.kernels(
      [small], on: target, plan: MeasuringPlan(rounds: 1...1, runs: 5, overhead: 0.9, repetitions: 0),
      table: folder.appendingPathComponent("kernels.csv").path)
  }

  @Test func aFileThatTheRuntimeRefusesIsARow() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("m.onnx").path
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: path))
    let table = try Measuring(
      [try ModelFile(path)], on: device(.onnxruntime),
      plan: MeasuringPlan(rounds: 1...1, runs: 5, overhead: 0.9, repetitions: 0),
      table: folder.appendingPathComponent("t.csv").path
    ).run()
    #expect(table.rows.map(\.median) == [nil])
    #expect(table.rows[0].reason?.contains("INVALID_PROTOBUF") == true)
  }
}
