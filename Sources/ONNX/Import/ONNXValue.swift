import Core

/// What is known of a tensor that flows through an ONNX graph, without running it.
struct ONNXValue {
  /// Where its elements come from.
  enum Origin: Equatable {
    /// Weights, other constants, and what depends on nothing but these and the shapes of tensors.
    case constant(ConstantArray?)
    /// A node of the network.
    case node(Int)
  }

  /// The extents of its axes; nil where they aren't known, which is an error only if something needs them.
  var shape: [Int]?
  var origin: Origin
  /// The axis that counts channels: the second, unless a matrix product or a transposition put them elsewhere.
  var channelAxis = 1
  /// What errors call the node that gives a constant; nil where the file has it as it is.
  var maker: String?

  var node: Int? {
    if case .node(let index) = origin { index } else { nil }
  }

  /// The elements, where they are constant and few.
  var constant: ConstantArray? {
    if case .constant(let array) = origin { array } else { nil }
  }
}

/// A tensor's extents in the words of a node's attributes.
///
/// Their product is always the number of elements of one sample: further axes before the width count as height.
struct FeatureMapSize: Hashable {
  var channels = 1
  var height = 1
  var width = 1

  /// - Parameter batch: How many samples the first axis holds.
  init(_ shape: [Int], channelAxis: Int, batch: Int) {
    guard var first = shape.first else { return }
    if shape.count == 1 {
      channels = first
      return
    }
    if first % batch == 0 { first /= batch }
    let axis = shape.indices.contains(channelAxis) ? channelAxis : 1
    channels = axis == 0 ? first : shape[axis]
    let positions = shape.indices.dropFirst().filter { $0 != axis }.map { shape[$0] }
    if positions.count > 1 { width = positions.last ?? 1 }
    height = positions.dropLast(positions.count > 1 ? 1 : 0).reduce(axis == 0 ? 1 : first, *)
  }

  var elements: Int { channels * height * width }
}
