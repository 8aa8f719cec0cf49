import Core

/// Constant folding of the shape arithmetic that exporters leave in a graph.
///
/// PyTorch writes `x.view(x.size(0), -1)` as Shape, Gather, Unsqueeze and Concat before a Reshape. None of these
/// nodes is part of the network.
enum ConstantFolding {
  typealias Rule = @Sendable (_ call: OperatorCall, _ shape: [Int]) throws -> [Double]?

  /// The output of an operator whose inputs are all constant, or that reads only shapes; nil if it is unknown.
  /// - Parameter shape: The shape of the output.
  static func fold(_ call: OperatorCall, shape: [Int]) throws -> ConstantArray? {
    guard let rule = table[call.type], let count = ONNXLimit.elementCount(shape), count <= ConstantArray.elementLimit,
      let values = try rule(call, shape), values.count == count
    else { return nil }
    return ConstantArray(shape: shape, values: values, isInteger: isInteger(call))
  }

  private static func isInteger(_ call: OperatorCall) -> Bool {
    switch call.type {
    case "Shape", "Size": true
    case "Constant": constant(call)?.isInteger ?? false
    case "ConstantOfShape": call.tensor("value").flatMap(ConstantArray.init)?.isInteger ?? false
    case "Cast": ![1, 10, 11, 16].contains(call.integer("to") ?? 1)
    case "CastLike": call.input(1)?.constant?.isInteger ?? false
    default: call.inputs.allSatisfy { $0?.constant?.isInteger ?? true }
    }
  }

  /// The value of a Constant node.
  static func constant(_ call: OperatorCall) -> ConstantArray? {
    if let tensor = call.tensor("value") { return ConstantArray(tensor) }
    if let integer = call.integer("value_int") {
      return ConstantArray(shape: [], values: [Double(integer)], isInteger: true)
    }
    if let integers = call.integers("value_ints") { return ConstantArray(integers) }
    if let number = call.number("value_float") { return ConstantArray(shape: [], values: [number], isInteger: false) }
    return call.numbers("value_floats").map { ConstantArray(shape: [$0.count], values: $0, isInteger: false) }
  }

  private static let table: [String: Rule] = [
    "Constant": { call, _ in constant(call)?.values },
    "Shape": { call, _ in try call.shape(0)[shapeRange(call)].map(Double.init) },
    "Size": { call, _ in ONNXLimit.elementCount(try call.shape(0)).map { [Double($0)] } },
    "ConstantOfShape": { call, shape in
      let value = call.tensor("value").flatMap(ConstantArray.init)?.values.first
      return call.tensor("value") == nil || value != nil ? fill(shape) { _ in value ?? 0 } : nil
    },
    "Range": { call, shape in
      guard let start = call.input(0)?.constant?.values.first, let step = call.input(2)?.constant?.values.first
      else { return nil }
      return fill(shape) { start + step * Double($0[0]) }
    },
    "Identity": asIs, "Dropout": asIs, "Squeeze": asIs, "Unsqueeze": asIs, "Reshape": asIs, "Flatten": asIs,
    "Cast": cast, "CastLike": cast,
    "Floor": unary { $0.rounded(.down) }, "Ceil": unary { $0.rounded(.up) },
    "Round": unary { $0.rounded(.toNearestOrEven) }, "Neg": unary { -$0 }, "Abs": unary(abs),
    "Sqrt": unary { $0.squareRoot() }, "Not": unary { $0 == 0 ? 1 : 0 },
    "Add": binary(+), "Sub": binary(-), "Mul": binary(*), "Min": binary(min), "Max": binary(max),
    "Div": { call, shape in
      let rounds = isInteger(call)
      return try binary { rounds ? ($0 / $1).rounded(.towardZero) : $0 / $1 }(call, shape)
    },
    "Mod": binary { $0 - ($0 / $1).rounded(.down) * $1 },
    "Equal": binary { $0 == $1 ? 1 : 0 }, "Less": binary { $0 < $1 ? 1 : 0 }, "Greater": binary { $0 > $1 ? 1 : 0 },
    "LessOrEqual": binary { $0 <= $1 ? 1 : 0 }, "GreaterOrEqual": binary { $0 >= $1 ? 1 : 0 },
    "And": binary { $0 != 0 && $1 != 0 ? 1 : 0 }, "Or": binary { $0 != 0 || $1 != 0 ? 1 : 0 },
    "Where": { call, shape in
      guard let choice = call.input(0)?.constant, let yes = call.input(1)?.constant, let no = call.input(2)?.constant
      else { return nil }
      return fill(shape) { choice[$0] != 0 ? yes[$0] : no[$0] }
    },
    "Expand": { call, shape in call.input(0)?.constant.map { array in fill(shape) { array[$0] } } },
    "Transpose": { call, shape in
      guard let array = call.input(0)?.constant else { return nil }
      let permutation = try ShapeRules.permutation(call)
      return fill(shape) { position in
        var source = position
        for (axis, origin) in permutation.enumerated() { source[origin] = position[axis] }
        return array[source]
      }
    },
    "Slice": { call, shape in
      guard let array = call.input(0)?.constant else { return nil }
      let cuts = try ShapeRules.cuts(call)
      return fill(shape) { position in
        array[cuts.reduce(into: position) { $0[$1.axis] = $1.start + $1.step * position[$1.axis] }]
      }
    },
    "Gather": gather,
    "Concat": concatenation,
    "ReduceProd": total(1, *), "ReduceSum": total(0, +), "ReduceMax": total(-.infinity, max),
    "ReduceMin": total(.infinity, min),
  ]

  /// The axes whose extents a Shape node returns.
  static func shapeRange(_ call: OperatorCall) throws -> Range<Int> {
    let rank = try call.shape(0).count
    func bound(_ value: Int) -> Int { min(max(value < 0 ? value + rank : value, 0), rank) }
    let start = bound(call.integer("start") ?? 0)
    return start..<max(start, bound(call.integer("end") ?? rank))
  }

  // MARK: Kinds of rules

  private static let asIs: Rule = { call, _ in call.input(0)?.constant?.values }

  private static let cast: Rule = { call, _ in
    guard let values = call.input(0)?.constant?.values else { return nil }
    return isInteger(call) ? values.map { $0.rounded(.towardZero) } : values
  }

  private static func unary(_ function: @escaping @Sendable (Double) -> Double) -> Rule {
    { call, _ in call.input(0)?.constant?.values.map(function) }
  }

  private static func binary(_ function: @escaping @Sendable (Double, Double) -> Double) -> Rule {
    { call, shape in
      guard call.inputs.count == 2, let left = call.input(0)?.constant, let right = call.input(1)?.constant
      else { return nil }
      return fill(shape) { function(left[$0], right[$0]) }
    }
  }

  /// A reduction over all elements. A reduction with more than one result isn't shape arithmetic.
  private static func total(_ start: Double, _ function: @escaping @Sendable (Double, Double) -> Double) -> Rule {
    { call, _ in (call.input(0)?.constant?.values.reduce(start, function)).map { [$0] } }
  }

  private static let gather: Rule = { call, shape in
    guard let array = call.input(0)?.constant, let indices = call.input(1)?.constant, let whole = indices.integers,
      !array.shape.isEmpty
    else { return nil }
    let axis = try call.axis(call.integer("axis") ?? 0, rank: array.shape.count)
    let extent = array.shape[axis]
    guard whole.allSatisfy({ (-extent..<extent).contains($0) }) else {
      throw call.failure("its index \(whole) is out of range for \(extent) elements")
    }
    return fill(shape) { position in
      let inner = axis + indices.shape.count
      let index = Int(indices[Array(position[axis..<inner])])
      return array[position[..<axis] + [index < 0 ? index + extent : index] + position[inner...]]
    }
  }

  private static let concatenation: Rule = { call, shape in
    let arrays = call.inputs.compactMap { $0?.constant }
    guard arrays.count == call.inputs.count else { return nil }
    let axis = try call.axis(call.integer("axis") ?? 1, rank: shape.count)
    return fill(shape) { position in
      var position = position
      for array in arrays {
        if position[axis] < array.shape[axis] { return array[position] }
        position[axis] -= array.shape[axis]
      }
      return .nan
    }
  }

  /// An array of `shape` whose elements are computed from their positions.
  private static func fill(_ shape: [Int], _ element: ([Int]) -> Double) -> [Double] {
    var position = [Int](repeating: 0, count: shape.count)
    return (0..<shape.reduce(1, *)).map { _ in
      defer {
        for axis in shape.indices.reversed() {
          position[axis] += 1
          if position[axis] < shape[axis] { break }
          position[axis] = 0
        }
      }
      return element(position)
    }
  }
}

extension ConstantArray {
  /// The element at `position` of the broadcast array; NaN, as of all values that aren't known, where there is none.
  /// Before version 7 of the operators, the shapes of inputs needn't match from the last axis.
  fileprivate subscript(position: [Int]) -> Double {
    let own = position.suffix(shape.count)
    let index = zip(own, shape).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }
    return values.indices.contains(index) ? values[index] : .nan
  }
}

extension ShapeRules {
  static let constants: [String: Rule] = [
    "Constant": { call in
      if let dimensions = call.tensor("value")?.dims ?? call.sparseDimensions("sparse_value") {
        return dimensions.map(ONNXLimit.clamp)
      }
      guard let constant = ConstantFolding.constant(call) else {
        throw call.failure("its value is known only at run time")
      }
      return constant.shape
    },
    "Shape": { call in [try ConstantFolding.shapeRange(call).count] },
    "Size": { _ in [] },
    "ConstantOfShape": { call in
      guard let shape = try call.integers(0, "shape") else { throw call.failure("it has no shape") }
      return shape
    },
    "Range": { call in
      guard let start = try call.numbers(0, "start")?.first, let limit = try call.numbers(1, "limit")?.first,
        let step = try call.numbers(2, "step")?.first, let count = Int(exactly: ((limit - start) / step).rounded(.up))
      else { throw call.failure("its bounds are unknown") }
      return [max(0, count)]
    },
    "Where": broadcast,
  ]
}
