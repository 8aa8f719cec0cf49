/// Room behind numbers of a column so that their decimal points stand below each other.
enum AlignedDecimals {
  /// For each text of a right-aligned column, the figure spaces that its missing decimals take; empty where it is no number.
  static func padding(_ texts: [String]) -> [String] {
    let decimals = texts.map { text -> Int? in
      guard let match = text.wholeMatch(of: /[-−+]?[\d,\u{2009}\u{202F}\u{A0}]*\d(\.(\d+))?[\s\u{A0}]?%?/) else {
        return nil
      }
      return match.2?.count ?? 0
    }
    let greatest = decimals.compactMap { $0 }.max() ?? 0
    return decimals.map { count in
      guard let count, count < greatest else { return "" }
      let digits = String(repeating: "\u{2007}", count: greatest - count)
      return count == 0 ? "\u{2008}" + digits : digits
    }
  }
}
