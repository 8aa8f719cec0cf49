/// Pads the numbers of a column so that their decimal points are aligned.
package enum AlignedDecimals {
  /// The padding for each text of a right-aligned column: as many figure spaces as its decimals lack. It is empty for
  /// a text that is not a number.
  package static func padding(_ texts: [String]) -> [String] {
    let decimals = texts.map(decimals)
    let greatest = decimals.compactMap { $0 }.max() ?? 0
    return decimals.map { count in
      guard let count, count < greatest else { return "" }
      let digits = String(repeating: "\u{2007}", count: greatest - count)
      return count == 0 ? "\u{2008}" + digits : digits
    }
  }

  /// The number of decimals of a number; nil for other text. A number is a sign, digits with or without separators,
  /// an optional point and decimals, an optional space and an optional per cent sign.
  private static func decimals(_ text: String) -> Int? {
    var rest = text[...]
    if let first = rest.first, "-−+".contains(first) { rest.removeFirst() }
    let whole = rest.prefix { isDigit($0) || ",\u{2009}\u{202F}\u{A0}".contains($0) }
    // A space after the last digit belongs to the suffix.
    guard let last = whole.lastIndex(where: isDigit) else { return nil }
    rest = rest[rest.index(after: last)...]
    var count = 0
    if rest.first == "." {
      let digits = rest.dropFirst().prefix(while: isDigit)
      guard !digits.isEmpty else { return nil }
      count = digits.count
      rest = rest[digits.endIndex...]
    }
    if let first = rest.first, first.isWhitespace { rest.removeFirst() }
    if rest.first == "%" { rest.removeFirst() }
    return rest.isEmpty ? count : nil
  }

  private static func isDigit(_ character: Character) -> Bool {
    character.unicodeScalars.count == 1 && character.unicodeScalars.first?.properties.generalCategory == .decimalNumber
  }
}
