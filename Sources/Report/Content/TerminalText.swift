import Engine

/// The text that a terminal would show after printing.
///
/// Colours, titles and other control sequences are removed. Carriage returns, backspaces, tabs, cursor movements,
/// erasing and insertion act as in ECMA-48 (ISO 6429), so that only the last state of a progress bar is kept. Lines
/// are never wrapped: the screen is as wide as the longest line.
package struct TerminalText {
  private var rows: [[Character]] = [[]]
  private var row = 0
  private var column = 0
  private var saved = (row: 0, column: 0)
  /// The first row of the screen. Rows above it have scrolled away, and the cursor can't reach them.
  private var top: Int { max(0, rows.count - Self.height) }

  /// The number of columns that cursor movements can reach. Text may be longer.
  private static let width = 256
  private static let height = 1_000
  /// A placeholder in the second column of a wide character.
  private static let secondHalf: Character = "\0"

  /// The lines of `text`, without empty ones at the end.
  package static func lines(_ text: String) -> [String] {
    // Most output has no control characters; it is only split into lines.
    guard text.unicodeScalars.contains(where: { isControl($0) && $0 != "\n" && $0 != "\t" }) else {
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      while lines.last?.isEmpty == true { lines.removeLast() }
      return lines
    }
    var terminal = TerminalText()
    terminal.write(text)
    var lines = terminal.rows.map { row in String(row.filter { $0 != secondHalf }) }
    while lines.last?.allSatisfy({ $0 == " " }) == true { lines.removeLast() }
    return lines
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }

  // MARK: Reading

  private mutating func write(_ text: String) {
    let scalars = Array(text.unicodeScalars)
    var position = 0
    var run = String.UnicodeScalarView()
    while position < scalars.count {
      let scalar = scalars[position]
      if !Self.isControl(scalar) {
        run.append(scalar)
        position += 1
        continue
      }
      put(String(run))
      run = String.UnicodeScalarView()
      position += 1
      switch scalar {
      case "\n", "\u{0B}", "\u{0C}": lineFeed(toStart: true)
      case "\r": column = 0
      case "\u{08}": column = max(0, column - 1)
      case "\t": column = (column / 8 + 1) * 8
      case "\u{1B}": position = escape(scalars, position)
      case "\u{9B}": position = control(scalars, position)
      case "\u{90}", "\u{98}", "\u{9D}", "\u{9E}", "\u{9F}":
        position = Self.stringEnd(scalars, position)
      case "\u{84}": lineFeed(toStart: false)
      case "\u{85}": lineFeed(toStart: true)
      case "\u{8D}": move(toRow: row - 1)
      default: break
      }
    }
    put(String(run))
  }

  /// Handles the escape sequence after an ESC and returns the index after it.
  private mutating func escape(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
    guard start < scalars.count else { return start }
    switch scalars[start] {
    case "[": return control(scalars, start + 1)
    case "]", "P", "X", "^", "_": return Self.stringEnd(scalars, start + 1)
    case "7": saved = (row, column)
    case "8": restoreCursor()
    case "D": lineFeed(toStart: false)
    case "E": lineFeed(toStart: true)
    case "M": move(toRow: row - 1)
    case "c": clear()
    default:
      // Intermediate bytes, then one final byte: ESC ( B, ESC # 8.
      var position = start
      while position < scalars.count, (0x20...0x2F).contains(scalars[position].value) { position += 1 }
      guard position < scalars.count, (0x30...0x7E).contains(scalars[position].value) else { return position }
      return position + 1
    }
    return start + 1
  }

  /// Handles a control sequence (CSI): parameters, intermediate bytes, a final byte.
  private mutating func control(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
    var position = start
    while position < scalars.count, (0x30...0x3F).contains(scalars[position].value) { position += 1 }
    let parameters = String(String.UnicodeScalarView(scalars[start..<position]))
    let intermediates = position
    while position < scalars.count, (0x20...0x2F).contains(scalars[position].value) { position += 1 }
    guard position < scalars.count, (0x40...0x7E).contains(scalars[position].value) else { return position }
    if intermediates == position, parameters.first.map({ !"<=>?".contains($0) }) ?? true {
      perform(
        scalars[position], parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 })
    }
    return position + 1
  }

  /// The index after a command string (a title, a link, a picture), which ends with ST or BEL. An unclosed one ends
  /// with its line.
  private static func stringEnd(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
    var position = start
    while position < scalars.count {
      switch scalars[position] {
      case "\u{07}", "\u{9C}": return position + 1
      case "\u{1B}":
        return position + 1 < scalars.count && scalars[position + 1] == "\\" ? position + 2 : position
      case "\n": return position
      default: position += 1
      }
    }
    return position
  }

  private mutating func perform(_ final: Unicode.Scalar, _ parameters: [Int]) {
    func parameter(_ index: Int, or standard: Int) -> Int {
      let value = parameters.indices.contains(index) ? parameters[index] : 0
      return min(value == 0 ? standard : max(0, value), Self.height)
    }
    let count = parameter(0, or: 1)
    switch final {
    case "A": move(toRow: row - count)
    case "B", "e": move(toRow: row + count)
    case "C", "a": move(toColumn: column + count)
    case "D": move(toColumn: column - count)
    case "E", "F":
      move(toRow: final == "E" ? row + count : row - count)
      column = 0
    case "G", "`": move(toColumn: count - 1)
    case "H", "f":
      move(toRow: top + count - 1)
      move(toColumn: parameter(1, or: 1) - 1)
    case "d": move(toRow: top + count - 1)
    case "J": eraseScreen(parameters.first ?? 0)
    case "K": eraseLine(parameters.first ?? 0)
    case "P", "X", "@": editLine(final, count)
    case "L", "M": editRows(final, count)
    case "s": saved = (row, column)
    case "u": restoreCursor()
    default: break
    }
  }

  private mutating func restoreCursor() {
    move(toRow: saved.row)
    column = saved.column
  }

  // MARK: Writing

  private mutating func put(_ text: String) {
    guard !text.isEmpty else { return }
    pad(to: column)
    var cells: [Character] = []
    for character in text {
      cells.append(character)
      if character.columns == 2 { cells.append(Self.secondHalf) }
    }
    blankHalves(around: column, column + cells.count)
    let overwritten = min(cells.count, rows[row].count - column)
    rows[row].replaceSubrange(column..<(column + overwritten), with: cells)
    column += cells.count
  }

  /// Replaces the other half of a wide character by a space when one half is overwritten.
  private mutating func blankHalves(around start: Int, _ end: Int) {
    if start > 0, start < rows[row].count, rows[row][start] == Self.secondHalf { rows[row][start - 1] = " " }
    if end < rows[row].count, rows[row][end] == Self.secondHalf { rows[row][end] = " " }
  }

  private mutating func pad(to width: Int) {
    if rows[row].count < width {
      rows[row].append(contentsOf: Array(repeating: " ", count: width - rows[row].count))
    }
  }

  private mutating func lineFeed(toStart: Bool) {
    row += 1
    if row == rows.count { rows.append([]) }
    if toStart { column = 0 }
  }

  /// Moves down. A terminal's cursor stops at the lowest row.
  private mutating func move(toRow wanted: Int) {
    row = min(max(top, wanted), max(rows.count, Self.height) - 1)
    while rows.count <= row { rows.append([]) }
  }

  private mutating func move(toColumn wanted: Int) {
    column = max(0, min(wanted, max(column, Self.width)))
  }

  private mutating func eraseLine(_ part: Int) {
    switch part {
    case 0:
      blankHalves(around: column, rows[row].count)
      rows[row] = Array(rows[row].prefix(column))
    case 1:
      let end = min(column + 1, rows[row].count)
      blankHalves(around: 0, end)
      for index in 0..<end { rows[row][index] = " " }
    default: rows[row] = []
    }
  }

  private mutating func eraseScreen(_ part: Int) {
    switch part {
    case 0:
      eraseLine(0)
      rows = Array(rows.prefix(row + 1))
    case 1:
      for index in top..<row { rows[index] = [] }
      eraseLine(1)
    case 2: clear()
    default: break
    }
  }

  /// Removes the rows of the screen: a program that clears the screen draws everything again.
  private mutating func clear() {
    rows.removeSubrange(top...)
    rows.append([])
    (row, column) = (rows.count - 1, 0)
  }

  private mutating func editLine(_ final: Unicode.Scalar, _ count: Int) {
    let length = rows[row].count
    guard column < length else { return }
    let end = min(column + count, length)
    blankHalves(around: column, final == "@" ? column : end)
    switch final {
    case "P": rows[row].removeSubrange(column..<end)
    case "X": for index in column..<end { rows[row][index] = " " }
    default:
      rows[row].insert(contentsOf: Array(repeating: " ", count: min(count, Self.width)), at: column)
      rows[row] = Array(rows[row].prefix(max(length, Self.width)))
    }
  }

  private mutating func editRows(_ final: Unicode.Scalar, _ count: Int) {
    let height = max(rows.count, Self.height)
    if final == "L" {
      rows.insert(contentsOf: Array(repeating: [], count: min(count, Self.height)), at: row)
      rows = Array(rows.prefix(height))
    } else {
      rows.removeSubrange(row..<min(row + count, rows.count))
      if rows.count <= row { rows.append([]) }
    }
    column = 0
  }
}
