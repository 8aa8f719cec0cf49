import Core

/// The rules for the shape of an operator's output, for operators that don't follow the common rule of broadcasting
/// their inputs.
enum ShapeRules {
  typealias Rule = @Sendable (OperatorCall) throws -> [Int]

  /// The rule of each ONNX operator type.
  static let table: [String: Rule] = [windows, products, layouts, reductions, constants]
    .reduce(into: [:]) { table, rules in table.merge(rules) { first, _ in first } }

  /// The broadcast shape of an operator's inputs, as in numpy: axes are matched from the last, and 1 is extended.
  static func broadcast(_ call: OperatorCall) throws -> [Int] {
    // Before version 7, the second input was aligned with the first from a given axis on.
    if call.operatorSetVersion < 7, call.integer("broadcast") == 1 { return try call.shape(0) }
    let shapes = try call.inputs.indices.filter { call.inputs[$0] != nil }.map { try call.shape($0) }
    guard let first = shapes.first else { throw call.failure("it has no inputs") }
    return try shapes.dropFirst().reduce(first) { left, right in
      try broadcast(left, right)
        ?? { throw call.failure("inputs of the shapes \(left) and \(right) can't be broadcast") }()
    }
  }

  /// The broadcast shape for any element-wise operator. For operators of other domains than ONNX's own, constant
  /// inputs are treated as parameters.
  static func elementwise(_ call: OperatorCall) throws -> [Int] {
    guard call.type.contains(".") else { return try broadcast(call) }
    var call = call
    call.inputs.removeAll { $0?.node == nil }
    return try broadcast(call)
  }

  static func broadcast(_ left: [Int], _ right: [Int]) -> [Int]? {
    let rank = max(left.count, right.count)
    let padded = [left, right].map { [Int](repeating: 1, count: rank - $0.count) + $0 }
    guard zip(padded[0], padded[1]).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else { return nil }
    return zip(padded[0], padded[1]).map { $0 == 1 ? $1 : $0 }
  }

  /// The shape of the first input, for normalisations and similar operators whose other inputs are parameters.
  static func asFirst(_ call: OperatorCall) throws -> [Int] { try call.shape(0) }
}

extension ShapeRules {
  static let products: [String: Rule] = [
    "Gemm": { call in
      let left = try call.shape(0, rank: 2)
      let right = try call.shape(1, rank: 2)
      let (rows, depth) = call.integer("transA") == 1 ? (left[1], left[0]) : (left[0], left[1])
      let (height, columns) = call.integer("transB") == 1 ? (right[1], right[0]) : (right[0], right[1])
      guard depth == height else { throw mismatch(call, left, right) }
      return [rows, columns]
    },
    "MatMul": { call in
      var left = try call.shape(0, rank: 1)
      var right = try call.shape(1, rank: 1)
      // A vector counts as a matrix with one row or one column, which the result doesn't have.
      let drops = (row: left.count == 1, column: right.count == 1)
      if drops.row { left = [1] + left }
      if drops.column { right += [1] }
      let (rows, columns) = (left[left.count - 2], right[right.count - 1])
      guard left[left.count - 1] == right[right.count - 2],
        let leading = broadcast(left.dropLast(2), right.dropLast(2))
      else { throw mismatch(call, left, right) }
      return leading + (drops.row ? [] : [rows]) + (drops.column ? [] : [columns])
    },
    "BatchNormalization": asFirst, "InstanceNormalization": asFirst, "LayerNormalization": asFirst,
    "GroupNormalization": asFirst, "RMSNormalization": asFirst, "LRN": asFirst, "LpNormalization": asFirst,
    "Clip": asFirst, "PRelu": asFirst, "Identity": asFirst, "Dropout": asFirst, "QuantizeLinear": asFirst,
    "DequantizeLinear": asFirst,
    "ScatterND": asFirst, "ScatterElements": asFirst, "Trilu": asFirst, "CumSum": asFirst,
  ]

  private static func mismatch(_ call: OperatorCall, _ left: [Int], _ right: [Int]) -> InputError {
    call.failure("matrices of the shapes \(left) and \(right) can't be multiplied")
  }

  static let reductions: [String: Rule] = [
    "ReduceMean": reduction, "ReduceSum": reduction, "ReduceMax": reduction, "ReduceMin": reduction,
    "ReduceProd": reduction, "ReduceL1": reduction, "ReduceL2": reduction, "ReduceSumSquare": reduction,
    "ReduceLogSum": reduction, "ReduceLogSumExp": reduction,
    "ArgMax": { call in try reduced(call, axes: [call.integer("axis") ?? 0]) },
    "ArgMin": { call in try reduced(call, axes: [call.integer("axis") ?? 0]) },
  ]

  private static func reduction(_ call: OperatorCall) throws -> [Int] {
    try reduced(call, axes: reducedAxes(call))
  }

  /// The axes that a reduction removes.
  static func reducedAxes(_ call: OperatorCall) throws -> [Int] {
    let axes = try call.integers("axes", orInput: 1) ?? []
    if axes.isEmpty, call.integer("noop_with_empty_axes") == 1 { return [] }
    return axes.isEmpty ? Array(try call.shape(0).indices) : axes
  }

  private static func reduced(_ call: OperatorCall, axes: [Int]) throws -> [Int] {
    let input = try call.shape(0)
    let axes = Set(try call.axes(axes, rank: input.count))
    let keeps = call.integer("keepdims") ?? 1 != 0
    return input.enumerated().compactMap { axis, extent in axes.contains(axis) ? (keeps ? 1 : nil) : extent }
  }
}
