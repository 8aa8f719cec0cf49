extension KernelTable {
  /// Stores the table in some 30 bytes for each node of a kernel.
  func write(to archive: inout PredictorArchive) throws {
    var operations: [NetworkOperation] = []
    var numbers: [Int32] = []
    for node in kernels.lazy.flatMap(\.nodes) {
      let operation = operations.firstIndex(of: node.operation) ?? operations.count
      if operation == operations.count { operations.append(node.operation) }
      let given = NodeAttribute.allCases.filter { node[$0] != nil }
      // The operation, and a bit for each attribute that follows.
      numbers.append(Int32(operation) << 8 | given.reduce(0) { $0 | 1 << Int32($1.lane) })
      numbers += given.map { Int32(clamping: node[$0] ?? 0) }
    }
    try archive.set("operations", to: operations)
    try archive.set("timeUnit", to: unit)
    archive.setTensor("kernelSizes", kernels.map { Int32($0.nodes.count) })
    archive.setTensor("kernels", numbers)
    archive.setTensor("times", times)
  }

  /// - Throws: `InputError` when entries are missing or damaged.
  init(reading archive: PredictorArchive) throws {
    // Files of earlier versions have the table as one value.
    if archive.contains("table") {
      self = try archive.value("table")
      return
    }
    self.init(unit: try archive.value("timeUnit"))
    let operations = try archive.value("operations", as: [NetworkOperation].self)
    var numbers = try archive.integers("kernels")[...]
    let times = try archive.doubles("times")
    let sizes = try archive.integers("kernelSizes")
    guard sizes.count == times.count else { throw archive.damage("the kernels' times are missing") }
    for (size, time) in zip(sizes, times) {
      guard size > 0, Int(size) <= numbers.count else { throw archive.damage("a kernel is damaged") }
      var nodes: [Node] = []
      for _ in 0..<size {
        guard let first = numbers.popFirst(), first >= 0, operations.indices.contains(Int(first >> 8)) else {
          throw archive.damage("an operation of a kernel is damaged")
        }
        var node = Node(operations[Int(first >> 8)])
        for attribute in NodeAttribute.allCases where first & 1 << Int32(attribute.lane) != 0 {
          guard let value = numbers.popFirst() else { throw archive.damage("an attribute of a kernel is missing") }
          node[attribute] = Int(value)
        }
        if node.hasInvalidAttribute { throw archive.damage("an attribute of a kernel is damaged") }
        nodes.append(node)
      }
      do {
        try add(Kernel(nodes), time)
      } catch let error as InputError {
        throw archive.damage(error.cause)
      }
    }
  }
}
