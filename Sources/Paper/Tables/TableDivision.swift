/// How a table is fitted to its page: whole if smaller letters are enough, else as groups of columns one below the
/// other, each with the first column, and on a sheet turned on its side where that isn't enough either.
///
/// No number is ever broken, and nothing stands beyond the page.
struct TableDivision {
  /// The size of the letters as a share of that of other tables.
  var factor: Double
  /// The columns of each group, from 0.
  var groups: [[Int]]
  /// The widths of each group's columns, in logical units.
  var widths: [[Double]]
  /// Whether its sheet is turned on its side.
  var isTurned = false

  /// Shares of the usual size of letters, from 9.2 points on paper to 6.7.
  static let factors = [1, 0.93, 0.86, 0.79, 0.72]
  /// Groups of columns that are read more easily than a turned sheet.
  private static let mostGroups = 3
  /// The share of the page's width that the repeated first column may take with words that could break.
  private static let repeatedShare = 0.35

  /// - Parameters:
  ///   - columns: The columns in letters of the usual size.
  ///   - width: The width of the text, in logical units.
  ///   - turned: The width of the text on a turned sheet; nil where no sheet can be turned.
  init(_ columns: TableColumns, width: Double, turned: Double?, fills: Bool) {
    let upright = Self.whole(columns, width, fills: fills) ?? Self.grouped(columns, width, fills: fills)
    if let upright, upright.groups.count <= Self.mostGroups {
      self = upright
      return
    }
    let wide = turned.flatMap { width in
      Self.whole(columns, width, fills: fills) ?? Self.grouped(columns, width, fills: fills)
    }
    if var wide, wide.groups.count < upright?.groups.count ?? .max {
      wide.isTurned = true
      self = wide
    } else if let upright {
      self = upright
    } else {
      self = Self.squeezed(columns, turned ?? width, fills: fills)
      isTurned = turned != nil
    }
  }

  private init(factor: Double, columns: TableColumns, groups: [[Int]], width: Double, fills: Bool) {
    (self.factor, self.groups) = (factor, groups)
    widths = groups.map { columns.selecting($0).widths(in: width, fills: fills) }
  }

  /// All columns side by side, in the largest letters that allow it; nil when a word would break in the smallest.
  private static func whole(_ columns: TableColumns, _ width: Double, fills: Bool) -> TableDivision? {
    let all = [Array(columns.natural.indices)]
    func division(_ factor: Double) -> TableDivision {
      TableDivision(factor: factor, columns: columns.scaled(by: factor), groups: all, width: width, fills: fills)
    }
    if let factor = factors.dropLast().first(where: { factor in
      let scaled = columns.scaled(by: factor)
      return scaled.total(scaled.least) <= width
    }) {
      return division(factor)
    }
    // Then cells of a few words take two lines.
    return factors.dropFirst(2).first { factor in
      let scaled = columns.scaled(by: factor)
      return scaled.total(scaled.words) <= width
    }.map(division)
  }

  /// The fewest groups of columns, in the largest letters that allow so few; nil when a column is too wide for the page
  /// beside the first.
  private static func grouped(_ columns: TableColumns, _ width: Double, fills: Bool) -> TableDivision? {
    var best: TableDivision?
    for factor in factors.dropFirst(2) {
      let scaled = readied(columns.scaled(by: factor), width)
      guard let groups = groups(scaled, width), groups.count < best?.groups.count ?? .max else { continue }
      best = TableDivision(factor: factor, columns: scaled, groups: groups, width: width, fills: fills)
    }
    return best
  }

  /// The first column narrow enough to be repeated, and no other so wide that it couldn't stand beside it, as far as
  /// breaking words does that.
  private static func readied(_ columns: TableColumns, _ width: Double) -> TableColumns {
    var columns = columns
    guard columns.words.count > 1 else {
      columns.breakWords(of: 0, beyond: width)
      return columns
    }
    columns.breakWords(of: 0, beyond: repeatedShare * width)
    for column in columns.words.indices.dropFirst() {
      columns.breakWords(of: column, beyond: width - columns.gap - columns.words[0])
    }
    return columns
  }

  /// The columns from the second on as groups of about the same width.
  private static func groups(_ columns: TableColumns, _ width: Double) -> [[Int]]? {
    guard columns.words.count > 1 else { return columns.words.allSatisfy { $0 <= width } ? [[0]] : nil }
    guard let greedy = groups(columns, limit: width) else { return nil }
    var (tooNarrow, enough, best) = (0.0, width, greedy)
    while enough - tooNarrow > 4 {
      let limit = (tooNarrow + enough) / 2
      if let tried = groups(columns, limit: limit), tried.count == greedy.count {
        (enough, best) = (limit, tried)
      } else {
        tooNarrow = limit
      }
    }
    return best
  }

  /// As many columns to a group as `limit` takes beside the first; nil when one is too wide.
  private static func groups(_ columns: TableColumns, limit: Double) -> [[Int]]? {
    var groups: [[Int]] = []
    var end = 0.0
    for column in columns.least.indices.dropFirst() {
      let more = columns.gap + columns.least[column]
      if let last = groups.indices.last, end + more <= limit {
        groups[last].append(column)
        end += more
      } else {
        end = columns.least[0] + more
        guard end <= limit else { return nil }
        groups.append([0, column])
      }
    }
    return groups
  }

  /// Letters as small as the longest number needs.
  private static func squeezed(_ columns: TableColumns, _ width: Double, fills: Bool) -> TableDivision {
    var factor = factors.last ?? 1
    while factor > 0.02 {
      let scaled = readied(columns.scaled(by: factor), width)
      if let groups = groups(scaled, width) {
        return TableDivision(factor: factor, columns: scaled, groups: groups, width: width, fills: fills)
      }
      factor *= 0.92
    }
    let all = columns.natural.indices.map { [$0] }
    return TableDivision(factor: factor, columns: columns.scaled(by: factor), groups: all, width: width, fills: fills)
  }
}
