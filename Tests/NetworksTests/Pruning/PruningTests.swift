import Core
import Testing

@testable import Networks

@Suite struct PruningTests {
  @Test func randomPointsAreOrderedDistinctAndSeeded() throws {
    let space = ResidualCNN()
    let points = try space.randomPoints(600, seed: 9)
    #expect(Set(points).count == 600)
    let pruned = points.map { space.prunedUnits(of: $0) }
    #expect(pruned == pruned.sorted())
    #expect(pruned.first == 0)
    #expect(pruned.last == 12)
    for point in points { try space.check(point) }
    #expect(try space.randomPoints(600, seed: 9) == points)
    #expect(try space.randomPoints(600, seed: 10) != points)
    // About half of the droppable units are dropped.
    let droppable = points.flatMap { zip(space.units, $0.choices).filter { $0.canBeDropped && $0.full != $1 }.map(\.1) }
    let dropped = Double(droppable.count(where: \.isDropped)) / Double(droppable.count)
    #expect((0.45...0.55).contains(dropped))
  }

  @Test func aSpaceThatIsTooSmall() {
    let space = ResidualCNN(widths: [8], blocksPerStage: 1)
    let error = #expect(throws: InputError.self) { try space.randomPoints(3, seed: 1) }
    #expect(
      error?.description == """
        the space residual has hardly more than 2 different networks with 0 to 1 pruned units
          Draw fewer, or allow more pruned units.
        """)
  }

  @Test func numbersOfPointsThatCantBe() {
    let space = ResidualCNN()
    for count in [0, -1, .max] {
      var error = #expect(throws: InputError.self) { try space.randomPoints(count, seed: 1) }
      #expect(error?.cause == "\(count) networks with 0 to 12 pruned units can't be drawn")
      error = #expect(throws: InputError.self) {
        try space.randomPoints(count, floatingPointOperations: 0.5...0.9, seed: 1)
      }
      #expect(error?.cause == "\(count) networks can't be drawn")
    }
  }

  @Test(arguments: [0.25, 0.5, 0.9], [1, 2] as [UInt64])
  func randomPointOfATarget(_ share: Double, _ seed: UInt64) throws {
    for space in [ResidualCNN(), MobileNet()] as [any NetworkSpace] {
      let whole = try space.fullNetwork().floatingPointOperations
      let point = try space.randomPoint(floatingPointOperations: share, tolerance: 0.05, seed: seed)
      let operations = try space.network(at: point).floatingPointOperations
      #expect(abs(operations / whole / share - 1) <= 0.05)
    }
  }

  @Test func randomPointsOfTargetsAreDistinctAndSpread() throws {
    for space in [ResidualCNN(), MobileNet()] as [any NetworkSpace] {
      let whole = try space.fullNetwork().floatingPointOperations
      let points = try space.randomPoints(40, floatingPointOperations: 0.3...0.9, seed: 4)
      #expect(Set(points).count == 40)
      for (index, point) in points.enumerated() {
        let share = try space.network(at: point).floatingPointOperations / whole
        let wanted = 0.9 - 0.6 * (Double(index) + 0.5) / 40
        #expect(abs(share / wanted - 1) <= 0.05)
      }
      #expect(try space.randomPoints(40, floatingPointOperations: 0.3...0.9, seed: 4) == points)
    }
    // Kernels are cut too, not only channels.
    let kernels = try MobileNet().randomPoints(40, floatingPointOperations: 0.3...0.9, seed: 4)
      .flatMap(\.choices).compactMap(\.kernel)
    #expect(Set(kernels) == [3, 5])
    let error = #expect(throws: InputError.self) {
      try ResidualCNN(widths: [8], blocksPerStage: 1).randomPoints(9, floatingPointOperations: 0.9...1, seed: 1)
    }
    #expect(error?.cause.contains("hardly more than") == true)
  }

  /// In one unit, the kernels have tiny weights around their middle: cutting them costs next to nothing.
  @Test func kernelsWithSmallEdgesAreCutFirst() throws {
    let space = MobileNet(widths: [8, 16], blocksPerStage: 2, features: 32, imageSize: 16)
    let network = try space.fullNetwork()
    var weights = NetworkWeights(random: network, seed: 4)
    let name = "stages.1.1.depthwise.conv.weight"
    var tensor = try #require(weights.tensors[name])
    for index in tensor.values.indices {
      let (row, column) = (index / 5 % 5, index % 5)
      if !(1...3).contains(row) || !(1...3).contains(column) { tensor.values[index] *= 1e-3 }
    }
    weights.tensors[name] = tensor
    let point = try space.pointByMagnitude(weights, floatingPointOperations: 0.97)
    #expect(point.choices.map(\.kernel) == [5, 5, 5, 3])
    #expect(point.choices[3].width == space.units[3].widths.last)
  }

  @Test func aTargetThatIsTooSmall() {
    let error = #expect(throws: InputError.self) {
      try ResidualCNN().randomPoint(floatingPointOperations: 0.01, seed: 1)
    }
    #expect(error?.cause == "no network of the space residual has 0.01 of the operations of the whole one")
  }

  @Test func whatHasSmallWeightsGoesFirst() throws {
    let space = ResidualCNN(widths: [16, 32], blocksPerStage: 2, imageSize: 16)
    let network = try space.fullNetwork()
    var weights = NetworkWeights(random: network, seed: 4)
    // In one unit, all channels but four have tiny weights.
    let large = Set([3, 7, 8, 21])
    for (name, axis) in [("stages.1.1.conv1.weight", 0), ("stages.1.1.conv2.weight", 1)] {
      guard var tensor = weights.tensors[name] else { continue }
      let inner = tensor.shape[(axis + 1)...].reduce(1, *)
      for index in tensor.values.indices where !large.contains(index / inner % 32) { tensor.values[index] *= 1e-3 }
      weights.tensors[name] = tensor
    }
    let point = try space.pointByMagnitude(weights, floatingPointOperations: 0.8)
    #expect(point.choices[3] == UnitChoice(width: 8))
    let sorted = try weights.sortedByMagnitude(in: space)
    let kernel = try #require(sorted.tensors["stages.1.1.conv1.weight"])
    for channel in 0..<32 {
      let norm = kernel.values[channel * 288..<(channel + 1) * 288].reduce(0) { $0 + $1 * $1 }
      #expect((norm > 0.1) == (channel < 4))
    }
    let left = try space.network(at: point).floatingPointOperations / network.floatingPointOperations
    #expect(left <= 0.8 && left > 0.6)
  }

  /// The smallest network of a space whose units have kernels to choose from is reached, too.
  @Test func theLeastTargetIsReached() throws {
    let space = MobileNet()
    let network = try space.fullNetwork()
    let least = try space.network(at: space.smallestPoint).floatingPointOperations
    let share = least / network.floatingPointOperations
    let point = try space.pointByMagnitude(
      NetworkWeights(random: network, seed: 4), floatingPointOperations: share * (1 + 1e-9))
    #expect(point == space.smallestPoint)
  }
}
