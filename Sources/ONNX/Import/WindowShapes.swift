import Core

/// The output sizes of convolutions and poolings, by the formulas of ONNX's operator pages (Conv, ConvTranspose,
/// MaxPool).
///
/// For an input of n positions along an axis, a window of k positions with dilation d, a stride s and padding p and
/// q:
///
/// | | output positions |
/// | --- | --- |
/// | convolution, pooling | floor((n + p + q - d (k - 1) - 1) / s) + 1 |
/// | with `ceil_mode` | the same with ceil, without a window that begins behind the input and p |
/// | with `auto_pad` SAME | ceil(n / s) |
/// | transposed convolution | s (n - 1) + d (k - 1) + 1 + r - p - q, r the output's padding |
/// | with `auto_pad` SAME | s n |
struct Window {
  let kernel: [Int]
  let strides: [Int]
  let dilations: [Int]
  /// The padding at the begin of each axis, then at the end of each.
  let pads: [Int]
  let isSamePadded: Bool

  /// - Parameter weights: The shape of a convolution's weights, which gives the kernel if no attribute does.
  init(_ call: OperatorCall, rank: Int, weights: [Int]? = nil) throws {
    guard rank == 1 || rank == 2 else {
      throw call.failure(
        "its windows have \(rank) axes", remedy: "Only networks with one or two spatial axes can be imported.")
    }
    guard let kernel = call.integers("kernel_shape") ?? weights.map({ Array($0.dropFirst(2)) }) else {
      throw call.failure("its kernel_shape is missing")
    }
    self.kernel = kernel
    strides = call.integers("strides") ?? [Int](repeating: 1, count: rank)
    dilations = call.integers("dilations") ?? [Int](repeating: 1, count: rank)
    let padding = call.text("auto_pad") ?? "NOTSET"
    isSamePadded = padding.hasPrefix("SAME")
    let none = [Int](repeating: 0, count: 2 * rank)
    pads = padding == "NOTSET" ? call.integers("pads") ?? none : none
    for (name, values, least) in [
      ("kernel_shape", kernel, 1), ("strides", strides, 1), ("dilations", dilations, 1),
    ] where values.count != rank || values.contains(where: { $0 < least || $0 > Self.limit }) {
      throw call.failure(
        "its \(name) are \(values)", remedy: "Give a positive number for each of \(rank) axes.")
    }
    guard pads.count == 2 * rank, pads.allSatisfy({ abs($0) <= Self.limit }) else {
      throw call.failure("its pads are \(pads)", remedy: "Give two for each of \(rank) axes.")
    }
  }

  /// The limit keeps products of two numbers far from overflow.
  private static let limit = 1 << 24

  private func extent(_ axis: Int) -> Int { dilations[axis] * (kernel[axis] - 1) + 1 }

  /// The output positions of a convolution or pooling.
  func slide(over input: [Int], roundsUp: Bool, _ call: OperatorCall) throws -> [Int] {
    try input.enumerated().map { axis, positions in
      let stride = strides[axis]
      if isSamePadded { return (positions + stride - 1) / stride }
      let begin = pads[axis]
      let room = positions + begin + pads[axis + kernel.count] - extent(axis)
      guard room >= 0 else {
        throw call.failure(
          "its window of \(kernel.map(String.init).joined(separator: "x")) is larger than its input of "
            + input.map(String.init).joined(separator: "x"))
      }
      guard roundsUp else { return room / stride + 1 }
      let steps = (room + stride - 1) / stride
      return steps * stride >= positions + begin ? steps : steps + 1
    }
  }

  /// The output positions of a transposed convolution.
  func spread(_ input: [Int], _ call: OperatorCall) throws -> [Int] {
    if let asked = call.integers("output_shape") {
      guard asked.count >= input.count else { throw call.failure("its output_shape is \(asked)") }
      return asked.suffix(input.count)
    }
    let padding = call.integers("output_padding") ?? [Int](repeating: 0, count: input.count)
    guard padding.count == input.count, padding.allSatisfy({ abs($0) <= Self.limit }) else {
      throw call.failure("its output_padding is \(padding)")
    }
    return input.enumerated().map { axis, positions in
      if isSamePadded { return strides[axis] * positions }
      return strides[axis] * (positions - 1) + extent(axis) + padding[axis] - pads[axis] - pads[axis + kernel.count]
    }
  }
}

extension ShapeRules {
  static let windows: [String: Rule] = [
    "Conv": { call in try convolution(call, transposed: false) },
    "ConvTranspose": { call in try convolution(call, transposed: true) },
    "MaxPool": pooling, "AveragePool": pooling, "LpPool": pooling,
    "GlobalAveragePool": globalPooling, "GlobalMaxPool": globalPooling, "GlobalLpPool": globalPooling,
  ]

  /// The input is [N, I, positions...]; the weights are [O, I/g, kernel...], or [I, O/g, kernel...] when transposed.
  private static func convolution(_ call: OperatorCall, transposed: Bool) throws -> [Int] {
    let input = try call.shape(0, rank: 3)
    let weights = try call.shape(1, rank: 3)
    let groups = call.integer("group") ?? 1
    let window = try Window(call, rank: input.count - 2, weights: weights)
    guard weights.count == input.count, window.kernel == Array(weights.dropFirst(2)), groups > 0,
      transposed ? weights[0] == input[1] : weights[1] * groups == input[1]
    else {
      throw call.failure(
        "weights of the shape \(weights) in \(groups) \(groups == 1 ? "group" : "groups") don't fit an input of "
          + "\(input)"
      )
    }
    let positions = Array(input.dropFirst(2))
    return transposed
      ? [input[0], weights[1] * groups] + (try window.spread(positions, call))
      : [input[0], weights[0]] + (try window.slide(over: positions, roundsUp: false, call))
  }

  private static func pooling(_ call: OperatorCall) throws -> [Int] {
    let input = try call.shape(0, rank: 3)
    return try input.prefix(2)
      + Window(call, rank: input.count - 2)
      .slide(over: Array(input.dropFirst(2)), roundsUp: call.integer("ceil_mode") == 1, call)
  }

  private static func globalPooling(_ call: OperatorCall) throws -> [Int] {
    let input = try call.shape(0, rank: 3)
    return input.enumerated().map { $0.offset < 2 ? $0.element : 1 }
  }
}
