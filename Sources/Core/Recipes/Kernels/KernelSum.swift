import Numerics

/// The latency of a network as the sum of its kernels' times, each predicted from its sizes: nn-Meter (Zhang and
/// others, 2021), with a table of kernels that were measured alone.
///
/// `predictor(for:)` needs no whole network. As a recipe it also learns from the training part how a kernel's time in
/// a network differs from its time alone: a factor, and an overhead for each kernel. The time of a kernel in the
/// table is looked up. A kernel of a family that the table doesn't have gets the time of a roofline through the best
/// kernels, and `KernelSumPredictor.warnings(for:)` names it.
///
/// ```swift
/// var table = KernelTable()
/// try table.add(Kernel([convolution, relu]), 0.31)
/// let predictor = try KernelSum(table, rules: .usual).predictor(for: "board")
/// ```
public struct KernelSum: Recipe {
  public typealias Predictor = KernelSumPredictor

  public var table: KernelTable
  public var rules: FusionRules
  public var method: KernelMethod
  public var seed: UInt64

  public init(
    _ table: KernelTable, rules: FusionRules = .usual, method: KernelMethod = .forest(trees: 50),
    seed: UInt64 = TrainingContext.current.seed
  ) {
    self.table = table
    self.rules = rules
    self.method = method
    self.seed = seed
  }

  /// Learning is quicker than reading a stored result.
  public var keepsResults: Bool { false }

  public func reseeded(by offset: UInt64) -> KernelSum {
    var result = self
    result.seed &+= offset
    return result
  }

  /// The sum without any whole network.
  /// - Throws: `InputError` when the table is empty or a forest would have no trees.
  public func predictor(for device: Device) throws -> KernelSumPredictor {
    guard table.count > 0 else {
      throw InputError("the table has no kernels", remedy: "Measure kernels first, and add them with add(_:_:).")
    }
    try Kernel.requireSizes(table.kernels)
    try method.validate()
    var regressions: [String: KernelRegression] = [:]
    for (family, places) in Dictionary(grouping: table.kernels.indices, by: { table.kernels[$0].family }) {
      regressions[family] = try KernelRegression(
        method, kernels: places.map { table.kernels[$0] }, times: places.map { table.times[$0] }, seed: seed)
    }
    let speeds = zip(table.kernels, table.times).map { ($0.work / $1, $0.traffic / $1) }
    return KernelSumPredictor(
      table: table, rules: rules, regressions: regressions, peakWork: speeds.map(\.0).max() ?? 0,
      peakTraffic: speeds.map(\.1).max() ?? 0, factor: 1, overhead: 0, unit: table.unit, device: device)
  }

  /// - Throws: `InputError` when the table is empty or has another unit than the data.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<KernelSum> {
    guard data.unit.isEmpty || data.unit == table.unit else {
      throw InputError("the kernels' times are in \(table.unit), the latencies in \(data.unit)")
    }
    let alone = try predictor(for: data.measuredOn)
    let training = data[split.training]
    try training.requirePositiveLatencies(for: "a sum of kernels needs")
    let sums = try alone.predict(training.graphs)
    let counts = training.graphs.map { Double(rules.kernels(of: $0).count) }
    let (factor, overhead) = Self.scaled(sums, counts, training.latencies)
    return Fit(self, alone.with(factor: factor, overhead: overhead))
  }

  /// The factor of the sums and the overhead of each kernel that give the latencies, by Huber's loss of relative
  /// errors.
  private static func scaled(
    _ sums: [Double], _ counts: [Double], _ latencies: [Double]
  ) -> (factor: Double, overhead: Double) {
    let ratios = zip(latencies, sums).map { $0 / max($1, 1e-300) }.sorted()
    let middle = (factor: ratios[ratios.count / 2], overhead: 0.0)
    guard latencies.count > 2 else { return middle }
    var result = middle
    for _ in 0..<20 {
      let residuals = latencies.indices.map { index in
        let prediction = result.factor * sums[index] + result.overhead * counts[index]
        return abs(prediction - latencies[index]) / max(prediction, latencies[index])
      }
      let factors = RobustRegression.factors(of: residuals) ?? latencies.map { _ in 1 }
      let roots = zip(factors, latencies).map { $0.squareRoot() / $1 }
      let rows = latencies.indices.flatMap { [sums[$0] * roots[$0], counts[$0] * roots[$0]] }
      var normal = NormalEquations.products(rows, width: 2)
      // Latencies are proportional to the sum and not to a constant, so the penalty favours a factor alone.
      normal[3] += 1e-3 * normal[3] + 1e-12
      guard let decomposition = Cholesky(normal, size: 2) else { return result }
      let solution = decomposition.solve(
        NormalEquations.products(rows, width: 2, with: zip(latencies, roots).map { $0 * $1 }))
      // A negative factor or overhead is impossible for a network.
      guard solution[0] > 0, solution[1] >= 0 else { return middle }
      let change = abs(solution[0] - result.factor) / result.factor
      result = (solution[0], solution[1])
      if change < 1e-9 { break }
    }
    return result
  }
}

/// The sum of the predicted times of a network's kernels: see `KernelSum`.
public struct KernelSumPredictor: StorablePredictor {
  public static let family = "kernel-sum"

  let table: KernelTable
  public let rules: FusionRules
  let regressions: [String: KernelRegression]
  /// The greatest FLOPs and elements per unit of time among the kernels.
  let peakWork: Double
  let peakTraffic: Double
  /// The factor of a kernel's time in a network over its time alone.
  public let factor: Double
  /// The overhead of each kernel, in `unit`.
  public let overhead: Double
  public let unit: String
  public let device: Device

  init(
    table: KernelTable, rules: FusionRules, regressions: [String: KernelRegression], peakWork: Double,
    peakTraffic: Double, factor: Double, overhead: Double, unit: String, device: Device
  ) {
    self.table = table
    self.rules = rules
    self.regressions = regressions
    self.peakWork = peakWork
    self.peakTraffic = peakTraffic
    self.factor = factor
    self.overhead = overhead
    self.unit = unit
    self.device = device
  }

  func with(factor: Double, overhead: Double) -> KernelSumPredictor {
    KernelSumPredictor(
      table: table, rules: rules, regressions: regressions, peakWork: peakWork, peakTraffic: peakTraffic,
      factor: factor, overhead: overhead, unit: unit, device: device)
  }

  /// The time of a kernel alone: as measured, else by its family's regression, else by the roofline.
  public func time(of kernel: Kernel) -> Double {
    if let time = table.time(of: kernel) { return time }
    if let regression = regressions[kernel.family] { return regression.time(kernel) }
    return max(
      peakWork > 0 ? kernel.work / peakWork : 0, peakTraffic > 0 ? kernel.traffic / peakTraffic : 0)
  }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    graphs.map { graph in
      rules.kernels(of: graph).reduce(0) { $0 + factor * time(of: $1) + overhead }
    }
  }

  /// A warning for each kernel whose family the table doesn't have. Its time is that of the roofline.
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] {
    graphs.flatMap { graph in
      rules.members(of: graph).compactMap { members -> PredictionWarning? in
        let kernel = Kernel(members.map { graph.nodes[$0] })
        guard regressions[kernel.family] == nil else { return nil }
        return PredictionWarning(
          network: graph.id, node: members[0], kind: kernel.kind,
          cause: "the table has no kernel of this family, so its time is that of the roofline")
      }
    }
  }

  /// The kinds of kernels in some networks whose family the table doesn't have; `warnings(for:)` names their nodes.
  public func unknown(in graphs: [NetworkGraph]) -> [String] { Set(warnings(for: graphs).map(\.kind)).sorted() }

  public func write(to archive: inout PredictorArchive) throws {
    try table.write(to: &archive)
    try archive.set(
      "rules",
      to: rules.fused.sorted { ($0.first.rawValue, $0.second.rawValue) < ($1.first.rawValue, $1.second.rawValue) })
    try archive.set("regressions", to: regressions.filter { $0.value.trees == nil })
    let forests = regressions.filter { $0.value.trees != nil }.keys.sorted()
    try archive.set("forests", to: forests)
    for (number, family) in forests.enumerated() {
      guard let forest = regressions[family]?.trees else { continue }
      archive.setTrees("forest\(number).", forest.trees, thresholds: forest.thresholds)
    }
    archive.setTensor("numbers", [peakWork, peakTraffic, factor, overhead])
  }

  public init(reading archive: PredictorArchive) throws {
    table = try KernelTable(reading: archive)
    rules = FusionRules(Set(try archive.value("rules", as: [FusionRules.Pair].self)))
    var regressions: [String: KernelRegression] = try archive.value("regressions")
    // Files of earlier versions have the forests among the regressions.
    let forests: [String] = try archive.contains("forests") ? archive.value("forests") : []
    for (number, family) in forests.enumerated() {
      regressions[family] = KernelRegression(KernelForest(try archive.trees("forest\(number).").trees))
    }
    self.regressions = regressions
    guard regressions.values.allSatisfy(\.isSound) else {
      throw archive.damage("the kernels' trees compare features that kernels don't have")
    }
    let numbers = try archive.doubles("numbers", shape: [4])
    peakWork = numbers[0]
    peakTraffic = numbers[1]
    factor = numbers[2]
    overhead = numbers[3]
    unit = try archive.unit
    device = try archive.device
  }
}
