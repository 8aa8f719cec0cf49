import Core

/// The weights of a network with PyTorch's names and layouts.
public struct NetworkWeights: Codable, Hashable, Sendable {
  public struct Tensor: Codable, Hashable, Sendable {
    public var shape: [Int]
    /// The values in row-major order.
    public var values: [Float]

    public init(shape: [Int], values: [Float]) {
      self.shape = shape
      self.values = values
    }

    /// Whether there are as many values as the shape says.
    var isComplete: Bool { shape.elementCount == values.count }
  }

  public var tensors: [String: Tensor]

  public init(tensors: [String: Tensor]) {
    self.tensors = tensors
  }

  /// The weights of a smaller network of the same space, cut out of these: the first channels along every axis, and
  /// the middle of kernels.
  ///
  /// Batch norms have the means and variances of the larger network; `calibrated` measures them again.
  /// - Throws: `InputError` that names the first weight that is missing or too small.
  public func sliced(for network: Network) throws -> NetworkWeights {
    var result: [String: Tensor] = [:]
    for parameter in network.parameters + network.statistics {
      result[parameter.name] = try slice(parameter)
    }
    return NetworkWeights(tensors: result)
  }

  /// - Throws: `InputError` unless these are exactly the weights of `network`.
  func check(_ network: Network) throws {
    let expected = network.parameters + network.statistics
    for parameter in expected {
      let tensor = try tensor(parameter)
      guard tensor.shape == parameter.shape, tensor.values.count == parameter.count else {
        throw mismatch(parameter, tensor.shape)
      }
    }
    if let stray = Set(tensors.keys).subtracting(expected.map(\.name)).min() {
      throw InputError(
        "the network has no weight \"\(stray)\"",
        remedy: "These are weights of another space or another point: cut them out with weights.sliced(for: network).")
    }
  }

  /// - Throws: `InputError` that names the first value that is not a finite number.
  func checkNumbers() throws {
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      guard let index = tensor.values.firstIndex(where: { !$0.isFinite }) else { continue }
      throw InputError(
        "the value \(index) of the weight \"\(name)\" is not a finite number",
        remedy: "Training may have diverged: use an earlier checkpoint.")
    }
  }

  private func tensor(_ parameter: Network.Parameter) throws -> Tensor {
    guard let tensor = tensors[parameter.name] else {
      if let prefix = ["module.", "_orig_mod."].first(where: { tensors["\($0)\(parameter.name)"] != nil }) {
        throw InputError(
          "the weights lack \"\(parameter.name)\", but have \"\(prefix)\(parameter.name)\"",
          remedy: "PyTorch's wrappers add \(prefix): save the weights of the model inside, "
            + "model.\(prefix)state_dict().")
      }
      throw InputError(
        "the weights lack \"\(parameter.name)\"",
        remedy: InputError.remedy(unknown: parameter.name, among: tensors.keys.sorted(), called: "weights"))
    }
    return tensor
  }

  private func mismatch(_ parameter: Network.Parameter, _ shape: [Int]) -> InputError {
    InputError(
      "the weight \"\(parameter.name)\" has the shape \(shape), but the network needs \(parameter.shape)",
      remedy: "These are weights of another space, or of a smaller network.")
  }

  private func slice(_ parameter: Network.Parameter) throws -> Tensor {
    let tensor = try tensor(parameter)
    // Without an even difference of sizes a kernel would have no middle to keep.
    guard tensor.shape.count == parameter.shape.count, tensor.isComplete,
      zip(tensor.shape, parameter.shape).allSatisfy(>=),
      zip(tensor.shape, parameter.shape).dropFirst(2).allSatisfy({ ($0 - $1) % 2 == 0 })
    else { throw mismatch(parameter, tensor.shape) }
    if tensor.shape == parameter.shape { return tensor }
    var values: [Float] = []
    values.reserveCapacity(parameter.count)
    let axes = tensor.shape.indices.map { axis in
      // Axes 2 and 3 belong to a kernel, whose middle is kept.
      axis < 2 ? 0 : (tensor.shape[axis] - parameter.shape[axis]) / 2
    }
    func copy(axis: Int, offset: Int) {
      let start = offset * tensor.shape[axis] + axes[axis]
      if axis == tensor.shape.count - 1 {
        values += tensor.values[start..<start + parameter.shape[axis]]
      } else {
        for index in 0..<parameter.shape[axis] { copy(axis: axis + 1, offset: start + index) }
      }
    }
    copy(axis: 0, offset: 0)
    return Tensor(shape: parameter.shape, values: values)
  }
}
