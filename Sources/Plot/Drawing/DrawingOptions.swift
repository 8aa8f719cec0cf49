/// Options of drawing a chart that are independent of its composition.
public struct DrawingOptions: Hashable, Sendable {
  /// The BCP 47 tag of the reader's language, for the fixed words: "en", "zh-Hans".
  public var language: String
  /// Font families in order of preference, by their names in fontconfig. Other fonts are used for characters that
  /// they lack.
  public var fontFamilies: [String]

  public init(language: String = "en", fontFamilies: [String] = ["Noto Sans", "Noto Sans CJK SC", "DejaVu Sans"]) {
    self.language = language
    self.fontFamilies = fontFamilies
  }
}
