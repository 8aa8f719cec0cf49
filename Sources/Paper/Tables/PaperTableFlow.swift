import Report

/// Tables as strips: whole, or as groups of columns.
extension PaperReport {
  /// Adds a table's rows; a caption above it stays with the first row.
  /// - Parameters:
  ///   - captionFrom: The index of the strip that begins the table's caption.
  ///   - name: The table's label, such as "Table 2", if it has one.
  mutating func add(
    _ table: PaperTable, above: Double, below: Double, captionFrom: Int? = nil, name: String? = nil
  ) {
    let count = max(table.header.count, table.rows.map(\.count).max() ?? 0)
    guard count > 0 else { return }
    var format = body.sized(0.88)
    format.lineHeight = 1.48
    format.hasTabularFigures = true
    var table = table
    var columns = TableColumns(table, count, format, setter)
    let smallest = columns.scaled(by: 0.79)
    if smallest.total(smallest.least) > column.width {
      table = table.withBreakableHeader
      columns = TableColumns(table, count, format, setter)
    }
    let division = TableDivision(columns, width: column.width, turned: turnedWidth, fills: table.fillsColumn)
    let start = flow.strips.count
    for (number, group) in division.groups.enumerated() {
      if division.groups.count > 1 { label(group, of: count, above: number == 0 ? 0 : gap * 1.2) }
      let part = columns.scaled(by: division.factor).selecting(group)
      let widths = division.widths[number]
      let lefts = widths.indices.map { column.left + widths[..<$0].reduce(0, +) + part.gap * Double($0) }
      let layout = TableRowLayout(
        lefts: lefts, widths: widths, words: part.words, factor: division.factor, numbers: part.numbers,
        alignments: table.selecting(group).alignments, format: format.sized(division.factor), setter: setter)
      add(table.selecting(group), layout, width: part.total(widths))
    }
    guard flow.strips.count > start else { return }
    flow.strips[start].above = above
    changeLast(from: start) { $0.below = below }
    if division.isTurned { turn(from: captionFrom ?? start, name: name, above: above, below: below) }
  }

  /// The width of the text on a landscape sheet; nil if there are no sheets, or if the text is in a box, which can't
  /// be turned.
  private var turnedWidth: Double? {
    guard backdrops.allSatisfy({ $0.fill == nil }) else { return nil }
    return style.turned.map { $0.column - (style.column - column.width) }
  }

  /// Puts the strips from an index on on landscape sheets, and says so at their place.
  private mutating func turn(from first: Int, name: String?, above: Double, below: Double) {
    for index in first..<flow.strips.count { flow.strips[index].isTurned = true }
    let turned = Array(flow.strips[first...])
    flow.strips.removeSubrange(first...)
    add(StyledText(words.isOnNextTurnedPage(name)), smallFormat, above: max(above, gap), below: below, isWhole: true)
    for index in first..<flow.strips.count { flow.strips[index].announcesTurned = true }
    flow.strips += turned
  }

  /// Adds a line that says which columns of a table follow.
  private mutating func label(_ group: [Int], of count: Int, above: Double) {
    let own = group.count > 1 ? Array(group.dropFirst()) : group
    guard let first = own.first, let last = own.last else { return }
    add(
      StyledText(words.columns(first + 1, last + 1, of: count)), smallFormat, above: above,
      below: 0.3 * style.fontSize, keepsWithNext: true)
  }

  /// The strips of a row. Only the notebook's own footnotes are at the foot of a page.
  private func strips(_ cells: [PaperTable.Cell], _ layout: TableRowLayout, isHeader: Bool) -> [Strip] {
    var strips = layout.strips(cells, isHeader: isHeader)
    guard !content.scope.isNotebook else { return strips }
    for index in strips.indices { strips[index].notes = [] }
    return strips
  }

  /// Adds the rows of columns that are side by side.
  private mutating func add(_ table: PaperTable, _ layout: TableRowLayout, width: Double) {
    let left = column.left
    func rule(_ ink: Ink, _ thickness: Double, y: Double) -> PageMark {
      PageMark(.box(fill: ink, stroke: nil, radius: 0), Area(x: left, y: y, width: width, height: thickness))
    }
    var header: Int?
    let start = flow.strips.count
    if !table.header.isEmpty {
      var strips = strips(table.header, layout, isHeader: true)
      strips[0].marks.append(rule(.rule, 1.4, y: 0))
      let last = strips.count - 1
      strips[last].marks.append(rule(.rule, 0.8, y: strips[last].height - 0.8))
      for index in strips.indices { strips[index].keepsWithNext = true }
      header = flow.headers.count
      flow.headers.append(strips)
      for strip in strips { add(strip) }
    }
    for (number, row) in table.rows.enumerated() {
      var strips = strips(row, layout, isHeader: false)
      if number > 0 {
        strips[0].marks.append(rule(.line, 0.8, y: 0))
      } else if header == nil {
        strips[0].marks.append(rule(.rule, 1.4, y: 0))
      }
      let isLast = number == table.rows.count - 1
      // A row isn't divided unless it is higher than a third of the page, and the last row isn't alone on a page.
      let isWhole = strips.height < style.columnHeight / 3
      for index in strips.indices {
        strips[index].header = header
        let isEnd = index == strips.count - 1
        strips[index].keepsWithNext = isEnd ? number == table.rows.count - 2 && number > 0 : isWhole
      }
      if isLast {
        let end = strips.count - 1
        strips[end].height += 1.4
        strips[end].marks.append(rule(.rule, 1.4, y: strips[end].height - 1.4))
        strips[end].keepsWithNext = false
      }
      for strip in strips { add(strip) }
    }
    if table.rows.isEmpty { changeLast(from: start) { $0.keepsWithNext = false } }
  }
}
