import Core
import Numerics

/// The weights of a whole network in one piece of memory, with their gradients, for passes of it and of its smaller
/// networks.
final class ParameterStore {
  let network: Network
  /// What is learned: kernels and the linear layer's matrix, then scales and shifts.
  let values: Buffer<Float>
  /// Of the first of `values`, which weight decay applies to.
  let decayedCount: Int
  /// Of `values` from here on, gradients are added up in each step, beginning with zero.
  let linearOffset: Int
  /// Means and variances.
  let statistics: Buffer<Float>
  private let places: [String: (offset: Int, shape: [Int])]

  /// - Throws: `InputError` unless the weights are those of the network.
  init(_ network: Network, _ weights: NetworkWeights) throws {
    try weights.check(network)
    self.network = network
    var places: [String: (offset: Int, shape: [Int])] = [:]
    func layOut(_ parameters: [Network.Parameter]) -> Int {
      parameters.reduce(0) { offset, parameter in
        places[parameter.name] = (offset, parameter.shape)
        return offset + parameter.count
      }
    }
    values = Buffer(layOut(network.parameters), repeating: 0)
    statistics = Buffer(layOut(network.statistics), repeating: 0)
    self.places = places
    linearOffset = places["\(network.linear).weight"]?.offset ?? 0
    decayedCount = linearOffset + network.classes * network.features
    load(weights)
  }

  /// The place of a weight, in `values` or `statistics`.
  func place(_ name: String) -> (offset: Int, shape: [Int])? { places[name] }

  private func load(_ weights: NetworkWeights) {
    func copy(_ parameters: [Network.Parameter], _ target: Buffer<Float>) {
      for parameter in parameters {
        guard let place = places[parameter.name], let tensor = weights.tensors[parameter.name] else { continue }
        tensor.values.withUnsafeBufferPointer { source in
          if let base = source.baseAddress { (target.pointer + place.offset).update(from: base, count: source.count) }
        }
      }
    }
    copy(network.parameters, values)
    copy(network.statistics, statistics)
  }

  /// - Parameters:
  ///   - values: As many as `values`, such as an average of them.
  ///   - statistics: As many as `statistics`.
  func weights(_ values: Buffer<Float>, _ statistics: Buffer<Float>) -> NetworkWeights {
    var tensors: [String: NetworkWeights.Tensor] = [:]
    func copy(_ parameters: [Network.Parameter], _ source: Buffer<Float>) {
      for parameter in parameters {
        guard let place = places[parameter.name] else { continue }
        let numbers = UnsafeBufferPointer(start: source.pointer + place.offset, count: parameter.count)
        tensors[parameter.name] = NetworkWeights.Tensor(shape: parameter.shape, values: Array(numbers))
      }
    }
    copy(network.parameters, values)
    copy(network.statistics, statistics)
    return NetworkWeights(tensors: tensors)
  }
}
