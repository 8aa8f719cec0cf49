/// The progress of measuring, for observers.
public struct MeasuringProgress: Sendable {
  /// The completed fraction, from 0 to 1.
  public var fraction: Double
  /// The current activity in a few words: the round, the median of the models' medians so far, or the reason for
  /// waiting.
  public var note: String
}
