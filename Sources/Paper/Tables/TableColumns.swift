import Markup

/// The possible widths of a table's columns, in logical units.
struct TableColumns {
  /// The width of each column's longest line.
  private(set) var natural: [Double]
  /// The width below which a short cell would take two lines, or a word would break.
  private(set) var least: [Double]
  /// The width below which a word would break.
  private(set) var words: [Double]
  /// The width below which a number would break. Formulas and pictures are scaled down instead.
  private(set) var rigid: [Double]
  /// The width of each column's longest line below the header.
  private(set) var numbers: [Double]
  /// The room for bars.
  private var bars: [Double]
  private(set) var gap: Double

  init(_ table: PaperTable, _ count: Int, _ format: TextFormat, _ setter: TextSetter) {
    gap = 1.15 * format.size
    natural = Array(repeating: 0, count: count)
    (least, words, rigid, numbers, bars) = (natural, natural, natural, natural, natural)
    for (number, row) in ([table.header] + table.rows).enumerated() {
      for (column, cell) in row.enumerated() {
        if cell.bar != nil { bars[column] = TableRowLayout.barRoom * format.size }
        let size = CellSize(cell, format, setter)
        natural[column] = max(natural[column], size.natural)
        if number > 0 { numbers[column] = max(numbers[column], size.natural) }
        least[column] = max(least[column], cell.isShort ? size.natural : size.word)
        words[column] = max(words[column], size.word)
        rigid[column] = max(rigid[column], size.number)
      }
    }
    for column in bars.indices where bars[column] > 0 {
      let room = numbers[column] + bars[column]
      natural[column] = max(natural[column], room)
      least[column] = max(least[column], room)
      words[column] = max(words[column], room)
      rigid[column] = max(rigid[column], room)
    }
  }

  /// The columns at another font size.
  func scaled(by factor: Double) -> TableColumns {
    var columns = changed { $0.map { $0 * factor } }
    columns.gap = gap * factor
    return columns
  }

  /// Some of the columns.
  func selecting(_ columns: [Int]) -> TableColumns {
    changed { values in columns.map { values[$0] } }
  }

  private func changed(_ change: ([Double]) -> [Double]) -> TableColumns {
    var columns = self
    columns.natural = change(natural)
    columns.least = change(least)
    columns.words = change(words)
    columns.rigid = change(rigid)
    columns.numbers = change(numbers)
    columns.bars = change(bars)
    return columns
  }

  /// Allows breaks in words of a column that are wider than a width.
  mutating func breakWords(of column: Int, beyond width: Double) {
    words[column] = max(rigid[column], min(words[column], width))
    least[column] = max(words[column], min(least[column], width))
  }

  /// The total width of columns of these widths.
  func total(_ widths: [Double]) -> Double {
    widths.reduce(0, +) + gap * Double(max(0, widths.count - 1))
  }

  /// The columns' widths within a text width: their natural widths if these fit, or otherwise the remaining width is
  /// shared in proportion to the missing width.
  func widths(in width: Double, fills: Bool) -> [Double] {
    let room = width - gap * Double(max(0, natural.count - 1))
    let wanted = natural.reduce(0, +)
    if wanted <= room {
      let target = fills ? room : max(wanted, min(room, width / 2))
      return natural.map { $0 + (target - wanted) / Double(natural.count) }
    }
    // The header takes two lines before a row does.
    let bodies = zip(least, numbers).map { max($0, $1) }
    let choices = [bodies, least, words, rigid]
    let floor = choices.first { $0.reduce(0, +) <= room } ?? rigid
    let needed = floor.reduce(0, +)
    guard needed < room else { return floor.map { $0 * min(1, room / max(needed, 1)) } }
    let wish = needed == rigid.reduce(0, +) ? words : natural
    let spread = zip(wish, floor).map { max(0, $0 - $1) }
    let sum = spread.reduce(0, +)
    return zip(floor, spread).map { $0 + (room - needed) * (sum > 0 ? $1 / sum : 1 / Double(natural.count)) }
  }
}

/// The widths of one cell's text.
private struct CellSize {
  var natural: Double
  /// The width of its longest word; a line holds at least a few Chinese characters.
  var word: Double
  /// The width of its longest number.
  var number = 0.0

  init(_ cell: PaperTable.Cell, _ format: TextFormat, _ setter: TextSetter) {
    let text = cell.padding.isEmpty ? cell.text : cell.text.followed(by: cell.padding)
    natural = setter.set(text, format).width.rounded(.up)
    word = natural
    if cell.isShort, text.objects.isEmpty, Self.isNumber(text.text[...]) {
      number = natural
      return
    }
    // A picture is scaled down as far as necessary.
    let narrow = text.withObjects(scaledBy: 1, within: 14 * format.size)
    let lines = setter.set(narrow, format, width: 1, breaksWords: false)
    word = min(natural, max(lines.width.rounded(.up), 4.5 * format.size))
    let bytes = Array(text.text.utf8)
    for line in lines.lines where line.width > number {
      if Self.isRigid(String(decoding: bytes[line.range], as: UTF8.self)) { number = line.width.rounded(.up) }
    }
  }

  private static let marks = Set("0123456789.,:;'’_+-−–±×·*^/%‰°eE()[]{}≤≥<>=~≈$€¥\u{2007}\u{2009}\u{202F} ")

  /// Whether a text is a number, including signs, separators and units.
  private static func isNumber(_ text: Substring) -> Bool {
    text.contains { $0.isNumber } && text.allSatisfy { $0.isNumber || marks.contains($0) }
  }

  /// Whether a word is a number, or contains one and is no longer than a number with its unit or a model's name.
  private static func isRigid(_ word: String) -> Bool {
    isNumber(word[...]) || (word.count <= 24 && word.contains { $0.isNumber })
  }
}

extension StyledText {
  fileprivate func followed(by more: String) -> StyledText {
    var text = self
    text.append(more)
    return text
  }
}
