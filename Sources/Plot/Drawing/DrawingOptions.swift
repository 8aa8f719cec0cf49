/// Choices that are made when a chart is drawn, not when it is composed.
public struct DrawingOptions: Hashable, Sendable {
  /// BCP 47 tag of the reader's language, for the fixed words: "en", "zh-Hans".
  public var language: String
  /// Font families in order of preference, as fontconfig names them; others fill in for characters they lack.
  public var fontFamilies: [String]

  public init(language: String = "en", fontFamilies: [String] = ["Noto Sans", "Noto Sans CJK SC", "DejaVu Sans"]) {
    self.language = language
    self.fontFamilies = fontFamilies
  }
}
