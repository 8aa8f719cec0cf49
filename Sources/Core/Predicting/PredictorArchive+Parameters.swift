import Numerics

extension PredictorArchive {
  /// Stores the parameters of a network, one tensor for each of the layout.
  mutating func setParameters(_ parameters: [Float], of layout: ParameterLayout) {
    for tensor in layout.tensors { setTensor(tensor.name, Array(parameters[tensor.range]), shape: tensor.shape) }
  }

  /// The parameters of a network in the layout's order.
  /// - Throws: `InputError` when a tensor of the layout is missing or has another shape.
  func parameters(of layout: ParameterLayout) throws -> [Float] {
    try layout.tensors.reduce(into: []) { $0 += try singles($1.name, shape: $1.shape) }
  }

  /// Checks or builds something from the archive's content. An error without a place is reported at the archive's.
  func checking<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as InputError where error.place == nil {
      throw error.remedy.map { damage(error.cause, remedy: $0) } ?? damage(error.cause)
    }
  }
}
