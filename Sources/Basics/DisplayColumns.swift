extension Character {
  /// The width in columns of a terminal or of monospaced text: two for East Asian wide characters and emoji (UAX 11).
  package var columns: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default:
      return 1
    }
  }
}

extension String {
  /// The width of the text in terminal columns.
  package var displayColumns: Int {
    reduce(0) { $0 + $1.columns }
  }

  /// The text padded with spaces to a number of columns.
  package func padded(to columns: Int) -> String {
    self + String(repeating: " ", count: max(0, columns - displayColumns))
  }

  /// The text if it fits into this number of columns, else its beginning with an ellipsis.
  package func truncated(to columns: Int) -> String {
    if displayColumns <= columns { return self }
    var room = columns - 1
    let kept = prefix { character in
      room -= character.columns
      return room >= 0
    }
    return columns > 0 ? kept + "…" : ""
  }
}
