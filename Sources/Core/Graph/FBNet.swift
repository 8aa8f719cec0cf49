/// The search space of FBNet (Wu and others, 2019) as graphs: 22 places in a row, each with one of nine blocks.
///
/// A block is an inverted residual: a 1x1 convolution that expands the channels, a depthwise convolution, and a 1x1
/// convolution back; or nothing. Its name, such as `k5_e6` or `k3_e1_g2`, has the depthwise kernel, the expansion and
/// the groups of the 1x1 convolutions.
public enum FBNet {
  /// The nine blocks, sorted by name.
  public static let blocks = [
    "k3_e1", "k3_e1_g2", "k3_e3", "k3_e6", "k5_e1", "k5_e1_g2", "k5_e3", "k5_e6", "skip",
  ]

  /// The output channels and stride of each place (FBNet, Table 1).
  static let places: [(channels: Int, stride: Int)] =
    [(16, 1)] + stage(24, stride: 2) + stage(32, stride: 2) + stage(64, stride: 2) + stage(112, stride: 1)
    + stage(184, stride: 2) + [(352, 1)]

  private static func stage(_ channels: Int, stride: Int) -> [(channels: Int, stride: Int)] {
    [(channels, stride)] + Array(repeating: (channels, 1), count: 3)
  }

  /// The height and width of the first place's input, for images of 224x224.
  static let firstSize = 112
  static let firstChannels = 16

  /// The operation of a block in graphs.
  public static func operation(_ block: String) -> NetworkOperation { NetworkOperation(rawValue: "fbnet_" + block) }

  /// The numbers in a block's name.
  struct Settings: Hashable {
    var kernel: Int
    var expansion: Int
    var groups: Int

    /// The result is nil for `skip`, for operations that are not blocks, and for numbers that nodes don't allow.
    init?(_ operation: NetworkOperation) {
      let name = operation.rawValue
      guard name.hasPrefix("fbnet_k") else { return nil }
      let parts = name.dropFirst("fbnet_".count).split(separator: "_")
      guard parts.count >= 2, let kernel = Int(parts[0].dropFirst()), let expansion = Int(parts[1].dropFirst())
      else { return nil }
      self.kernel = kernel
      self.expansion = expansion
      groups = parts.count > 2 ? Int(parts[2].dropFirst()) ?? 1 : 1
      guard [kernel, expansion, groups].allSatisfy({ 1..<Int(Int32.max) ~= $0 }) else { return nil }
    }
  }

  /// A network as a graph of 24 nodes: the input, the 22 blocks in a row, the output. A node has its block's kernel and
  /// groups, and the place's stride, channels and output size.
  ///
  /// ```swift
  /// let graph = try FBNet.graph(Array(repeating: "k3_e6", count: 22), id: "all alike")
  /// ```
  /// - Throws: `InputError` unless these are 22 of the nine blocks.
  public static func graph(
    _ names: [String], id: String, properties: [String: Double] = [:]
  ) throws -> NetworkGraph {
    guard names.count == places.count else {
      throw InputError("an FBNet has \(places.count) blocks, not \(names.count)")
    }
    if let unknown = names.first(where: { !blocks.contains($0) }) {
      throw InputError(
        "\"\(unknown)\" is not a block of FBNet",
        remedy: InputError.remedy(unknown: unknown, among: blocks, called: "blocks"))
    }
    var nodes = [Node(.input, outputChannels: firstChannels, height: firstSize, width: firstSize)]
    var size = firstSize
    var channels = firstChannels
    for (name, place) in zip(names, places) {
      size /= place.stride
      let settings = Settings(operation(name))
      nodes.append(
        Node(
          operation(name), kernel: settings?.kernel, stride: place.stride, inputChannels: channels,
          outputChannels: place.channels, height: size, width: size, groups: settings?.groups))
      channels = place.channels
    }
    nodes.append(Node(.output))
    return NetworkGraph(
      uncheckedID: id, nodes: nodes, edges: nodes.indices.dropLast().map { Edge($0, $0 + 1) }, properties: properties)
  }

  /// Reads a CSV file with the 22 blocks of a network in each row, separated by spaces.
  ///
  /// - Throws: `InputError` at file, line and column of the invalid input.
  public static func load(
    _ path: String, idColumn: String = "arch", blocksColumn: String = "blocks"
  ) throws -> [NetworkGraph] {
    try graphs(CSVTable.read(path), idColumn: idColumn, blocksColumn: blocksColumn)
  }

  /// The graphs of a table that has been read.
  public static func graphs(
    _ table: CSVTable, idColumn: String = "arch", blocksColumn: String = "blocks"
  ) throws -> [NetworkGraph] {
    let ids = try table.index(of: idColumn)
    let blocks = try table.index(of: blocksColumn)
    return try table.rows.map { row in
      do {
        return try graph(row[blocks].split(separator: " ").map(String.init), id: row[ids])
      } catch let error as InputError {
        throw error.at(table.place(of: row, column: blocks))
      }
    }
  }
}
