/// The anchors of a page. No anchor is given twice.
package struct AnchorRegistry: Sendable {
  private var taken: Set<String>
  /// The last number appended to each heading's name.
  private var repetitions: [String: Int] = [:]

  package init() {
    taken = []
  }

  package func contains(_ anchor: String) -> Bool {
    taken.contains(anchor)
  }

  /// The anchor `wanted`, followed by the first free number from 2 if it is taken.
  package mutating func add(_ wanted: String) -> String {
    let base = String(wanted.map { $0.isWhitespace ? "-" : $0 })
    var anchor = base
    var number = 2
    while !taken.insert(anchor).inserted {
      anchor = "\(base)-\(number)"
      number += 1
    }
    return anchor
  }

  /// The anchor of a heading, with GitHub's numbers: `results`, `results-1`, `results-2`, and `header-1-1` for a
  /// heading "Header-1" after two headings "Header".
  package mutating func add(heading: String) -> String {
    let base = Self.slug(heading)
    var anchor = base
    while !taken.insert(anchor).inserted {
      repetitions[base, default: 0] += 1
      anchor = "\(base)-\(repetitions[base, default: 0])"
    }
    return anchor
  }

  /// The slug of a heading as GitHub makes it: lowercase letters of any script with their marks, digits, hyphens and
  /// underscores. Spaces become hyphens; all other characters are removed.
  package static func slug(_ heading: String) -> String {
    var name = String.UnicodeScalarView()
    for scalar in heading.lowercased().unicodeScalars {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
        .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .connectorPunctuation:
        name.append(scalar)
      default:
        if scalar == " " || scalar == "-" { name.append("-") }
      }
    }
    return name.isEmpty ? "section" : String(name)
  }
}
