import Numerics

/// A network takes as long as its kernels, each predicted from its sizes: nn-Meter (Zhang and others, 2021), from a
/// table of kernels that were timed alone.
///
/// `predictor(for:)` needs no whole network; as a recipe it also learns what a kernel in a network costs more than
/// alone: a factor and a time a kernel, from the training part. A kernel that the table has is looked up; one of a
/// family that the table has none of gets the time of a roofline through the best kernels, and
/// `KernelSumPredictor.unknown(in:)` names it.
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

  /// It learns faster than a result can be read.
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
      throw InputError("the table has no kernels", remedy: "Time some first, and add them with add(_:_:).")
    }
    if case .forest(let trees) = method, trees < 1 {
      throw InputError("a forest can't have \(trees) trees", remedy: "50 are usual.")
    }
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

  /// - Throws: `InputError` when the table is empty, or in another unit than the data.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<KernelSum> {
    guard data.unit.isEmpty || data.unit == table.unit else {
      throw InputError("the kernels' times are in \(table.unit), the latencies in \(data.unit)")
    }
    let alone = try predictor(for: data.measuredOn)
    let training = data[split.training]
    let sums = try alone.predict(training.graphs)
    let counts = training.graphs.map { Double(rules.kernels(of: $0).count) }
    // The sum itself, not a constant, is what latencies are made of: the penalty pulls to a factor alone.
    let weights = training.latencies.map { 1 / ($0 * $0) }
    let ratios = zip(training.latencies, sums).map { $0 / max($1, 1e-300) }.sorted()
    var factor = ratios[ratios.count / 2]
    var overhead = 0.0
    if training.count > 2 {
      let rows = zip(sums, counts).flatMap { [$0, $1] }
      let scaled = zip(rows.indices, rows).map { $1 * weights[$0 / 2].squareRoot() }
      var normal = NormalEquations.products(scaled, width: 2)
      normal[3] += 1e-3 * normal[3] + 1e-12
      if let decomposition = Cholesky(normal, size: 2) {
        let solution = decomposition.solve(
          NormalEquations.products(
            scaled, width: 2, with: zip(training.latencies, weights).map { $0 * $1.squareRoot() }))
        // A negative time of a kernel or factor is nothing that a network can have.
        if solution[0] > 0, solution[1] >= 0 { (factor, overhead) = (solution[0], solution[1]) }
      }
    }
    return Fit(self, alone.with(factor: factor, overhead: overhead))
  }
}

/// The sum of what a network's kernels are predicted to take: see `KernelSum`.
public struct KernelSumPredictor: StorablePredictor {
  public static let family = "kernel-sum"

  let table: KernelTable
  public let rules: FusionRules
  let regressions: [String: KernelRegression]
  /// FLOPs and elements a unit of time of the best kernels.
  let peakWork: Double
  let peakTraffic: Double
  /// What a kernel takes in a network, over what it takes alone.
  public let factor: Double
  /// What each kernel takes besides, in `unit`.
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

  /// What a kernel takes alone: as it was timed, else as its family's regression has it, else by the roofline.
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

  /// The kinds of kernels of some networks that the table has nothing like, which get a roofline's time.
  public func unknown(in graphs: [NetworkGraph]) -> [String] {
    Set(graphs.lazy.flatMap { rules.kernels(of: $0) }.filter { regressions[$0.family] == nil }.map(\.kind)).sorted()
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("table", to: table)
    try archive.set(
      "rules",
      to: rules.fused.sorted { ($0.first.rawValue, $0.second.rawValue) < ($1.first.rawValue, $1.second.rawValue) })
    try archive.set("regressions", to: regressions)
    archive.setTensor("numbers", [peakWork, peakTraffic, factor, overhead])
  }

  public init(reading archive: PredictorArchive) throws {
    table = try archive.value("table")
    rules = FusionRules(Set(try archive.value("rules", as: [FusionRules.Pair].self)))
    regressions = try archive.value("regressions")
    let numbers = try archive.doubles("numbers", shape: [4])
    peakWork = numbers[0]
    peakTraffic = numbers[1]
    factor = numbers[2]
    overhead = numbers[3]
    unit = try archive.unit
    device = try archive.device
  }
}
