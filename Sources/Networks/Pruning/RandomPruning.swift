import Core

/// The possible numbers of networks to draw at once.
private let pointCounts = 1...1_000_000

extension NetworkSpace {
  /// Distinct networks with randomly pruned units, ordered by the number of pruned units.
  ///
  /// Each pruned unit gets one of its other choices; a unit that can be dropped is dropped in half of the cases. The
  /// shipped data set `pruned-resnet` was made in this way.
  ///
  /// ```swift
  /// let points = try ResidualCNN().randomPoints(450, seed: 9)
  /// ```
  /// - Parameters:
  ///   - prunedUnits: The range of the number of pruned units; all numbers are equally frequent. The default is from
  ///     none to all.
  ///   - seed: The seed. The same seed gives the same points; the default in a notebook is the cell's seed.
  /// - Throws: `InputError` when the space doesn't have that many such networks.
  public func randomPoints(
    _ count: Int, prunedUnits: ClosedRange<Int>? = nil, seed: UInt64 = TrainingContext.current.seed
  ) throws -> [Point] {
    try validate()
    let units = units
    let numbers = prunedUnits ?? 0...units.count
    guard pointCounts.contains(count), numbers.lowerBound >= 0, numbers.upperBound <= units.count else {
      throw InputError(
        "\(count) networks with \(numbers.lowerBound) to \(numbers.upperBound) pruned units can't be drawn",
        remedy: "The space \(Self.name) has \(units.count) units; draw 1 to \(pointCounts.upperBound) networks.")
    }
    var random = SeededGenerator(seed: seed)
    var seen = Set<Point>()
    return try (0..<count).map { index in
      let wanted = numbers.lowerBound + index * numbers.count / count
      for attempt in 0..<2000 {
        // For some numbers of units there are fewer networks than wanted. The next numbers make up for them.
        let number = min(wanted + attempt / 200, numbers.upperBound)
        let point = drawPoint(prunedUnits: number, using: &random)
        if seen.insert(point).inserted { return point }
      }
      throw InputError(
        "the space \(Self.name) has hardly more than \(index) different networks with \(numbers.lowerBound) to "
          + "\(numbers.upperBound) pruned units",
        remedy: "Draw fewer, or allow more pruned units.")
    }
    .sorted { self.prunedUnits(of: $0) < self.prunedUnits(of: $1) }
  }

  private func drawPoint(prunedUnits: Int, using random: inout SeededGenerator) -> Point {
    let units = units
    var choices = units.map(\.full)
    for index in units.indices.shuffled(using: &random).prefix(prunedUnits) {
      let others = units[index].prunedChoices
      let kept = others.filter { !$0.isDropped }
      if kept.count < others.count, kept.isEmpty || random.uniform() < 0.5 {
        choices[index] = .dropped
      } else if let choice = kept.randomElement(using: &random) {
        choices[index] = choice
      }
    }
    return Point(choices, in: self)
  }

  /// A network with about the fraction `share` of the whole network's floating-point operations. Randomly chosen
  /// units are reduced step by step.
  ///
  /// - Parameters:
  ///   - share: A fraction between that of the smallest network and 1.
  ///   - tolerance: The greatest relative difference from `share`.
  /// - Throws: `InputError` when no network has so few operations, or none was found within the tolerance.
  public func randomPoint(
    floatingPointOperations share: Double, tolerance: Double = 0.05, seed: UInt64 = TrainingContext.current.seed
  ) throws -> Point {
    let whole = try fullNetwork().floatingPointOperations
    let target = try pruningTarget(share)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      var choices = units.map(\.full)
      while true {
        let operations = try network(at: Point(choices, in: self)).floatingPointOperations
        if abs(operations / target - 1) <= tolerance { return Point(choices, in: self) }
        let larger = units.indices.filter { !units[$0].smallerChoices(than: choices[$0]).isEmpty }
        guard operations > target, let index = larger.randomElement(using: &random),
          let next = units[index].smallerChoices(than: choices[index]).randomElement(using: &random)
        else { break }
        choices[index] = next
      }
    }
    throw InputError(
      "no network with \(share) of the operations (\(whole) in the whole network) was found",
      remedy: "Allow a larger tolerance than \(tolerance).")
  }

  /// Distinct networks whose fractions of the whole network's floating-point operations are spread evenly over a range,
  /// the largest first.
  ///
  /// ```swift
  /// let points = try space.randomPoints(450, floatingPointOperations: 0.2...0.9, seed: 9)
  /// ```
  /// - Parameters:
  ///   - shares: The range of the fraction, between that of the smallest network and 1.
  ///   - tolerance: The greatest relative difference of a network's operations from its place in the range.
  /// - Throws: `InputError` when no network has so few operations, or there aren't that many such networks.
  public func randomPoints(
    _ count: Int, floatingPointOperations shares: ClosedRange<Double>, tolerance: Double = 0.05,
    seed: UInt64 = TrainingContext.current.seed
  ) throws -> [Point] {
    guard pointCounts.contains(count) else {
      throw InputError("\(count) networks can't be drawn", remedy: "Draw 1 to \(pointCounts.upperBound).")
    }
    var seen = Set<Point>()
    return try (0..<count).map { index in
      let place = (Double(index) + 0.5) / Double(count)
      let share = shares.upperBound - place * (shares.upperBound - shares.lowerBound)
      for attempt in 0..<100 {
        let point = try randomPoint(
          floatingPointOperations: share, tolerance: tolerance, seed: seed &+ UInt64(index * 100 + attempt))
        if seen.insert(point).inserted { return point }
      }
      throw InputError(
        "the space \(Self.name) has hardly more than \(index) different networks with \(shares.lowerBound) to "
          + "\(shares.upperBound) of the operations",
        remedy: "Draw fewer, or allow a wider range or a larger tolerance.")
    }
  }

  /// The target in FLOPs: the fraction `share` of the whole network.
  /// - Throws: `InputError` when no network is that small.
  func pruningTarget(_ share: Double) throws -> Double {
    let whole = try fullNetwork().floatingPointOperations
    let least = try network(at: smallestPoint).floatingPointOperations / whole
    guard share <= 1, share >= least else {
      let percent = (least * 1000).rounded() / 10
      throw InputError(
        "no network of the space \(Self.name) has \(share) of the operations of the whole one",
        remedy: "The smallest network has \(percent) % of them: ask for a share between \(percent / 100) and 1.")
    }
    return share * whole
  }
}

extension Point {
  /// - Parameter choices: One choice for each unit.
  init(_ choices: [UnitChoice], in space: some NetworkSpace) {
    var rest = choices[...]
    stages = space.stages.map { stage in
      defer { rest = rest.dropFirst(stage.count) }
      return Array(rest.prefix(stage.count))
    }
  }
}

extension NetworkUnit {
  /// The next smaller choices: the next narrower width, or dropped if there is none, and the next smaller kernel.
  func smallerChoices(than choice: UnitChoice) -> [UnitChoice] {
    if choice.isDropped { return [] }
    var choices: [UnitChoice] = []
    if let width = widths.last(where: { $0 < choice.width }) {
      choices.append(UnitChoice(width: width, kernel: choice.kernel))
    } else if canBeDropped {
      choices.append(.dropped)
    }
    if let kernel = choice.kernel, let smaller = kernels.last(where: { $0 < kernel }) {
      choices.append(UnitChoice(width: choice.width, kernel: smaller))
    }
    return choices
  }
}
