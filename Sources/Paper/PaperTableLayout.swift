import Markup

/// Computes the widths of a table's columns.
struct TableColumns {
  /// For each column the width below which a word would be broken, and the width of its longest line.
  private var leasts: [Double]
  private var natural: [Double]
  /// For each column the width of the longest line below the header.
  private(set) var numbers: [Double]
  /// For each column the room for bars.
  private var bars: [Double]
  let gap: Double

  init(_ table: PaperTable, _ count: Int, _ format: TextFormat, _ setter: TextSetter) {
    gap = 1.15 * format.size
    leasts = Array(repeating: 0, count: count)
    natural = leasts
    numbers = leasts
    bars = leasts
    for (number, row) in ([table.header] + table.rows).enumerated() {
      for (column, cell) in row.enumerated() {
        if cell.bar != nil { bars[column] = TableRowLayout.barRoom * format.size }
        let text = cell.padding.isEmpty ? cell.text : cell.text.followed(by: cell.padding)
        let width = setter.set(text, format).width.rounded(.up)
        let word = cell.isShort ? width : setter.set(text, format, width: 1, breaksWords: false).width.rounded(.up)
        natural[column] = max(natural[column], width)
        if number > 0 { numbers[column] = max(numbers[column], width) }
        leasts[column] = max(leasts[column], cell.isShort ? width : min(width, max(word, 4.5 * format.size)))
      }
    }
    for column in bars.indices where bars[column] > 0 {
      leasts[column] = max(leasts[column], numbers[column] + bars[column])
      natural[column] = max(natural[column], numbers[column] + bars[column])
    }
  }

  /// The least width of the whole table.
  var least: Double { leasts.reduce(0, +) + gap * Double(leasts.count - 1) }

  /// The widths of the columns in a column of text. If their content fits, they are as wide as it; else the remaining
  /// width is shared in proportion to the missing widths.
  func widths(in width: Double, fills: Bool) -> [Double] {
    let room = width - gap * Double(natural.count - 1)
    let wanted = natural.reduce(0, +)
    if wanted <= room {
      let target = fills ? room : max(wanted, min(room, width / 2))
      return natural.map { $0 + (target - wanted) / Double(natural.count) }
    }
    // The header takes two lines before a row does.
    let bodies = leasts.indices.map { max(leasts[$0], numbers[$0]) }
    let least = bodies.reduce(0, +) < room ? bodies : leasts
    let needed = least.reduce(0, +)
    guard needed < room else { return least.map { max(12, $0 * room / needed) } }
    let spread = zip(natural, least).map { max(0, $0 - $1) }
    let sum = spread.reduce(0, +)
    return zip(least, spread).map { $0 + (room - needed) * (sum > 0 ? $1 / sum : 1 / Double(natural.count)) }
  }
}

/// Sets the rows of a table.
struct TableRowLayout {
  var lefts: [Double]
  var widths: [Double]
  /// For each column the width of the longest line below the header.
  var numbers: [Double]
  var alignments: [TableBlock.Alignment]
  var format: TextFormat
  var setter: TextSetter

  /// The room for a bar and its gap to the number, in ems.
  static let barRoom = 4.6
  private static let barGap = 0.7

  /// The lines of a row, one strip for each.
  func strips(_ cells: [PaperTable.Cell], isHeader: Bool) -> [Strip] {
    let sets = cells.enumerated().map { column, cell in
      isHeader
        ? setter.balanced(cell.text, format, width: widths[column])
        : setter.set(cell.text, format, width: widths[column])
    }
    let count = max(1, sets.map(\.lines.count).max() ?? 1)
    let padding = 0.36 * format.size
    var strips: [Strip] = []
    for number in 0..<count {
      let (isFirst, isLast) = (number == 0, number == count - 1)
      // Headings are aligned with the rule below them.
      let lines = sets.map { set in
        let line = isHeader ? number - (count - set.lines.count) : number
        return set.lines.indices.contains(line) ? line : nil
      }
      let ascent = zip(sets, lines).map { set, line in line.map { set.lines[$0].ascent } ?? 0 }.max() ?? 0
      let descent = zip(sets, lines).map { set, line in line.map { set.lines[$0].descent } ?? 0 }.max() ?? 0
      let top = isFirst ? padding : 0
      var strip = Strip(height: top + ascent + descent + (isLast ? padding : 0))
      for (column, (set, line)) in zip(sets, lines).enumerated() {
        guard let line else { continue }
        let room = widths[column] - set.lines[line].width - hanging(cells[column])
        let shift: Double =
          switch alignments.indices.contains(column) ? alignments[column] : .none {
          case .none, .left: 0
          case .center: room / 2
          case .right: room
          }
        strip.marks += set.marks(line: line, x: lefts[column] + shift, baseline: top + ascent)
        strip.notes += set.notes(line: line)
        if line == 0, let bar = cells[column].bar {
          let length = (Self.barRoom - Self.barGap) * format.size
          let start = lefts[column] + widths[column] - numbers[column] - Self.barRoom * format.size
          strip.marks.append(
            PageMark(
              .box(fill: bar.ink, stroke: nil, radius: 1),
              Area(
                x: start + bar.range.lowerBound * length, y: top + ascent - 0.62 * format.size,
                width: max(1, (bar.range.upperBound - bar.range.lowerBound) * length), height: 0.55 * format.size)))
        }
      }
      strips.append(strip)
    }
    return strips
  }

  /// The room after a number for its missing decimals.
  private func hanging(_ cell: PaperTable.Cell) -> Double {
    cell.padding.isEmpty ? 0 : setter.set(StyledText(cell.padding), format).width
  }
}

extension StyledText {
  fileprivate func followed(by more: String) -> StyledText {
    var text = self
    text.append(more)
    return text
  }
}
