/// Encodes a tree as four arrays.
extension RegressionTree: Codable {
  private enum Key: String, CodingKey { case columns, thresholds, rights, values }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let columns = try container.decode([Int32].self, forKey: .columns)
    let thresholds = try container.decode([Double].self, forKey: .thresholds)
    let rights = try container.decode([Int32].self, forKey: .rights)
    let values = try container.decode([Float].self, forKey: .values)
    // Children must have greater indices than their parent, so that there are no cycles.
    guard !columns.isEmpty, [thresholds.count, rights.count, values.count].allSatisfy({ $0 == columns.count }),
      columns.indices.allSatisfy({
        columns[$0] < 0 || ($0 + 1 < columns.count && rights[$0] > $0 && Int(rights[$0]) < columns.count)
      })
    else {
      throw DecodingError.dataCorruptedError(forKey: .columns, in: container, debugDescription: "the tree is damaged")
    }
    self.init(
      nodes: columns.indices.map { place in
        Node(
          column: columns[place] < 0 ? nil : columns[place], threshold: thresholds[place], right: rights[place],
          value: values[place])
      })
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(nodes.map { $0.column ?? -1 }, forKey: .columns)
    try container.encode(nodes.map(\.threshold), forKey: .thresholds)
    try container.encode(nodes.map(\.right), forKey: .rights)
    try container.encode(nodes.map(\.value), forKey: .values)
  }
}
