import Core

/// The knowledge about a tensor in an ONNX graph without running it.
struct ONNXValue {
  /// The origin of its elements.
  enum Origin: Equatable {
    /// The elements depend only on weights, other constants and the shapes of tensors.
    case constant(ConstantArray?)
    /// A node of the network.
    case node(Int)
  }

  /// The extents of its axes; nil if they are unknown, which is an error only if they are needed.
  var shape: [Int]?
  var origin: Origin
  /// The axis of the channels: the second, unless a matrix product or a transposition moved them.
  var channelAxis = 1
  /// The title in errors of the node that computed a constant; nil if the file contains it directly.
  var maker: String?

  var node: Int? {
    if case .node(let index) = origin { index } else { nil }
  }

  /// The elements if they are constant and few.
  var constant: ConstantArray? {
    if case .constant(let array) = origin { array } else { nil }
  }
}

/// The extents of a tensor as attributes of a node.
///
/// Their product is always the number of elements of one sample: further axes before the width count as height.
struct FeatureMapSize: Hashable {
  var channels = 1
  var height = 1
  var width = 1

  /// - Parameter batch: The number of samples in the first axis.
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
