/// Names of places in a page, each given once.
package struct AnchorRegistry: Sendable {
  private var taken: Set<String>

  /// - Parameter reserved: names that the page gives to its own parts.
  package init(reserved: Set<String> = []) {
    taken = reserved
  }

  package func contains(_ anchor: String) -> Bool {
    taken.contains(anchor)
  }

  /// `wanted`, or with the first free number from 2 behind it.
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

  /// A heading's name as GitHub makes it: lowercase, hyphens for spaces, no punctuation, other scripts as they are.
  package static func slug(_ heading: String) -> String {
    let kept = heading.lowercased().compactMap { character -> Character? in
      if character.isWhitespace { return "-" }
      return character.isLetter || character.isNumber || character == "-" || character == "_" ? character : nil
    }
    let name = String(kept).trimmingPrefix { $0 == "-" }
    return name.isEmpty ? "section" : String(name)
  }
}
