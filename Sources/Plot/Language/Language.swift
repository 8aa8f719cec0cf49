/// The language of a chart's fixed words.
public enum Language: String, Codable, Hashable, Sendable, CaseIterable {
  case english = "en"
  case chinese = "zh-Hans"

  /// The language for a BCP 47 tag: Chinese for any Chinese tag, English for all others.
  public init(tag: String) {
    let primary = tag.lowercased().prefix { $0 != "-" && $0 != "_" }
    self = primary == "zh" ? .chinese : .english
  }

  func text(of term: Term) -> String {
    switch self {
    case .english: term.english
    case .chinese: term.chinese
    }
  }

  /// A date in the language's notation.
  func text(of time: CivilTime, format: DateFormat) -> String {
    switch self {
    case .english: time.english(format)
    case .chinese: time.chinese(format)
    }
  }

  /// The decimal separator, and the separator of groups of three digits.
  var numberSeparators: (decimal: Character, group: String) {
    switch self {
    case .english, .chinese: (".", ",")
    }
  }

  /// The mark at the end of a sentence.
  var fullStop: String {
    self == .chinese ? "。" : "."
  }

  /// The text between two sentences.
  var sentenceSpace: String {
    self == .chinese ? "" : " "
  }

  /// The separator of the items of a list.
  var listSeparator: String {
    self == .chinese ? "、" : ", "
  }
}
