extension PredictorArchive {
  /// Stores trees in four bytes for each node and four more for each leaf.
  ///
  /// - Parameters:
  ///   - name: The prefix of the tensors' names; empty for none.
  ///   - thresholds: For each column the thresholds that the trees may use, ascending, at most 255.
  mutating func setTrees(_ name: String, _ trees: [RegressionTree], thresholds: [[Double]]) {
    setTensor(name + "thresholdCounts", thresholds.map { Int32($0.count) })
    setTensor(name + "thresholds", thresholds.flatMap { $0 })
    let nodes = trees.flatMap(\.nodes)
    setTensor(name + "treeSizes", trees.map { Int32($0.nodes.count) })
    // The column and the number of the threshold in one integer; -1 for a leaf.
    setTensor(
      name + "questions",
      nodes.map { node -> Int32 in
        guard let column = node.column else { return -1 }
        return column << 8 | Int32(BinnedTable.bin(node.threshold, thresholds[Int(column)]))
      })
    setTensor(name + "leaves", nodes.lazy.filter { $0.column == nil }.map(\.value))
  }

  /// The trees under a prefix, and the thresholds of their columns.
  /// - Throws: `InputError` when tensors are missing, or are no trees.
  func trees(_ name: String) throws -> (trees: [RegressionTree], thresholds: [[Double]]) {
    let values = try doubles(name + "thresholds")
    var start = 0
    var thresholds: [[Double]] = []
    for count in try integers(name + "thresholdCounts") {
      let end = start + Int(count)
      guard count >= 0, end <= values.count else { throw damage("thresholds of trees are missing") }
      let cuts = values[start..<end]
      guard cuts.count < BinnedTable.mostBins, zip(cuts, cuts.dropFirst()).allSatisfy({ $0 <= $1 }) else {
        throw damage("thresholds of trees are too many or not in order")
      }
      thresholds.append(Array(cuts))
      start = end
    }
    guard start == values.count else { throw damage("thresholds of trees belong to no column") }
    let questions = try integers(name + "questions")
    var leaves = try singles(name + "leaves")[...]
    start = 0
    var trees: [RegressionTree] = []
    for size in try integers(name + "treeSizes") {
      let end = start + Int(size)
      guard size > 0, end <= questions.count,
        let tree = RegressionTree(questions: questions[start..<end], thresholds: thresholds, leaves: &leaves)
      else { throw damage("a tree is damaged") }
      trees.append(tree)
      start = end
    }
    if trees.isEmpty { throw damage("the trees are missing") }
    guard start == questions.count, leaves.isEmpty else { throw damage("a tree is missing") }
    return (trees, thresholds)
  }
}

extension RegressionTree {
  /// Nil if the questions are not a tree in preorder, or leaves are missing.
  init?(questions: ArraySlice<Int32>, thresholds: [[Double]], leaves: inout ArraySlice<Float>) {
    var nodes: [Node] = []
    // The nodes whose left subtree is being read.
    var open: [Int] = []
    var missing = 1
    for question in questions {
      guard missing > 0 else { return nil }
      missing += question >= 0 ? 1 : -1
      if question >= 0 {
        let column = Int(question >> 8)
        let number = Int(question & 255)
        guard column < thresholds.count, number < thresholds[column].count else { return nil }
        open.append(nodes.count)
        nodes.append(Node(column: Int32(column), threshold: thresholds[column][number]))
      } else {
        guard let value = leaves.popFirst() else { return nil }
        nodes.append(Node(value: value))
        // The next node is the right child of the last open node.
        if let parent = open.popLast() { nodes[parent].right = Int32(nodes.count) }
      }
    }
    guard missing == 0 else { return nil }
    self.nodes = nodes
  }
}
