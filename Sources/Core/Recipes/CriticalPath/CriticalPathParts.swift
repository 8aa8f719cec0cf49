/// The parts of the model of `CriticalPath` beside the sums over all nodes.
public struct CriticalPathParts: OptionSet, Codable, Hashable, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The longest path.
  public static let span = CriticalPathParts(rawValue: 1)
  /// The pairs of nodes that can run at the same time; only with `span`.
  public static let pairs = CriticalPathParts(rawValue: 2)
  /// The nodes whose results nobody uses.
  public static let unused = CriticalPathParts(rawValue: 4)

  /// The combinations that make sense, the smallest first.
  static let combinations: [CriticalPathParts] = [
    [], [.unused], [.span], [.span, .unused], [.span, .pairs], [.span, .pairs, .unused],
  ]
}
