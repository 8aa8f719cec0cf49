/// How far measuring is, for whoever watches.
public struct MeasuringProgress: Sendable {
  /// From 0 to 1.
  public var fraction: Double
  /// What goes on, in a few words: the round, the median so far, who is being waited for.
  public var note: String
}
