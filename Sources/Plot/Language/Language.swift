/// The language of a chart's fixed words.
public enum Language: String, Codable, Hashable, Sendable, CaseIterable {
  case english = "en"
  case chinese = "zh-Hans"

  /// The language for a BCP 47 tag: Chinese for any tag of Chinese, English for all else.
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

  /// What stands between two sentences.
  var sentenceSpace: String {
    self == .chinese ? "" : " "
  }

  /// What stands between the parts of an enumeration.
  var listSeparator: String {
    self == .chinese ? "、" : ", "
  }
}
