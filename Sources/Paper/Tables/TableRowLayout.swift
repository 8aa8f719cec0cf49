import Markup

/// Sets the rows of a table.
struct TableRowLayout {
  var lefts: [Double]
  var widths: [Double]
  /// For each column, the width below which its words break.
  var words: [Double]
  /// The scale of formulas and pictures, which is the font size as a share of the usual one.
  var factor: Double
  /// For each column, the width of the longest line below the header.
  var numbers: [Double]
  var alignments: [TableBlock.Alignment]
  var format: TextFormat
  var setter: TextSetter

  /// The width of a bar and its gap to the number, in ems.
  static let barRoom = 4.6
  private static let barGap = 0.7

  /// The lines of a row, one strip for each.
  func strips(_ cells: [PaperTable.Cell], isHeader: Bool) -> [Strip] {
    let sets = cells.enumerated().map { column, cell in
      let text = cell.text.withObjects(scaledBy: factor, within: widths[column])
      // Widths at a small font size differ slightly from scaled widths of a large one.
      let width = widths[column] + 0.01 * format.size
      let breaksWords = widths[column] < words[column]
      return isHeader
        ? setter.balanced(text, format, width: width, breaksWords: breaksWords)
        : setter.set(text, format, width: width, breaksWords: breaksWords)
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
