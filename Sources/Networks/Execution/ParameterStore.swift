import Core
import Numerics

/// The weights of a whole network in one piece of memory, with their gradients. Passes of the network and of its
/// smaller networks use it.
final class ParameterStore {
  let network: Network
  /// The trainable parameters: kernels and the linear layer's matrix, then scales and shifts.
  let values: Buffer<Float>
  /// The number of the first `values` to which weight decay applies.
  let decayedCount: Int
  /// The index in `values` from which on gradients are accumulated in each step, starting from zero.
  let linearOffset: Int
  /// The means and variances of batch norms.
  let statistics: Buffer<Float>
  private let places: [String: (offset: Int, shape: [Int])]

  /// - Throws: `InputError` unless the weights belong to the network.
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

  /// The offset of a weight in `values` or `statistics`, and its shape.
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
  ///   - values: As many values as `values`, such as an average of them.
  ///   - statistics: As many values as `statistics`.
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
