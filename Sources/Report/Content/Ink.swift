import Plot

/// The colours of a report by purpose. They are the same in the page's style sheet and on paper.
package enum Ink: String, CaseIterable, Sendable {
  case paper, ink, muted, line, rule, soft, accent, best, bad
  case badSoft = "bad-soft"
  case warn
  case warnSoft = "warn-soft"
  case codeKeyword = "code-keyword"
  case codeString = "code-string"
  case codeNumber = "code-number"
  case codeType = "code-type"
  case codeAttribute = "code-attribute"
  case codeComment = "code-comment"
  case mark
  /// The colour of the small bars in tables.
  case bar

  package var light: RGB { RGB(values.light) }
  package var dark: RGB { RGB(values.dark) }

  private var values: (light: UInt32, dark: UInt32) {
    switch self {
    case .paper: (0xFFFFFF, 0x14171C)
    case .ink: (0x1B1F24, 0xE8EAED)
    case .muted: (0x5A636E, 0x9BA3AE)
    case .line: (0xE1E4E8, 0x2C323A)
    case .rule: (0x1B1F24, 0x9BA3AE)
    case .soft: (0xF6F7F9, 0x1C2027)
    case .accent: (0x0B5FA5, 0x7CB7F2)
    case .best: (0x0B6B3A, 0x7FD19B)
    case .bad: (0xB3261E, 0xFF9A90)
    case .badSoft: (0xFDF2F1, 0x2C1B1B)
    case .warn: (0x8A5300, 0xF0BF68)
    case .warnSoft: (0xFDF6E7, 0x29221A)
    case .codeKeyword: (0x9B2393, 0xFF8AC4)
    case .codeString: (0xB3261E, 0xFF9D87)
    case .codeNumber: (0x1C3FCF, 0xB3A6FF)
    case .codeType: (0x0B6B6F, 0x7FD6DA)
    case .codeAttribute: (0x815F03, 0xE5C07B)
    case .codeComment: (0x5A6672, 0x96A1AE)
    case .mark: (0xFFE9A8, 0x3A3210)
    case .bar: (0x8DBBEA, 0x3C6EA3)
    }
  }

  /// Pairs of a text colour and a background under it. Each pair needs a contrast of 4.5 (WCAG 2.2 AA).
  package static let textOnBackground: [(text: Ink, background: Ink)] =
    [.ink, .muted, .accent, .best, .bad, .warn].map { ($0, .paper) }
    + [.ink, .muted, .codeKeyword, .codeString, .codeNumber, .codeType, .codeAttribute, .codeComment].map {
      ($0, .soft)
    }
    + [(.bad, .badSoft), (.ink, .badSoft), (.muted, .badSoft), (.warn, .warnSoft), (.ink, .warnSoft), (.ink, .mark)]

  /// All colours as CSS declarations: `--paper: #ffffff; --ink: ...`.
  package static func customProperties(_ color: (Ink) -> RGB) -> String {
    allCases.map { "--\($0.rawValue): \(color($0).hexadecimal);" }.joined(separator: " ")
  }
}
