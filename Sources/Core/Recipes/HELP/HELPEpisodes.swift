import Numerics

/// The episodes of HELP's pretraining. Each adapts to some devices and computes the loss on other networks.
final class HELPEpisodes {
  private let network: HELPNetwork
  private let recipe: HELP
  private let encoded: EncodedGraphs
  private let references: [Int]
  /// The scaled logarithms: for each device those of each graph.
  private let logarithms: [[Double]]
  private let others: [Int]
  private let context: TrainingContext
  private var random: SeededGenerator
  private let parameters: ParameterVector

  /// - Parameter references: The indices of the reference networks among the graphs.
  init(
    _ network: HELPNetwork, recipe: HELP, encoded: EncodedGraphs, references: [Int], logarithms: [[Double]],
    context: TrainingContext
  ) {
    self.network = network
    self.recipe = recipe
    self.encoded = encoded
    self.references = references
    self.logarithms = logarithms
    self.context = context
    let isReference = Set(references)
    others = (0..<encoded.count).filter { !isReference.contains($0) }
    random = SeededGenerator(seed: recipe.seed)
    parameters = ParameterVector(network.layout, seed: random.next())
  }

  /// - Returns: The parameters, and the loss of every 50th episode.
  /// - Throws: `TrainingDivergence` when the loss is NaN or infinite.
  func run() throws -> (parameters: [Float], losses: [Double]) {
    let tape = Tape(threads: context.threads)
    let optimizer = ParameterOptimizer(.adamW(weightDecay: 0), parameters)
    var rates = LearningRateProgress(
      .cosine().warmUp(epochs: min(20, recipe.episodes / 10)), rate: recipe.learningRate, epochs: recipe.episodes,
      stepsPerEpoch: 1)
    var losses: [Double] = []
    for episode in 0..<recipe.episodes {
      tape.reset()
      let weights = try tape.bind(parameters)
      let chosen = logarithms.indices.shuffled(using: &random).prefix(recipe.devices)
      var sum = tape.constant(0)
      for device in chosen { sum = try sum + loss(of: device, weights) }
      let mean = try sum / Double(chosen.count)
      let rate = rates.rate(atStep: episode)
      guard mean.scalar <= TrainingDivergence.limit else {
        throw TrainingDivergence(
          run: context.label, epoch: episode + 1, batch: 1, learningRate: rate, loss: mean.scalar)
      }
      if episode % 50 == 49 { losses.append(mean.scalar) }
      try tape.backward(from: mean)
      try optimizer.step(weights, rate: rate, normLimit: 5)
      rates.endEpoch(episode + 1, loss: mean.scalar)
    }
    return (parameters.floats, losses)
  }

  /// The loss on some networks of a device, after steps on its reference networks and on up to as many others.
  private func loss(of device: Int, _ weights: Weights) throws -> Variable {
    let tape = weights.tape
    let shuffled = others.shuffled(using: &random)
    let extra = min(Int.random(in: 0...references.count, using: &random), shuffled.count - 1)
    let support = references + shuffled.prefix(extra)
    let query = Array(shuffled.dropFirst(extra).prefix(recipe.queries))
    let table = logarithms[device]
    let scale = LogarithmScale(support.map { table[$0] })
    let embedding = LogarithmScale.standardised(references.map { table[$0] })
    let noise = (0..<network.noiseCount).map { _ in random.normal() }
    let (adapted, divergence) = try network.adapted(
      weights, to: GraphRows(support, of: encoded, on: tape), device: embedding,
      targets: support.map { scale.scaled(table[$0]) }, noise: noise, differentiable: recipe.secondOrder)
    let targets = tape.constant(query.map { scale.scaled(table[$0]) }, rows: query.count, columns: 1)
    return try network.outputs(GraphRows(query, of: encoded, on: tape), device: embedding, adapted)
      .squaredError(from: targets) + 0.1 * divergence
  }
}
