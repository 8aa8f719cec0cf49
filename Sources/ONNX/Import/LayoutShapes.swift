internal import Basics
import Core

/// Operators that rearrange elements.
extension ShapeRules {
  static let layouts: [String: Rule] = [
    "Flatten": { call in
      let input = try call.shape(0)
      let axis = call.integer("axis") ?? 1
      // The axis may also be the number of axes.
      let split = axis == input.count ? axis : try call.axis(axis, rank: max(input.count, 1))
      let ends = [input.prefix(split), input.dropFirst(split)].map { ONNXLimit.elementCount(Array($0)) }
      return ends.map { $0 ?? -1 }
    },
    "Reshape": reshape,
    "Squeeze": { call in
      let input = try call.shape(0)
      guard let axes = try call.integers("axes", orInput: 1) else { return input.filter { $0 != 1 } }
      let squeezed = Set(try call.axes(axes, rank: input.count))
      if let axis = squeezed.sorted().first(where: { input[$0] != 1 }) {
        throw call.failure("axis \(axis) of an input of \(input) isn't 1")
      }
      return input.enumerated().filter { !squeezed.contains($0.offset) }.map(\.element)
    },
    "Unsqueeze": { call in
      let input = try call.shape(0)
      guard let axes = try call.integers("axes", orInput: 1) else { throw call.failure("its axes are missing") }
      let rank = input.count + axes.count
      let inserted = Set(try call.axes(axes, rank: rank))
      var rest = input.makeIterator()
      return (0..<rank).compactMap { inserted.contains($0) ? 1 : rest.next() }
    },
    "Transpose": { call in
      let input = try call.shape(0)
      return try permutation(call).map { input[$0] }
    },
    "Concat": { call in
      let shapes = try call.inputs.indices.map { try call.shape($0) }
      guard let first = shapes.first else { throw call.failure("it has no inputs") }
      let axis = try call.axis(call.integer("axis") ?? 1, rank: first.count)
      return try shapes.dropFirst().reduce(into: first) { result, shape in
        guard shape.count == first.count, first.indices.allSatisfy({ $0 == axis || shape[$0] == first[$0] }) else {
          throw call.failure("inputs of the shapes \(first) and \(shape) can't be joined along axis \(axis)")
        }
        result[axis] += shape[axis]
      }
    },
    "Slice": { call in
      var result = try call.shape(0)
      for cut in try cuts(call) { result[cut.axis] = cut.count }
      return result
    },
    "Pad": { call in
      let input = try call.shape(0)
      guard let pads = try call.integers("pads") ?? call.integers("paddings", orInput: 1) else {
        throw call.failure("its pads are missing")
      }
      let axes = try call.axes(call.integers(3, "axes") ?? Array(input.indices), rank: input.count)
      guard pads.count == 2 * axes.count else { throw call.failure("its pads are \(pads)") }
      return zip(axes, axes.indices).reduce(into: input) { result, pair in
        result[pair.0] += pads[pair.1] + pads[pair.1 + axes.count]
      }
    },
    "Expand": { call in
      let input = try call.shape(0)
      guard let asked = try call.integers(1, "shape"), let result = broadcast(input, asked) else {
        throw call.failure("an input of \(input) can't be expanded to the requested shape")
      }
      return result
    },
    "Tile": { call in
      let input = try call.shape(0)
      guard let repeats = try call.integers(1, "repeats"), repeats.count == input.count else {
        throw call.failure("its repeats don't match the axes of an input of \(input)")
      }
      return zip(input, repeats).map(*)
    },
    "Gather": { call in
      let input = try call.shape(0, rank: 1)
      let axis = try call.axis(call.integer("axis") ?? 0, rank: input.count)
      return try input.prefix(axis) + call.shape(1) + input.dropFirst(axis + 1)
    },
    "DepthToSpace": { call in
      let input = try call.shape(0, rank: 4)
      let block = try blockSize(call)
      return [input[0], input[1] / (block * block), input[2] * block, input[3] * block]
    },
    "SpaceToDepth": { call in
      let input = try call.shape(0, rank: 4)
      let block = try blockSize(call)
      return [input[0], input[1] * block * block, input[2] / block, input[3] / block]
    },
    "Resize": resize,
    "Upsample": resize,
  ]

  private static func blockSize(_ call: OperatorCall) throws -> Int {
    guard let size = call.integer("blocksize"), (1...1 << 14).contains(size) else {
      throw call.failure("its blocksize is not a positive number")
    }
    return size
  }

  /// The input's axis for each axis of the output.
  static func permutation(_ call: OperatorCall) throws -> [Int] {
    let rank = try call.shape(0).count
    let permutation = try call.axes(call.integers("perm") ?? (0..<rank).reversed(), rank: rank)
    guard permutation.count == rank else {
      throw call.failure("its perm \(permutation) doesn't name each of \(rank) axes")
    }
    return permutation
  }

  /// In the requested shape, 0 copies the input's axis (unless `allowzero`), and -1 is inferred.
  private static func reshape(_ call: OperatorCall) throws -> [Int] {
    let input = try call.shape(0)
    guard var result = try call.integers("shape", orInput: 1) else { throw call.failure("its shape is missing") }
    let asked = result
    if call.integer("allowzero") ?? 0 == 0 {
      for axis in result.indices where result[axis] == 0 {
        guard axis < input.count else { throw call.failure("an input of \(input) has no axis \(axis) to keep") }
        result[axis] = input[axis]
      }
    }
    let count = ONNXLimit.elementCount(input) ?? -1
    if let open = result.firstIndex(of: -1) {
      result[open] = 1
      let known = ONNXLimit.elementCount(result) ?? 0
      result[open] = known > 0 && count >= 0 ? count / known : -1
    }
    guard ONNXLimit.elementCount(result) == count else {
      throw call.failure("an input of \(input) can't be reshaped to \(asked)")
    }
    return result
  }

  /// The elements that a slice selects along one axis.
  struct Cut {
    var axis: Int
    var start: Int
    var step: Int
    var count: Int
  }

  static func cuts(_ call: OperatorCall) throws -> [Cut] {
    let input = try call.shape(0)
    guard let starts = try call.integers("starts", orInput: 1), let ends = try call.integers("ends", orInput: 2) else {
      throw call.failure("its starts or ends are missing")
    }
    let axes = try call.axes(call.integers("axes", orInput: 3) ?? Array(starts.indices), rank: input.count)
    let steps = try call.integers(4, "steps") ?? [Int](repeating: 1, count: starts.count)
    guard [ends.count, axes.count, steps.count].allSatisfy({ $0 == starts.count }), !steps.contains(0) else {
      throw call.failure("its starts, ends, axes and steps don't match")
    }
    return axes.indices.map { position in
      let extent = input[axes[position]]
      let step = steps[position]
      func place(_ bound: Int, from least: Int, to most: Int) -> Int {
        max(least, min(most, bound < 0 ? bound + extent : bound))
      }
      // With a negative step, a slice ends before the first element at the earliest, and starts at the last one at
      // the latest.
      let start = place(starts[position], from: 0, to: step > 0 ? extent : extent - 1)
      let end = place(ends[position], from: step > 0 ? 0 : -1, to: extent)
      let distance = step > 0 ? end - start : start - end
      return Cut(
        axis: axes[position], start: start, step: step,
        count: extent > 0 ? max(0, (distance + abs(step) - 1) / abs(step)) : 0)
    }
  }

  /// The extents of a split's outputs along its axis.
  static func split(_ call: OperatorCall, outputs: Int) throws -> (axis: Int, extents: [Int]) {
    let input = try call.shape(0)
    let axis = try call.axis(call.integer("axis") ?? 0, rank: input.count)
    if let extents = try call.integers("split", orInput: 1) {
      guard extents.count == outputs, extents.reduce(0, +) == input[axis] else {
        throw call.failure("an axis of \(input[axis]) can't be split into \(extents)")
      }
      return (axis, extents)
    }
    // The parts are equal, and the last one is smaller if the division has a remainder.
    let parts = call.integer("num_outputs") ?? outputs
    guard parts > 0, parts >= outputs else { throw call.failure("an axis can't be split into \(parts) parts") }
    let extent = (input[axis] + parts - 1) / parts
    return (axis, (0..<outputs).map { max(0, min(extent, input[axis] - $0 * extent)) })
  }

  /// The sizes that are given, or floor(n scale) for given factors.
  private static func resize(_ call: OperatorCall) throws -> [Int] {
    let input = try call.shape(0)
    // Upsample and the first version of Resize have no region of interest before the factors.
    let scalesInput = call.operatorSetVersion < 11 || call.node.opType == "Upsample" ? 1 : 2
    let axes = try call.axes(call.integers("axes") ?? Array(input.indices), rank: input.count)
    var result = input
    if let sizes = try call.integers(3, "sizes"), !sizes.isEmpty {
      guard sizes.count == axes.count else { throw call.failure("its sizes are \(sizes)") }
      let policy = call.text("keep_aspect_ratio_policy") ?? "stretch"
      let factors = zip(axes, sizes).map { Double($1) / Double(max(input[$0], 1)) }
      let common = policy == "not_larger" ? factors.min() : policy == "not_smaller" ? factors.max() : nil
      for (axis, size) in zip(axes, sizes) {
        result[axis] = common.map { Int(clamping: (Double(input[axis]) * $0 + 0.5).rounded(.down)) } ?? size
      }
      return result
    }
    guard let scales = try call.numbers("scales") ?? call.numbers(scalesInput, "scales"), scales.count == axes.count,
      scales.allSatisfy({ $0 > 0 && $0 <= ONNXLimit.extent })
    else { throw call.failure("it has neither sizes nor a factor for each axis") }
    for (axis, scale) in zip(axes, scales) {
      result[axis] = Int(clamping: (Double(input[axis]) * scale).rounded(.down))
    }
    return result
  }
}
