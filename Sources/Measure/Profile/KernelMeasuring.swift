import Core
import Foundation

extension Measuring {
  /// Measures the time of each of some operations alone, by name, for lookup tables.
  ///
  /// ```swift
  /// let device = try TargetDevices.load("devices.yaml").device("pi4-ort-1t")
  /// let kernels = try Measuring.kernels(
  ///   [Node(.convolution, kernel: 3, stride: 1, inputChannels: 32, outputChannels: 64, height: 16, width: 16)],
  ///   on: device, table: "kernels.csv")
  /// ```
  /// - Returns: A table whose ids are the operations' names, such as `conv-k3-s1-32x64-16x16`, in order.
  /// - Throws: `InputError` when an operation can't be measured alone, and the errors of `run`.
  public static func kernels(
    _ nodes: [Node], on device: TargetDevice, plan: MeasuringPlan = MeasuringPlan(), table: String,
    progress: (MeasuringProgress) -> Void = { _ in }
  ) throws -> MeasuredLatencies {
    try kernels(nodes.map { Kernel([$0]) }, on: device, plan: plan, table: table, progress: progress)
  }

  /// The same for kernels of several operations, of which each reads the one before. Their names are joined by `+`.
  public static func kernels(
    _ kernels: [Kernel], on device: TargetDevice, plan: MeasuringPlan = MeasuringPlan(), table: String,
    progress: (MeasuringProgress) -> Void = { _ in }
  ) throws -> MeasuredLatencies {
    try MadeModels.withFolder("labbook-kernels") { folder in
      var models: [ModelFile] = []
      var names = Set<String>()
      for kernel in kernels {
        let name = KernelModel.name(kernel)
        guard names.insert(name).inserted else { continue }
        let path = folder.appendingPathComponent("\(models.count).onnx").path
        try KernelModel.content(kernel).write(to: URL(fileURLWithPath: path))
        models.append(try ModelFile(path, id: name))
      }
      return try Measuring(models, on: device, plan: plan, table: table).run(progress: progress)
    }
  }
}

extension MeasuredLatencies {
  /// The measured times of operations as a table for `KernelSum`, from the rows of `measure(kernels:on:)`.
  ///
  /// - Parameter nodes: The measured operations. Those without a time are left out.
  /// - Throws: `InputError` when none of them has a time, or several runtimes were measured.
  public func kernelTable(of nodes: [Node]) throws -> KernelTable { try kernelTable(of: nodes.map { Kernel([$0]) }) }

  /// The same for kernels of several operations.
  public func kernelTable(of kernels: [Kernel]) throws -> KernelTable {
    let times = try kernelTimes()
    var table = KernelTable()
    for kernel in kernels {
      if let time = times[KernelModel.name(kernel)] { try table.add(kernel, time) }
    }
    guard table.count > 0 else {
      throw InputError("none of the \(kernels.count) kernels has a time", remedy: "See the rows' reasons.")
    }
    return table
  }

  /// The times of pairs of operations, together and each alone, for nn-Meter's test of what a runtime fuses.
  ///
  /// ```swift
  /// let pairs = FusionRules.testPairs(of: graphs)
  /// let table = try measure(kernels: FusionRules.testKernels(pairs), on: device)
  /// let rules = FusionRules(timings: try table.fusionTimings(of: pairs))
  /// ```
  /// - Parameter pairs: Kernels of two operations. Those of which a time is missing are left out.
  /// - Throws: `InputError` when several runtimes were measured.
  public func fusionTimings(of pairs: [Kernel]) throws -> [FusionRules.Timing] {
    let times = try kernelTimes()
    return pairs.compactMap { pair in
      guard pair.nodes.count == 2, let both = times[KernelModel.name(pair)],
        let first = times[KernelModel.name(Kernel([pair.nodes[0]]))],
        let second = times[KernelModel.name(Kernel([pair.nodes[1]]))]
      else { return nil }
      return FusionRules.Timing(
        FusionRules.Pair(pair.nodes[0].operation, pair.nodes[1].operation), first: first, second: second, both: both)
    }
  }

  /// The times by the kernels' names.
  private func kernelTimes() throws -> [String: Double] {
    guard Set(rows.map(\.device)).count <= 1 else {
      throw InputError(
        "the kernels were measured with several runtimes: \(Set(rows.map(\.device)).sorted().joined(separator: ", "))",
        remedy: "Measure with a device that has one runtime.")
    }
    return Dictionary(
      rows.compactMap { row in row.median.map { (row.id, $0) } }, uniquingKeysWith: { first, _ in first })
  }
}

extension Profiling {
  /// The pairs of operations that the device's first runtime really fuses, by its own profiler: a pair is fused if the
  /// second operation isn't among the operators that the runtime ran. This is what `FusionRules.agreement(with:)`
  /// compares rules from timings with.
  ///
  /// - Parameter pairs: Kernels of two operations.
  /// - Throws: `InputError` when the runtime has no profiler, or can't run a pair.
  public func fusedPairs(_ pairs: [Kernel], progress: (Double) -> Void = { _ in }) throws -> FusionRules {
    var fused = Set<FusionRules.Pair>()
    for (index, pair) in pairs.enumerated() where pair.nodes.count == 2 {
      let name = KernelModel.name(pair)
      let types = try MadeModels.withFolder("labbook-pair") { folder in
        let path = folder.appendingPathComponent("pair.onnx").path
        try KernelModel.content(pair).write(to: URL(fileURLWithPath: path))
        return try operators(of: ModelFile(path, id: name)).map(\.type)
      }
      guard !types.isEmpty else {
        throw InputError(
          "\(device.setups.first?.runtime.title ?? "the runtime") has no profiler that says what it fuses",
          remedy: "Use a device with onnxruntime, mnn or onednn.")
      }
      let (first, second) = (pair.nodes[0].operation, pair.nodes[1].operation)
      let names = (OperationRegistry.standard[second]?.onnxTypes ?? []) + (Self.typesOfMNN[second] ?? [])
      // oneDNN's name of a fused operator has all types, as in Conv+Relu.
      if !types.contains(where: names.contains) { fused.insert(FusionRules.Pair(first, second)) }
      progress(Double(index + 1) / Double(pairs.count))
    }
    return FusionRules(fused)
  }

  /// MNN's names of operators, where they differ from ONNX's.
  private static let typesOfMNN: [NetworkOperation: [String]] = [
    .relu: ["ReLU"], .add: ["BinaryOp", "Eltwise"], "batch_norm": ["Scale", "BatchNorm"],
    .convolution: ["Convolution", "ConvolutionDepthwise"], "max_pool": ["Pooling"], "avg_pool": ["Pooling"],
    .globalAveragePool: ["Pooling", "Reduction"],
  ]
}
