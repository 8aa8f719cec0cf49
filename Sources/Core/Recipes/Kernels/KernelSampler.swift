import Numerics

/// LitePred's choice of kernels to time (Feng and others, NSDI 2024): a variational autoencoder learns the joint
/// distribution of sizes in kernels of known networks, and kernels that it generates from random numbers are timed.
///
/// A kernel is represented by the logarithms of its output height, its input and output channels, its window and its
/// stride. The encoder and the decoder have one hidden layer of `units` units each, and the latent vector z has 2
/// numbers:
///
///     loss = |decoder(z) - x|^2 + divergence * KL(N(mean, deviation) || N(0, 1)),  z drawn from N(mean, deviation)
///
/// Generated sizes are rounded: heights, windows and strides to those of the known kernels, and channels to whole
/// numbers.
///
/// ```swift
/// let sampler = try KernelSampler(kernels)                     // of one family, such as all convolutions
/// let more = try sampler.sample(200)                           // time these, and add them to a KernelTable
/// ```
///
/// The widths and the latent size are the paper's. The weight of the divergence, and that a kernel takes the fused
/// nodes of the known kernel with the nearest sizes, are our reading.
public struct KernelSampler: Sendable {
  /// The distinct kernels that the sampler learned from.
  public let known: [Kernel]
  private let parameters: [Float]
  private let scale: ScaledColumns
  private let units: Int
  private let seed: UInt64

  private static let latent = 2
  private static let sizes: [NodeAttribute] = [.height, .inputChannels, .outputChannels, .kernel, .stride]

  /// - Parameters:
  ///   - kernels: At least 10 different kernels of one family, with all sizes given.
  ///   - steps: The number of steps of gradient descent, with 64 kernels each.
  ///   - divergence: The weight of the divergence.
  /// - Throws: `InputError` when there are too few kernels, they are of several families, or a size is missing or
  ///   invalid; and when the loss is NaN or infinite.
  public init(
    _ kernels: [Kernel], units: Int = 256, steps: Int = 1500, divergence: Double = 0.1,
    seed: UInt64 = TrainingContext.current.seed
  ) throws {
    let distinct = kernels.withoutRepeats
    let families = Set(distinct.map(\.family)).sorted()
    guard distinct.count >= 10, families.count == 1, 1...65536 ~= units, steps >= 1, divergence > 0,
      divergence.isFinite
    else {
      throw InputError(
        "a sampler can't learn from \(distinct.count) different kernels of the families \(families) with \(units) "
          + "units, \(steps) steps and the divergence \(divergence)",
        remedy: "Give at least 10 of one family; 256, 1500 and 0.1 are usual.")
    }
    try Kernel.requireSizes(distinct)
    let rows = try distinct.map(Self.logarithms)
    known = distinct
    scale = ScaledColumns(fitting: rows)
    self.units = units
    self.seed = seed
    guard !scale.columns.isEmpty else {
      throw InputError("all known kernels have the same sizes", remedy: "Give kernels that differ.")
    }
    parameters = try Self.train(
      rows.map(scale.scaled), units: units, steps: steps, divergence: divergence, seed: seed)
  }

  /// Generates `count` different kernels that aren't among the known ones, or fewer if the sizes allow no more.
  ///
  /// - Throws: `InputError` unless `count` is at least 1.
  public func sample(_ count: Int) throws -> [Kernel] {
    guard count >= 1 else { throw InputError("\(count) kernels can't be drawn", remedy: "Use at least 1.") }
    var random = SeededGenerator(seed: seed &+ 1)
    var seen = Set(known)
    var result: [Kernel] = []
    let rows = try known.map(Self.logarithms)
    let network = KernelAutoencoder(inputs: scale.columns.count, units: units, latent: Self.latent)
    let vector = try ParameterVector(network.layout, values: parameters)
    let tape = Tape(threads: TrainingContext.current.threads)
    for _ in 0..<50 where result.count < count {
      tape.reset()
      let noise = (0..<256 * Self.latent).map { _ in random.normal() }
      let drawn = try network.decoder(
        tape.constant(noise, rows: 256, columns: Self.latent), tape.bind(vector)
      ).values
      for number in 0..<256 where result.count < count {
        let scaled = drawn[number * scale.columns.count..<(number + 1) * scale.columns.count]
        // Sizes that don't vary among the known kernels are taken from the first one.
        var sizes = rows[0]
        for (place, value) in scaled.enumerated() {
          sizes[scale.columns[place]] = scale.means[place] + scale.deviations[place] * value
        }
        let kernel = nearest(to: sizes, among: rows).resized(to: rounded(sizes, rows))
        if seen.insert(kernel).inserted { result.append(kernel) }
      }
    }
    return result
  }

  private func nearest(to sizes: [Double], among rows: [[Double]]) -> Kernel {
    var best = (place: 0, distance: Double.infinity)
    for (place, row) in rows.enumerated() {
      let distance = zip(row, sizes).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      if distance < best.distance { best = (place, distance) }
    }
    return known[best.place]
  }

  private func rounded(_ sizes: [Double], _ rows: [[Double]]) -> [NodeAttribute: Int] {
    var result: [NodeAttribute: Int] = [:]
    for (place, attribute) in Self.sizes.enumerated() {
      var logarithm = sizes[place]
      if attribute != .inputChannels, attribute != .outputChannels {
        logarithm = rows.map { $0[place] }.min { abs($0 - logarithm) < abs($1 - logarithm) } ?? logarithm
      }
      result[attribute] = max(Int(clamping: CorrectlyRounded.exp(min(logarithm, 20)).rounded()), 1)
    }
    return result
  }

  private static func logarithms(_ kernel: Kernel) throws -> [Double] {
    try sizes.map { size in
      guard let value = kernel.nodes.first?[size] else {
        throw InputError(
          "a kernel \"\(kernel.kind)\" has no \(size.rawValue)", remedy: "Give the first node all its sizes.")
      }
      return CorrectlyRounded.log(Double(value))
    }
  }

  private static func train(
    _ rows: [[Double]], units: Int, steps: Int, divergence: Double, seed: UInt64
  ) throws -> [Float] {
    let width = rows[0].count
    let network = KernelAutoencoder(inputs: width, units: units, latent: latent)
    var random = SeededGenerator(seed: seed)
    let parameters = ParameterVector(network.layout, seed: random.next())
    let optimizer = ParameterOptimizer(.adamW(weightDecay: 0), parameters)
    let tape = Tape(threads: TrainingContext.current.threads)
    let batch = min(64, rows.count)
    for step in 0..<steps {
      tape.reset()
      let weights = try tape.bind(parameters)
      let drawn = (0..<batch).flatMap { _ in rows[Int.random(in: rows.indices, using: &random)] }
      let x = tape.constant(drawn, rows: batch, columns: width)
      let noise = tape.constant(
        (0..<batch * latent).map { _ in random.normal() }, rows: batch, columns: latent)
      let loss = try network.loss(x, noise: noise, divergence: divergence, weights)
      let rate = 2e-3 * (1 - 0.9 * Double(step) / Double(steps))
      guard loss.scalar.isFinite else {
        throw InputError(
          "the sampler's loss is \(loss.scalar) in step \(step + 1)",
          remedy: "Use a smaller weight of the divergence; 0.1 is usual.")
      }
      try tape.backward(from: loss)
      try optimizer.step(weights, rate: rate, normLimit: 5)
    }
    return parameters.floats
  }
}

/// The encoder and the decoder of `KernelSampler`.
struct KernelAutoencoder {
  let layout: ParameterLayout
  let encoder: PerceptronLayers
  let decoder: PerceptronLayers
  private let latent: Int

  init(inputs: Int, units: Int, latent: Int) {
    var layout = ParameterLayout()
    encoder = PerceptronLayers("encoder", widths: [inputs, units, 2 * latent], in: &layout)
    decoder = PerceptronLayers("decoder", widths: [latent, units, inputs], in: &layout)
    self.layout = layout
    self.latent = latent
  }

  func loss(_ x: Variable, noise: Variable, divergence: Double, _ weights: Weights) throws -> Variable {
    let code = try encoder(x, weights)
    let mean = try code.columns(0..<latent)
    // The latent columns' logarithm of the variance.
    let spread = try code.columns(latent..<2 * latent)
    let z = try mean + (spread / 2).map(.exp) * noise
    let difference = try decoder(z, weights) - x
    let count = Double(x.rows)
    let error = try (difference * difference).sum() / count
    let distance = try (mean * mean + spread.map(.exp) - spread - 1).sum() / (2 * count)
    return try error + distance * divergence
  }
}

extension Kernel {
  /// The same nodes with other sizes. Each node takes the sizes that it has. Maps and windows become square.
  func resized(to sizes: [NodeAttribute: Int]) -> Kernel {
    guard var first = nodes.first else { return self }
    for (attribute, value) in sizes { first[attribute] = value }
    if first[.width] != nil { first[.width] = sizes[.height] ?? first[.width] }
    if first[.kernelWidth] != nil { first[.kernelWidth] = sizes[.kernel] ?? first[.kernelWidth] }
    return Kernel(
      replacingFirst(with: first).nodes.map { node in
        var node = node
        for attribute in [NodeAttribute.height, .width] where node[attribute] != nil {
          node[attribute] = first[attribute]
        }
        return node
      })
  }
}

extension SeededGenerator {
  /// A standard normal number, by the Box-Muller transform.
  mutating func normal() -> Double {
    let radius = (-2 * CorrectlyRounded.log(1 - uniform())).squareRoot()
    return radius * CorrectlyRounded.cos(2 * .pi * uniform())
  }
}
