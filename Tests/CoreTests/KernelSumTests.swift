import Foundation
import Numerics
import Testing

@testable import Core

@Suite struct KernelSumTests {
  static func convolution(_ channels: Int, to output: Int, size: Int, kernel: Int = 3) -> Node {
    Node(
      .convolution, kernel: kernel, stride: 1, inputChannels: channels, outputChannels: output, height: size,
      width: size)
  }

  static func relu(_ channels: Int, _ size: Int) -> Node {
    Node(.relu, inputChannels: channels, outputChannels: channels, height: size, width: size)
  }

  /// The latency of an invented machine: 5 us for each kernel and 2 ns for each block of 8 output values and input
  /// channel.
  static func time(_ kernel: Kernel) -> Double {
    guard let first = kernel.nodes.first, first.operation == .convolution else { return 0.005 + kernel.work * 1e-9 }
    let positions = first.outputPositions ?? 1
    let blocks = positions * (Double(first[.outputChannels] ?? 1) / 8).rounded(.up)
    return 0.005 + 2e-6 * blocks * kernel.work / max(positions * Double(first[.outputChannels] ?? 1), 1)
  }

  static let table: KernelTable = {
    var random = SeededGenerator(seed: 5)
    var table = KernelTable()
    for _ in 0..<300 {
      let size = [4, 8, 16, 32][Int.random(in: 0..<4, using: &random)]
      let node = convolution(
        Int.random(in: 3...64, using: &random), to: Int.random(in: 3...64, using: &random), size: size)
      let kernel = Kernel([node, relu(node[.outputChannels] ?? 1, size)])
      try? table.add(kernel, time(kernel))
    }
    return table
  }()

  @Test func kernelsAreFusedByRules() throws {
    let nodes = [
      Node(.input), Self.convolution(3, to: 8, size: 4), Self.relu(8, 4), Self.convolution(8, to: 8, size: 4),
      Node(.add, outputChannels: 8, height: 4, width: 4), Self.relu(8, 4), Node(.output),
    ]
    let graph = try NetworkGraph(
      id: "residual", nodes: nodes,
      edges: [Edge(0, 1), Edge(1, 2), Edge(2, 3), Edge(2, 4), Edge(3, 4), Edge(4, 5), Edge(5, 6)])
    #expect(FusionRules.usual.kernels(of: graph).map(\.kind) == ["conv+relu", "conv+add+relu"])
    #expect(FusionRules.none.kernels(of: graph).map(\.kind) == ["conv", "relu", "conv", "add", "relu"])
    let depthwise = Node(
      .convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8, height: 4, width: 4, groups: 8)
    #expect(Kernel([depthwise]).kind == "dwconv")
  }

  /// Two kernels take 1 and 0.3 alone. Together they take 1.1, which saves 0.2, more than half of 0.3, so they count
  /// as fused. If they take 1.25, which saves 0.05, they don't.
  @Test func timingsTellWhatIsFused() {
    let fused = FusionRules.Pair(.convolution, .relu)
    let apart = FusionRules.Pair(.relu, .convolution)
    let rules = FusionRules(timings: [
      FusionRules.Timing(fused, first: 1, second: 0.3, both: 1.1),
      FusionRules.Timing(apart, first: 0.3, second: 1, both: 1.25),
    ])
    #expect(rules.fused == [fused])
    let (precision, recall) = rules.agreement(with: FusionRules([fused, apart]))
    #expect((precision, recall) == (1, 0.5))
  }

  @Test func sumsArePredictedWithoutANetwork() throws {
    let predictor = try KernelSum(Self.table, seed: 1).predictor(for: "d")
    var random = SeededGenerator(seed: 8)
    for method in [KernelMethod.forest(trees: 30), .blocks] {
      let fitted = try KernelSum(Self.table, method: method, seed: 1).predictor(for: "d")
      var good = 0
      for _ in 0..<50 {
        let node = Self.convolution(
          Int.random(in: 8...60, using: &random), to: Int.random(in: 8...60, using: &random), size: 16)
        let kernel = Kernel([node, Self.relu(node[.outputChannels] ?? 1, 16)])
        if abs(fitted.time(of: kernel) / Self.time(kernel) - 1) < 0.25 { good += 1 }
      }
      // The table's formula is exactly the machine's; a forest has to interpolate between its samples.
      #expect(good >= (method == .blocks ? 48 : 35))
    }
    let node = Self.convolution(16, to: 16, size: 8)
    let graph = try chain("g", [Node(.input), node, Self.relu(16, 8), Node("softmax", outputChannels: 10)])
    #expect(predictor.unknown(in: [graph]) == ["softmax"])
    #expect(
      predictor.warnings(for: [graph, graph.with(id: "h")]).map(\.description) == [
        "node 3 of \"g\" (softmax): the table has no kernel of this family, so its time is that of the roofline",
        "node 3 of \"h\" (softmax): the table has no kernel of this family, so its time is that of the roofline",
      ])
    // A kernel is named by its first node.
    let fused = try chain("f", [Node(.input), Node("batch_norm", outputChannels: 8), Node(.relu, outputChannels: 8)])
    #expect(predictor.warnings(for: [fused]).map(\.kind) == ["batch_norm+relu"])
    #expect(predictor.warnings(for: [fused]).map(\.node) == [1])
    #expect(try predictor.predict([graph])[0] > 0)
  }

  /// Convolutions of 1 x 1 on one place, with 10 inputs and n outputs, do 20 n FLOPs. Their times are 5 + 0.1 FLOPs, to
  /// which a line fits; where they go in steps of eight outputs, only whole blocks do.
  @Test(arguments: [(8, [KernelMethod.blocks]), (1, [.blocks, .linear, .work])])
  func onlyWholeBlocksFitSteps(step: Int, fitting: [KernelMethod]) throws {
    func kernel(_ outputs: Int) -> Kernel { Kernel([Self.convolution(10, to: outputs, size: 1, kernel: 1)]) }
    func time(_ outputs: Int) -> Double { 5 + 2 * Double((outputs + step - 1) / step * step) }
    var table = KernelTable()
    for outputs in 1...99 where outputs % 3 != 0 { try table.add(kernel(outputs), time(outputs)) }
    for method in [KernelMethod.blocks, .linear, .work] {
      let predictor = try KernelSum(table, rules: .none, method: method, seed: 1).predictor(for: "d")
      let greatest = stride(from: 12, through: 99, by: 3).map { abs(predictor.time(of: kernel($0)) / time($0) - 1) }
        .max()
      #expect((greatest ?? 1) < 0.001 || !fitting.contains(method), "\(method): \(greatest ?? -1)")
      #expect((greatest ?? 0) > 0.01 || fitting.contains(method), "\(method): \(greatest ?? -1)")
    }
  }

  /// Whole networks take twice the sum plus 0.1 for each kernel.
  @Test func overheadIsLearnedFromNetworks() throws {
    let alone = try KernelSum(Self.table, seed: 1).predictor(for: "d")
    let graphs = try (1...12).map { number in
      try chain(
        "\(number)",
        (0..<number).flatMap { _ in
          [Self.convolution(16, to: 16, size: number % 2 == 0 ? 8 : 32), Self.relu(16, number % 2 == 0 ? 8 : 32)]
        })
    }
    let latencies = try zip(alone.predict(graphs), graphs).map { sum, graph in
      2 * sum + 0.1 * Double(FusionRules.usual.kernels(of: graph).count)
    }
    let data = try Dataset(device: "d", graphs: graphs, latencies: latencies)
    let fit = try KernelSum(Self.table, seed: 1).fit(
      to: data, split: Split(training: Array(0..<12), validation: [], test: []))
    #expect(abs(fit.predictor.factor - 2) < 0.05 && abs(fit.predictor.overhead - 0.1) < 0.01)
  }

  @Test func hardKernelsAreSampledAgain() throws {
    let outcome = try AdaptiveSampling(rounds: 2, near: 5, seed: 1).run(from: Array(Self.table.kernels.prefix(60))) {
      $0.map(Self.time)
    }
    #expect(outcome.sizes.count == outcome.shares.count && outcome.sizes.count >= 2)
    #expect(outcome.sizes[1] > outcome.sizes[0])
    #expect(outcome.shares.allSatisfy { (0...1).contains($0) })
    #expect(outcome.table.count > outcome.sizes[0])
    // The kernels near a depthwise convolution are depthwise convolutions.
    let depthwise = Kernel([
      Node(.convolution, kernel: 3, stride: 1, inputChannels: 64, outputChannels: 64, height: 4, width: 4, groups: 64)
    ])
    var random = SeededGenerator(seed: 1)
    for _ in 0..<20 {
      let near = depthwise.nearby(using: &random)
      #expect(near.kind == "dwconv")
      #expect((32...77).contains(near.nodes[0][.inputChannels] ?? 0))
    }
  }

  /// 2000 kernels with forests of 50 trees take less than a megabyte.
  @Test func filesAreSmall() throws {
    let predictor = try KernelSum(Self.table, seed: 1).predictor(for: "d")
    let content = try predictor.safetensors()
    #expect(content.count < 500 * Self.table.count)
    #expect(try KernelSumPredictor(safetensors: content, at: Place(file: "f")) == predictor)
    let blocks = try KernelSum(Self.table, method: .blocks, seed: 1).predictor(for: "d")
    #expect(try KernelSumPredictor(safetensors: blocks.safetensors(), at: Place(file: "f")) == blocks)
    // Earlier versions wrote tables and forests as JSON.
    var archive = try PredictorArchive(familyOf: predictor)
    try predictor.write(to: &archive)
    try archive.set("table", to: predictor.table)
    try archive.set("regressions", to: predictor.regressions)
    var old = archive.content
    old.metadata["format"] = PredictorFile.format
    for name in ["forests", "operations", "timeUnit"] { old.metadata[name] = nil }
    old.tensors = old.tensors.filter { $0.key == "numbers" }
    #expect(try KernelSumPredictor(safetensors: old.encoded(), at: Place(file: "old")) == predictor)
    for (name, pattern, text, cause) in [
      (
        "regressions", #/"columns":\[\d+/#, "\"columns\":[1000000",
        "the kernels' trees compare features that kernels don't have"
      ), ("table", #/"times":\[/#, "\"times\":[1,", "the metadata's \"table\" can't be read"),
    ] {
      var damaged = old
      damaged.metadata[name] = old.metadata[name]?.replacing(pattern, with: text, maxReplacements: 1)
      #expect(damaged.metadata[name] != old.metadata[name])
      #expect(
        try message { _ = try KernelSumPredictor(safetensors: damaged.encoded(), at: Place(file: "old")) }
          == "old: \(cause)\n  Save the predictor again.")
    }
  }

  @Test(arguments: [
    ("kernels", "an attribute of a kernel is missing"), ("times", "the kernels' times are missing"),
    ("kernelSizes", "the kernels' times are missing"), ("forest0.questions", "a tree is damaged"),
  ])
  func damagedFilesAreErrors(tensor: String, cause: String) throws {
    let predictor = try KernelSum(Self.table, method: .forest(trees: 2), seed: 1).predictor(for: "d")
    var content = try SafeTensors(predictor.safetensors(), at: Place(file: "f"))
    switch content.tensors[tensor]?.values {
    case .integer(let values):
      content.tensors[tensor] = SafeTensors.Tensor(shape: [values.count - 1], values: .integer(values.dropLast()))
    case .double(let values):
      content.tensors[tensor] = SafeTensors.Tensor(shape: [values.count - 1], values: .double(values.dropLast()))
    default: Issue.record("the file has no numbers \"\(tensor)\"")
    }
    #expect(
      try message { _ = try KernelSumPredictor(safetensors: content.encoded(), at: Place(file: "f")) }
        == "f: \(cause)\n  Save the predictor again.")
  }

  /// Kernels with other sizes can still be run: groups divide the channels, and depthwise convolutions stay so.
  @Test(arguments: [1, 2, 5]) func otherSizesKeepTheGroups(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let grouped = Kernel([
      Node(.convolution, kernel: 3, stride: 1, inputChannels: 12, outputChannels: 18, height: 4, width: 4, groups: 6)
    ])
    let narrow = Kernel([
      Node(.convolution, kernel: 3, stride: 1, inputChannels: 2, outputChannels: 2, height: 4, width: 4, groups: 2)
    ])
    for _ in 0..<20 {
      let near = grouped.nearby(using: &random).nodes[0]
      #expect(near[.groups] == 6)
      #expect((near[.inputChannels] ?? 1) % 6 == 0 && (near[.outputChannels] ?? 1) % 6 == 0)
      #expect(near[.inputChannels] != 6)
      #expect(Kernel.isDepthwise(narrow.nearby(using: &random).nodes[0]))
    }
    let resized = grouped.resized(to: [.inputChannels: 7, .outputChannels: 13]).nodes[0]
    #expect((resized[.inputChannels], resized[.outputChannels]) == (12, 18))
    #expect(Kernel.isDepthwise(narrow.resized(to: [.inputChannels: 1]).nodes[0]))
  }

  @Test func whatItCanNotDo() throws {
    #expect(
      try message { _ = try KernelSum(KernelTable()).predictor(for: "d") }
        == "the table has no kernels\n  Measure kernels first, and add them with add(_:_:).")
    var table = KernelTable()
    #expect(
      try message { try table.add(Kernel([Node(.relu)]), 0) }
        == "the time 0.0 of the kernel \"relu\" is not a positive number")
    #expect(
      try message { _ = try AdaptiveSampling().run(from: [Kernel([Node(.relu)])]) { _ in [1] } }
        == "adaptive sampling can't begin with 1 different kernels\n  Give at least 10.")
    #expect(
      try message { _ = try AdaptiveSampling(near: 0).run(from: Self.table.kernels) { $0.map(Self.time) } }
        .hasPrefix("adaptive sampling can't have"))
    let mixed = Self.table.kernels.prefix(20) + (1...9).map { Kernel([Self.relu($0, 4)]) }
    #expect(
      try message { _ = try AdaptiveSampling().run(from: Array(mixed)) { $0.map(Self.time) } }
        == "adaptive sampling needs kernels of one family, not of \"conv\", \"relu\"\n  Sample each family by itself.")
    let flat = (0...9).map { Kernel([Self.convolution(8, to: 8 + $0, size: $0)]) }
    #expect(
      try message { _ = try AdaptiveSampling().run(from: flat) { $0.map(Self.time) } }.hasPrefix(
        "a size of the kernel \"conv\" is below 1"))
    #expect(
      try message { _ = try KernelSum(Self.table, method: .forest(trees: 0)).predictor(for: "d") }
        == "a forest can't have 0 trees\n  50 trees are usual.")
    try table.add(Kernel([Node(.relu, outputChannels: 8, height: 0)]), 1)
    #expect(
      try message { _ = try KernelSum(table).predictor(for: "d") }
        == "a size of the kernel \"relu\" is below 1 or above 2147483646\n"
        + "  Give its nodes the sizes that they have in networks.")
  }
}
