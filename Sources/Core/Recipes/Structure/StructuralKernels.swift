import Numerics

/// Kernels between networks: several measures of the similarity of two networks.
///
/// For aligned networks with p places, e of which have the same node: *additive* is e / p; *pairs* is e (e - 1) / (p
/// (p - 1)); *product* is exp(c (e - p)) with c = 4.8 / p; *counts* is the product of the operations' fractions;
/// *neighbourhood* is the sum over places i, j of exp(-|i - j| / 3) times the similarity of their operations, divided
/// by 2 p; *work* is the product of the scaled numbers divided by their count. For others with q scaled sums s:
/// additive is s s' / q; pairs is its square; product is exp(-|s - s'|^2 / (2 q)); neighbourhood is 0; counts and
/// work are as above.
struct StructuralKernels {
  let features: StructuralFeatures
  /// The values exp(c (e - p)) for e from 0 to p.
  private let products: [Double]
  /// The values exp(-d / 3) for distances d from 0 to p - 1.
  private let decay: [Double]

  init(_ features: StructuralFeatures) {
    self.features = features
    let count = features.positions.count
    products = (0...count).map { CorrectlyRounded.exp(4.8 / Double(max(count, 1)) * Double($0 - count)) }
    decay = (0..<max(count, 1)).map { CorrectlyRounded.exp(-Double($0) / 3) }
  }

  /// The number of kernels of a source device's function: additive, pairs, product, counts.
  static let sourceKernelCount = 4
  /// The number of kernels of the target: additive, product, counts, neighbourhood, work.
  static let targetKernelCount = 5

  /// The weighted sum of the source kernels between each of `rows` and all `anchors`, times `factors` (one for each
  /// anchor): the value of the function.
  func function(
    of rows: StructuralRows, anchors: StructuralRows, weights: [Double], factors: [Double], threads: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: rows.count)
    let team = ThreadTeam(threads)
    let block = 256
    result.withUnsafeMutableBufferPointer { result in
      let result = result
      team.forEach((rows.count + block - 1) / block) { part, _ in
        var values = [Double](repeating: 0, count: anchors.count)
        for row in part * block..<min((part + 1) * block, rows.count) {
          sourceKernel(rows, row, anchors, weights: weights, into: &values)
          var sum = 0.0
          for anchor in 0..<anchors.count { sum += factors[anchor] * values[anchor] }
          result[row] = sum
        }
      }
    }
    return result
  }

  /// The weighted sum of the source kernels between one row and all anchors.
  private func sourceKernel(
    _ rows: StructuralRows, _ row: Int, _ anchors: StructuralRows, weights: [Double], into values: inout [Double]
  ) {
    var parts = [[Double]](repeating: values, count: Self.sourceKernelCount)
    sourceKernels(rows, row, anchors, into: &parts)
    for anchor in 0..<anchors.count {
      values[anchor] =
        weights[0] * parts[0][anchor] + weights[1] * parts[1][anchor] + weights[2] * parts[2][anchor]
        + weights[3] * parts[3][anchor]
    }
  }

  /// The source kernels between one row and all anchors.
  func sourceKernels(
    _ rows: StructuralRows, _ row: Int, _ anchors: StructuralRows, into parts: inout [[Double]]
  ) {
    let (additive, pairs, product) = likeness(rows, row, anchors)
    parts[0] = additive
    parts[1] = pairs
    parts[2] = product
    parts[3] = Self.products(rows.counts, row, anchors.counts, width: rows.operationCount, count: anchors.count)
  }

  /// The target kernels between one row and all anchors.
  func targetKernels(_ rows: StructuralRows, _ row: Int, _ anchors: StructuralRows) -> [[Double]] {
    let (additive, _, product) = likeness(rows, row, anchors)
    let positions = Double(max(rows.positionCount, 1))
    let counts = Self.products(rows.counts, row, anchors.counts, width: rows.operationCount, count: anchors.count)
    let scale = 1 / Double(max(rows.numberCount, 1))
    let work = Self.products(rows.numbers, row, anchors.numbers, width: rows.numberCount, count: anchors.count)
    return [
      additive, product, counts.map { $0 * positions }, neighbourhood(rows, row, anchors), work.map { $0 * scale },
    ]
  }

  private static func products(
    _ left: [Double], _ row: Int, _ right: [Double], width: Int, count: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        for anchor in 0..<count {
          var sum = 0.0
          for column in 0..<width { sum += left[row * width + column] * right[anchor * width + column] }
          result[anchor] = sum
        }
      }
    }
    return result
  }

  /// The additive, pair and product kernels.
  private func likeness(
    _ rows: StructuralRows, _ row: Int, _ anchors: StructuralRows
  ) -> (additive: [Double], pairs: [Double], product: [Double]) {
    let count = anchors.count
    var additive = [Double](repeating: 0, count: count)
    var pairs = additive
    var product = additive
    let width = rows.positionCount
    guard features.nodeCount == nil else {
      let positions = Double(max(width, 1))
      let couples = Double(max(width * (width - 1), 1))
      rows.symbols.withUnsafeBufferPointer { left in
        anchors.symbols.withUnsafeBufferPointer { right in
          for anchor in 0..<count {
            var equal = 0
            for position in 0..<width {
              let symbol = left[row * width + position]
              equal += symbol == right[anchor * width + position] && symbol >= 0 ? 1 : 0
            }
            additive[anchor] = Double(equal) / positions
            pairs[anchor] = Double(equal * (equal - 1)) / couples
            product[anchor] = products[equal]
          }
        }
      }
      return (additive, pairs, product)
    }
    let numbers = rows.numberCount
    let scale = Double(max(numbers, 1))
    for anchor in 0..<count {
      var sum = 0.0
      var distance = 0.0
      for column in 0..<numbers {
        let left = rows.numbers[row * numbers + column]
        let right = anchors.numbers[anchor * numbers + column]
        sum += left * right
        distance += (left - right) * (left - right)
      }
      additive[anchor] = sum / scale
      pairs[anchor] = sum / scale * (sum / scale)
      product[anchor] = CorrectlyRounded.exp(-distance / (2 * scale))
    }
    return (additive, pairs, product)
  }

  /// The neighbourhood kernel: similar operations count by their distance.
  private func neighbourhood(_ rows: StructuralRows, _ row: Int, _ anchors: StructuralRows) -> [Double] {
    let width = rows.positionCount
    let kinds = features.operations.count
    // The contribution of each operation at each place of an anchor, given this row.
    var table = [Double](repeating: 0, count: width * kinds)
    for place in 0..<width {
      for other in 0..<width {
        let kind = Int(rows.kinds[row * width + other])
        guard kind >= 0 else { continue }
        let weight = decay[abs(place - other)]
        for operation in 0..<kinds {
          table[place * kinds + operation] += weight * features.similarity[kind * kinds + operation]
        }
      }
    }
    return (0..<anchors.count).map { anchor in
      var sum = 0.0
      for place in 0..<width {
        let kind = Int(anchors.kinds[anchor * width + place])
        if kind >= 0 { sum += table[place * kinds + kind] }
      }
      return sum / Double(max(2 * width, 1))
    }
  }
}
