/// The way in which a table fits its page: whole if a smaller font size is enough, or otherwise as groups of columns
/// one below the other, each with the first column, and on a landscape sheet if that isn't enough either.
///
/// No number is broken, and no part of the table is beyond the page.
struct TableDivision {
  /// The font size as a share of that of other tables.
  var factor: Double
  /// The columns of each group, from 0.
  var groups: [[Int]]
  /// The widths of each group's columns, in logical units.
  var widths: [[Double]]
  /// Whether its sheet is in landscape orientation.
  var isTurned = false

  /// The candidate shares of the usual font size, from 9.2 points on paper to 6.7.
  static let factors = [1, 0.93, 0.86, 0.79, 0.72]
  /// The largest number of groups of columns that is preferred to a landscape sheet.
  private static let mostGroups = 3
  /// The share of the page's width that a repeated first column with breakable words may take.
  private static let repeatedShare = 0.35

  /// - Parameters:
  ///   - columns: The columns at the usual font size.
  ///   - width: The width of the text, in logical units.
  ///   - turned: The width of the text on a landscape sheet; nil if sheets can't be turned.
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

  /// All columns side by side, in the largest font size that fits; nil if a word would break in the smallest.
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
    // In the smaller font sizes, cells of a few words may take two lines.
    return factors.dropFirst(2).first { factor in
      let scaled = columns.scaled(by: factor)
      return scaled.total(scaled.words) <= width
    }.map(division)
  }

  /// The fewest groups of columns, in the largest font size with so few groups; nil if a column is too wide for the
  /// page beside the first.
  private static func grouped(_ columns: TableColumns, _ width: Double, fills: Bool) -> TableDivision? {
    var best: TableDivision?
    for factor in factors.dropFirst(2) {
      let scaled = readied(columns.scaled(by: factor), width)
      guard let groups = groups(scaled, width), groups.count < best?.groups.count ?? .max else { continue }
      best = TableDivision(factor: factor, columns: scaled, groups: groups, width: width, fills: fills)
    }
    return best
  }

  /// The columns with words broken as far as necessary, so that the first column is narrow enough to be repeated and
  /// every other column fits beside it.
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

  /// The columns from the second on, as groups of about the same width.
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

  /// Groups with as many columns as `limit` allows beside the first; nil if a column is too wide.
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

  /// A font size small enough for the longest number.
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
