import Testing

@testable import Numerics

@Suite struct TapeTests {
  /// A model of many kinds of operations; its loss and all gradients are compared as bits.
  struct Model {
    let layout: ParameterLayout
    private let embedding: Embedding
    private let convolution: GraphConvolution
    private let layer: TransformerLayer
    private let output: PerceptronLayers
    private let segments = Segments(lengths: [9, 7, 1, 30, 17])

    init() {
      var layout = ParameterLayout()
      embedding = Embedding("operations", count: 5, width: 48, in: &layout)
      convolution = GraphConvolution("convolution", inputs: 48, units: 48, in: &layout)
      layer = TransformerLayer("layer", width: 48, heads: 3, in: &layout)
      output = PerceptronLayers(
        "output", widths: [48, 40, 2], layerNorm: true, activation: .tanh, dropout: 0.2, in: &layout)
      self.layout = layout
    }

    func loss(_ weights: Weights) throws -> Variable {
      let rows = segments.rowCount
      let neighbours = try SparseMatrix(
        rows: (0..<rows).map { row in
          [(column: row, weight: Float(1)), (column: (row * 7 + 3) % rows, weight: Float(0.5))]
        }, columnCount: rows)
      var x = try embedding(SparseMatrix(picking: (0..<rows).map { $0 * $0 % 5 }, of: 5), weights)
      x = try convolution(x, neighbours, weights)
      x = try layer(x, segments, weights)
      x = try segments.means.sums(of: x) + x.maximum(within: segments)
      let outputs = try output(x, weights, dropoutSeed: 3)
      let targets = weights.tape.constant([0.1, 0.5, 0.2, 0.9, 0.4], rows: 5, columns: 1)
      return try outputs.gaussianNegativeLogLikelihood(of: targets)
        + outputs.columns(0..<1).pairwiseRankingHinge(against: targets)
    }

    func bits(on tape: Tape) throws -> [UInt64] {
      tape.reset()
      let weights = try tape.bind(ParameterVector(layout, seed: 1, precision: tape.precision))
      let loss = try loss(weights)
      try tape.backward(from: loss)
      return try (loss.values + weights.gradients()).map(\.bitPattern)
    }
  }

  @Test(arguments: [Tape.Precision.single, .double]) func threadsDecideOnNoBit(_ precision: Tape.Precision) throws {
    let model = Model()
    let bits = try (1...3).map { try model.bits(on: Tape(precision: precision, threads: $0)) }
    #expect((bits[0] == bits[1]) as Bool)
    #expect((bits[0] == bits[2]) as Bool)
    #expect(!bits[0].contains { Double(bitPattern: $0).isNaN })
  }

  @Test(arguments: [Tape.Precision.single, .double]) func instructionsDecideOnNoBit(_ precision: Tape.Precision) throws
  {
    let model = Model()
    let all = try TapeInstructions.all.map {
      try model.bits(on: Tape(precision: precision, team: ThreadTeam(1), path: $0))
    }
    for bits in all { #expect((bits == all[0]) as Bool) }
  }

  @Test func aWarmPassAllocatesNothing() throws {
    let model = Model()
    let tape = Tape()
    var memory: [Int] = []
    for _ in 0..<5 {
      _ = try model.bits(on: tape)
      memory.append(tape.memory)
    }
    #expect(memory[0] > 0)
    // The second pass may allocate its memory in one piece; after it, the memory doesn't change.
    #expect(Set(memory[2...]).count == 1)
  }

  @Test func gradientsAreGivenForWhatTheyAreAskedFor() throws {
    let tape = Tape(precision: .double)
    let (x, y, z) = (tape.variable([3], rows: 1, columns: 1), tape.variable([5], rows: 1, columns: 1), tape.constant(2))
    let product = try x * y
    let loss = try product * product * z
    let gradients = try tape.gradients(of: loss, withRespectTo: [x, product])
    #expect(gradients.map(\.scalar) == [300, 60])
    try tape.backward(from: loss)
    #expect(try tape.gradient(of: y)?.scalar == 180)
    #expect(try tape.gradient(of: z) == nil)
  }

  @Test func twoInnerStepsHaveTheGradientThatDifferencesSay() throws {
    var layout = ParameterLayout()
    let network = PerceptronLayers("network", widths: [3, 6, 1], layerNorm: true, activation: .tanh, in: &layout)
    func loss(_ values: [Double], gradients: Bool) throws -> (Double, [Double]) {
      let tape = Tape(precision: .double)
      let parameters = ParameterVector(layout, seed: 0, precision: .double)
      parameters.values = values
      let start = try tape.bind(parameters)
      func taskLoss(_ weights: Weights, _ seed: UInt64) throws -> Variable {
        var random = SeededGenerator(seed: seed)
        let x = tape.constant((0..<12).map { _ in random.uniform() }, rows: 4, columns: 3)
        let y = tape.constant((0..<4).map { _ in random.uniform() }, rows: 4, columns: 1)
        return try network(x, weights).squaredError(from: y)
      }
      var weights = start
      for step in 0..<2 {
        let slopes = try tape.gradients(
          of: taskLoss(weights, UInt64(step)), withRespectTo: weights.variables, differentiable: true)
        weights = try weights.moved(against: slopes, rate: 0.3)
      }
      let loss = try taskLoss(weights, 7)
      if gradients { try tape.backward(from: loss) }
      return (loss.scalar, gradients ? try start.gradients() : [])
    }
    let values = layout.initialValues(seed: 5)
    let (_, gradient) = try loss(values, gradients: true)
    for position in stride(from: 0, to: values.count, by: 3) {
      let ends = try [1e-5, -1e-5].map { move in
        var moved = values
        moved[position] += move
        return try loss(moved, gradients: false).0
      }
      let expected = (ends[0] - ends[1]) / 2e-5
      #expect(abs(gradient[position] - expected) <= 1e-7 * max(1, abs(expected)), "parameter \(position)")
    }
  }

  @Test func anOptimizerFindsTheLeast() throws {
    var layout = ParameterLayout()
    let layer = Linear("layer", inputs: 2, outputs: 1, in: &layout)
    let tape = Tape()
    for optimizer in [Optimizer.adamW(weightDecay: 0), .sgd(momentum: 0.5)] {
      let parameters = ParameterVector(layout, seed: 1)
      let steps = ParameterOptimizer(optimizer, parameters)
      for _ in 0..<400 {
        tape.reset()
        let weights = try tape.bind(parameters)
        let x = tape.constant([0, 0, 1, 0, 0, 1, 1, 1], rows: 4, columns: 2)
        let loss = try layer(x, weights).squaredError(from: tape.constant([1, 3, 0, 2], rows: 4, columns: 1))
        try tape.backward(from: loss)
        try steps.step(weights, rate: 0.05, normLimit: 10)
      }
      // 2 x - y + 1
      for (found, expected) in zip(parameters.values, [2.0, -1, 1]) { #expect(abs(found - expected) < 1e-3) }
    }
  }

  @Test func stepsMoveWeightsAlikeWhetherTheirGradientsWereAskedForOrNot() throws {
    let model = Model()
    for optimizer in [Optimizer.adamW(weightDecay: 0.1), .sgd()] {
      let moved = try [false, true].map { asks in
        let parameters = ParameterVector(model.layout, seed: 1)
        let steps = ParameterOptimizer(optimizer, parameters)
        let tape = Tape()
        for _ in 0..<3 {
          tape.reset()
          let weights = try tape.bind(parameters)
          try tape.backward(from: model.loss(weights))
          if asks { _ = try weights.gradients() }
          try steps.step(weights, rate: 0.01)
        }
        return parameters.values
      }
      let difference = zip(moved[0], moved[1]).map { abs($0 - $1) }.max() ?? 0
      #expect(difference < 1e-5)
    }
  }

  @Test func dropoutIsThatOfDropout() throws {
    let tape = Tape()
    let columns = 7
    let values = try tape.constant(1, rows: 3, columns: columns).dropout(probability: 0.4, seed: 5).floats
    let dropout = Dropout(probability: 0.4, seed: 5)
    for row in 0..<3 {
      for column in 0..<columns {
        #expect(values[row * columns + column] == (dropout.keeps(row * 8 + column) ? dropout.scale : 0))
      }
    }
  }

  @Test func functionsAreWhatTheyAreAtTheEnds() throws {
    let tape = Tape()
    let x = tape.constant([-.infinity, -200, 0, 200, .infinity, .nan], rows: 1, columns: 6)
    #expect(try x.map(.exp).values.prefix(5) == [0, 0, 1, .infinity, .infinity])
    #expect(try x.map(.tanh).values.prefix(5) == [-1, -1, 0, 1, 1])
    #expect(try x.map(.sigmoid).values.prefix(5) == [0, 0, 0.5, 1, 1])
    #expect(try x.map(.softplus).values[3] == 200)
    #expect(try x.map(.log).values[2] == -.infinity)
    for function in [ElementFunction.relu, .exp, .tanh, .sigmoid, .log, .gelu] {
      #expect(try x.map(function).values[5].isNaN)
    }
  }

  @Test func errorsSayWhatWasGiven() throws {
    let tape = Tape()
    func text(_ body: () throws -> Variable) -> String {
      do {
        _ = try body()
        return "no error"
      } catch { return "\(error)" }
    }
    let (x, y) = (tape.constant(0, rows: 3, columns: 4), tape.constant(0, rows: 5, columns: 4))
    #expect(
      text { try x.product(y) } == """
        product: the factors 3 x 4 and 5 x 4 don't fit
          The left factor needs as many columns as the right one has rows.
        """)
    #expect(
      text { try x + y } == """
        +: the shapes 3 x 4 and 5 x 4 don't match
          Give both the same shape, or one of them a single row or column, which is then repeated.
        """)
    #expect(
      text { try x.rows(2..<4) } == """
        rows: rows 2..<4 and columns 0..<4 are not within a matrix of 3 x 4
          Both count from 0.
        """)
    #expect(
      text { try x.absoluteError(from: y) } == """
        absoluteError: the predictions are 3 x 4, but the targets are 5 x 4
          Give both the same shape.
        """)
    #expect(
      text { try tape.gradients(of: x, withRespectTo: [x])[0] } == """
        gradients: the loss is 3 x 4 and not a scalar
          Take its sum() or mean().
        """)
    #expect(
      text { try x.attention(within: Segments(lengths: [3]), heads: 2) } == """
        attention: 4 columns can't be split into queries, keys and values of 2 heads
          Give 3 x heads x head width columns.
        """)
    #expect(
      text { try Variable.joinedRows([x, tape.constant(0, rows: 1, columns: 2)]) } == """
        joinedRows: the shapes 3 x 4 and 1 x 2 don't match
          Give all the same number of columns.
        """)
    #expect(
      text { try Segments(lengths: [2, 2]).sums.sums(of: x) } == """
        sums: the matrix sums 4 rows, but 3 x 4 was given
          Give as many rows as it has columns.
        """)
    #expect(text { try x + Tape().constant(1) }.hasPrefix("+: a variable belongs to another tape"))
    tape.reset()
    _ = tape.constant(0, rows: 3, columns: 4)
    #expect(text { try x + x }.hasPrefix("+: a variable belongs to an earlier pass"))
  }

  @Test(arguments: [1, 3]) func partsComeInOrder(threads: Int) throws {
    let tape = Tape(threads: threads)
    for _ in 0..<2 {
      let squares = try tape.inParts(of: 10, atOnce: 3) { part, tape in
        let x = tape.constant(part.map(Double.init), rows: part.count, columns: 1)
        return try (x * x).values
      }
      #expect(squares == (0..<10).map { Double($0 * $0) })
    }
    #expect(try tape.inParts(of: 0, atOnce: 3) { part, _ in [part] }.isEmpty)
  }

  @Test(arguments: [1, 3]) func theErrorOfTheFirstPartIsThrown(threads: Int) throws {
    struct Failure: Error { var part: Range<Int> }
    do {
      _ = try Tape(threads: threads).inParts(of: 10, atOnce: 3) { part, _ -> [Int] in
        if part.lowerBound > 0 { throw Failure(part: part) }
        return []
      }
      Issue.record("no error")
    } catch let failure as Failure {
      #expect(failure.part == 3..<6)
    }
  }
}
