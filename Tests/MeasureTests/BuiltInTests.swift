import Core
import Foundation
import Networks
import Testing

@testable import Measure

/// Measurements with the runtime that is part of Labbook, without Python and agent.
@Suite struct BuiltInTests {
  private let folder: URL
  private let table: String
  private let device: TargetDevice

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-built-in-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    table = folder.appendingPathComponent("t.csv").path
    // The device doesn't wait for a quiet machine, since tests run concurrently.
    device = TargetDevice(
      "pc", python: "/no/such/python", quiet: 1000, patience: 0, setups: [RuntimeSetup(.onednn, on: "pc")])
  }

  private func model(_ point: String, _ id: String) throws -> ModelFile {
    let space = ResidualCNN(widths: [8, 16], blocksPerStage: 2, imageSize: 16)
    let network = try space.network(at: space.point(point))
    let path = folder.appendingPathComponent("\(id).onnx").path
    try network.save(onnx: path, weights: NetworkWeights(random: network, seed: 1))
    return try ModelFile(path)
  }

  private static let plan = MeasuringPlan(rounds: 2...2, runs: 5, overhead: 0.9, repetitions: 0)

  @Test func aTableIsMadeWithoutPython() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let bad = folder.appendingPathComponent("bad.onnx").path
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: bad))
    let models = [try model("8 8 | 16 16", "large"), try ModelFile(bad), try model("- - | 8 -", "small")]
    let result = try Measuring(models, on: device, plan: Self.plan, table: table).run()
    #expect(result.rows.map(\.id) == ["large", "bad", "small"])
    #expect(result.rows.map { $0.median != nil } == [true, false, true])
    #expect(result.rows.map(\.device) == ["pc-onednn-1t", "pc-onednn-1t", "pc-onednn-1t"])
    #expect(result.failures.map(\.reason) == ["this is not an ONNX model"])
    #expect(result.rows.compactMap(\.median).allSatisfy { $0 > 0 })
    #expect(result.devices.map(\.runtime)[0]?.hasPrefix("oneDNN ") == true)
    #expect((result.devices[0].descriptor["cores"] ?? 0) >= 1)
    // The measurement continues from the stored rounds.
    let more = try Measuring(
      models, on: device, plan: MeasuringPlan(rounds: 3...3, runs: 5, overhead: 0.9, repetitions: 0), table: table
    ).run()
    #expect(more.rows.map(\.rounds) == [3, 0, 3])
  }

  /// What oneDNN in Labbook fuses is known: what follows a convolution element by element, and nothing before it.
  @Test func fusionsAreThoseOfTheRuntime() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let space = ResidualCNN(widths: [8, 16], blocksPerStage: 2, imageSize: 16)
    let pairs = FusionRules.testPairs(of: [try space.fullNetwork().graph(id: "m")])
    #expect(
      pairs.map(\.kind) == ["add+relu", "conv+add", "conv+relu", "relu+conv", "relu+global_avg_pool"])
    let fused = try Profiling(on: device, runs: 1).fusedPairs(pairs)
    typealias Pair = FusionRules.Pair
    #expect(fused.fused == [Pair(.convolution, .add), Pair(.convolution, .relu), Pair(.add, .relu)])
    let kernels = FusionRules.testKernels(pairs)
    #expect(Array(kernels.suffix(pairs.count)) == pairs && Set(kernels).count == kernels.count)
    let timings = try Measuring.kernels(kernels, on: device, plan: Self.plan, table: table).fusionTimings(of: pairs)
    #expect(timings.map(\.pair) == pairs.map { Pair($0.nodes[0].operation, $0.nodes[1].operation) })
    #expect(timings.allSatisfy { $0.first > 0 && $0.second > 0 && $0.both > 0 })
  }

  @Test func kernelsAndProfilesNeedNoPython() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let nodes = [
      Node(.convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8, height: 8, width: 8),
      Node(.linear, inputChannels: 64, outputChannels: 10),
    ]
    let kernels = try Measuring.kernels(nodes, on: device, plan: Self.plan, table: table)
    #expect(kernels.rows.map(\.reason) == [nil, nil])
    let times = try kernels.kernelTable(of: nodes)
    #expect(times.kernels == nodes.map { Kernel([$0]) } && times.times == kernels.rows.compactMap(\.median))
    var none = kernels
    for row in none.rows.indices { none.rows[row].median = nil }
    #expect(throws: InputError.self) { _ = try none.kernelTable(of: nodes) }
    let profile = try Profiling(on: device, runs: 5, plan: Self.plan).profile(try model("8 8 | 16 16", "m"))
    #expect(profile.operators.map(\.type).suffix(2) == ["GlobalAveragePool", "Gemm"])
    #expect(profile.operators.first?.type == "Conv+Relu")
    #expect((profile.explained ?? 0) > 0)
    #expect(profile.cost != nil)
    // The operators follow each other, and the differences sum up to the whole model's time.
    let starts = profile.operators.compactMap(\.start)
    #expect(starts.count == profile.operators.count && starts == starts.sorted() && starts.allSatisfy { $0 >= 0 })
    let sum = profile.differences.reduce(0) { $0 + $1.milliseconds }
    #expect(abs(sum - (profile.pieces.rows.last?.median ?? 0)) < 1e-9)
    #expect(profile.differencesExplained == sum / profile.whole)
    #expect(profile.differences.count > profile.operators.count)
  }

  @Test func theDeviceDescribesItself() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let report = try DeviceReport(asking: device)
    #expect(report.problem == nil)
    #expect(report.missing == [])
    let description = try #require(report.description)
    for name in ["processor", "machine", "host", "kernel", "system", "glibc"] {
      #expect(description.texts[name]?.isEmpty == false, "\(name)")
    }
    #expect((description.numbers["memory_gib"] ?? 0) > 0)
    #expect(report.lines.contains { $0.contains("pc-onednn-1t: oneDNN ") && $0.hasSuffix("1 thread") })
    #expect(device.installCommand(.onednn) == "sudo apt install libdnnl2")
  }

  /// The agent and Labbook itself describe the same device with the same names and values.
  @Test func theAgentSaysTheSameOfThisMachine() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let test = try TestDevice()
    let agent = try AgentSession(test.device())
    defer { agent.end() }
    let (texts, numbers) = ThisMachine.description
    var told = try agent.describe()
    told.texts["python"] = nil
    #expect(told.texts == texts)
    for (name, value) in numbers where name != "clock_ghz" {
      #expect(abs((told.numbers[name] ?? 0) - value) <= 0.01 * value, "\(name)")
    }
  }

  @Test func theAgentKnowsTheSameCores() throws {
    let source = String(decoding: AgentSource.bytes, as: UTF8.self)
    let table = try #require(source.firstMatch(of: /ARM_CORES = \{([^}]*)\}/)).1
    let cores = table.matches(of: /"(0x[0-9a-f]+)": "([^"]+)"/).map { [String($0.output.1), String($0.output.2)] }
    #expect(cores == ThisMachine.armCores.map { [$0.key, $0.value] })
  }

  /// Otherwise two measurements could run at the same time.
  @Test func theAgentHasTheSameLock() throws {
    let test = try TestDevice()
    let agent = try AgentSession(test.device())
    defer { agent.end() }
    try agent.start(test.device().setups[0], patience: 0) { _ in }
    #expect(test.cached == [ThisMachine.lockName])
  }

  /// The containers of a machine have different host names.
  @Test(arguments: [
    ("1f2a3b4c-0000-4000-8000-000000000000", "lock-1f2a3b4c"), ("", "lock-my-pc-local"),
  ])
  func theLockIsTheMachinesAndNotTheContainers(boot: String, lock: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(ThisMachine.lockName(boot: boot, host: "my-pc.local") == lock)
    let printed = try AgentFunctions.agentOutput(
      """
      HOST = "my-pc-local"
      read = lambda path, default="": "\(boot)"
      print(os.path.basename(agent.lock_path()))
      """)
    #expect(printed == lock)
  }
}
