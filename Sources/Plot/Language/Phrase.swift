/// A text in a chart or table: the author's own words, or a fixed term, which is translated into the reader's
/// language when it is drawn.
///
/// ```swift
/// let own: Phrase = "lr 0.001"
/// let fixed = Phrase(.epoch)          // "epoch" or "轮次"
/// let filled = Phrase(.bestEpoch, .number(241, .integer))
/// ```
public enum Phrase: Codable, Hashable, Sendable {
  case words(String)
  case term(Term, [Argument])

  /// The values for `{0}`, `{1}`, ... of a term.
  public indirect enum Argument: Codable, Hashable, Sendable {
    case number(Double, NumberFormat)
    /// A point in time in seconds since 1970 in UTC.
    case date(Double, DateFormat)
    case phrase(Phrase)
  }

  public init(_ term: Term, _ arguments: Argument...) {
    self = .term(term, arguments)
  }

  /// A number in the reader's notation.
  public static func number(_ value: Double, _ format: NumberFormat = .automatic) -> Phrase {
    Phrase(.value, .number(value, format))
  }

  /// A point in time, in seconds since 1970, UTC.
  public static func date(_ seconds: Double, _ format: DateFormat = .date) -> Phrase {
    Phrase(.value, .date(seconds, format))
  }

  /// A list such as "a, b, c"; empty for an empty list.
  static func list(_ phrases: [Phrase]) -> Phrase {
    guard let first = phrases.first else { return "" }
    // A stored phrase may have only a few hundred levels, so a long list is divided into halves.
    guard phrases.count > 64 else {
      return phrases.dropFirst().reduce(first) { Phrase(.listed, .phrase($0), .phrase($1)) }
    }
    let middle = phrases.count / 2
    return Phrase(.listed, .phrase(list(Array(phrases[..<middle]))), .phrase(list(Array(phrases[middle...]))))
  }

  /// The text "name: sentence", or the sentence alone without a name.
  func named(_ name: String) -> Phrase {
    name.isEmpty ? self : Phrase(.named, .phrase(.words(name)), .phrase(self))
  }

  /// The text in a language; see ``Language/init(tag:)``.
  public func text(in language: Language) -> String {
    switch self {
    case .words(let words): return words
    case .term(let term, let arguments):
      let fillings = arguments.map { argument -> String in
        switch argument {
        case .number(let value, let format): format.text(value, in: language)
        case .date(let seconds, let format): language.text(of: CivilTime(secondsSince1970: seconds), format: format)
        case .phrase(let phrase): phrase.text(in: language)
        }
      }
      return Self.filled(language.text(of: term), with: fillings)
    }
  }

  /// The template with texts in place of its `{0}`, `{1}`, ... The same signs within these texts stay as they are.
  private static func filled(_ template: String, with fillings: [String]) -> String {
    let pieces = template.split(separator: "{", omittingEmptySubsequences: false)
    var text = String(pieces[0])
    for piece in pieces.dropFirst() {
      guard let end = piece.firstIndex(of: "}"), let position = Int(piece[..<end]), fillings.indices.contains(position)
      else {
        text += "{\(piece)"
        continue
      }
      text += fillings[position]
      text += String(piece[piece.index(after: end)...])
    }
    return text
  }

  /// The text in the language of a BCP 47 tag such as "en" or "zh-Hans".
  public func text(language tag: String) -> String {
    text(in: Language(tag: tag))
  }
}

extension Phrase: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) {
    self = .words(value)
  }
}

extension Phrase {
  private enum CodingKeys: String, CodingKey {
    case term, arguments
  }

  public init(from decoder: any Decoder) throws {
    if let words = try? decoder.singleValueContainer().decode(String.self) {
      self = .words(words)
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self = .term(
        try container.decode(Term.self, forKey: .term),
        try container.decodeIfPresent([Argument].self, forKey: .arguments) ?? [])
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .words(let words):
      var container = encoder.singleValueContainer()
      try container.encode(words)
    case .term(let term, let arguments):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(term, forKey: .term)
      if !arguments.isEmpty { try container.encode(arguments, forKey: .arguments) }
    }
  }
}
