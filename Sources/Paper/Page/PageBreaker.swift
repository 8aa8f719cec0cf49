/// A sheet with its content.
struct Page {
  /// The strips with their upper edges, measured from the sheet's upper edge.
  var strips: [(strip: Strip, y: Double)] = []
  /// The height of the rule above the footnotes.
  var notesRule: Double?
  var width: Double
  var height: Double
}

/// Divides a report's strips among pages.
///
/// Strips that keep together move to the next page together. A group that is too long for a page is divided between
/// its strips. A table that continues repeats its header. Footnotes are on the page that refers to them. A table that
/// needs a landscape sheet is put off until the current page is filled by the text after it.
struct PageBreaker {
  private let flow: Flow
  private let style: PageStyle
  /// The greatest height of a sheet that would otherwise be as long as the report.
  private let greatestHeight: Double
  /// Whether the current page is in landscape orientation.
  private var isTurned = false
  /// The strips for the next landscape sheets.
  private var putOff: [[Strip]] = []
  private var pages: [Page] = []
  private var page: [(strip: Strip, y: Double)] = []
  private var end = 0.0
  /// The footnotes of this page, and those of all earlier pages. Each footnote appears only once.
  private var notes: [Int] = []
  private var notesBefore: Set<Int> = []

  /// - Parameter greatestHeight: The greatest height of a sheet that would otherwise be as long as the report.
  static func pages(of flow: Flow, style: PageStyle, greatestHeight: Double = .infinity) -> [Page] {
    var breaker = PageBreaker(flow, style, greatestHeight)
    breaker.placeAll()
    return breaker.pages
  }

  private init(_ flow: Flow, _ style: PageStyle, _ greatestHeight: Double) {
    (self.flow, self.style, self.greatestHeight) = (flow, style, greatestHeight)
  }

  /// The sheet of the current page.
  private var sheet: PageStyle { isTurned ? style.turned ?? style : style }
  /// The largest height of the strips and footnotes of a page.
  private var limit: Double { min(sheet.columnHeight, greatestHeight) }

  private mutating func placeAll() {
    var rest = flow.strips[...]
    /// The strips that the next group for a landscape sheet begins with.
    var lead: [Strip] = []
    while let first = rest.first {
      var count = (rest.firstIndex { !$0.keepsWithNext }).map { $0 - rest.startIndex + 1 } ?? rest.count
      let turn = rest.prefix(count).firstIndex { $0.isTurned != first.isTurned }
      count = turn.map { $0 - rest.startIndex } ?? count
      var group = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
      if first.isTurned {
        group.insert(contentsOf: lead, at: 0)
        lead = []
        putOff.append(group)
        continue
      }
      let announces = group.last?.announcesTurned ?? false
      if announces, !page.isEmpty, !fits(group) { finish() }
      if announces, page.isEmpty {
        // The page has nothing above the table, so what stays with the table goes with it.
        lead = group.map(\.turned).filter { !$0.announcesTurned || !$0.marks.isEmpty }
      } else {
        if page.isEmpty { placeTurned() }
        place(group)
      }
    }
    if !page.isEmpty { finish() }
    placeTurned()
    if pages.isEmpty { finish() }
  }

  /// Places what was put off on landscape sheets of its own.
  private mutating func placeTurned() {
    if putOff.isEmpty { return }
    isTurned = true
    for group in putOff { place(group) }
    putOff = []
    if !page.isEmpty { finish() }
    isTurned = false
  }

  private mutating func place(_ group: [Strip]) {
    var group = group
    if !fits(group), let squeezed = squeezed(group) { group = squeezed }
    if !fits(group) {
      if !page.isEmpty { finish() }
      repeatHeader(before: group[0])
    }
    for strip in group {
      if !page.isEmpty, !fits([strip]) {
        finish()
        repeatHeader(before: strip)
      }
      add(strip)
    }
  }

  /// The group with its charts as low as this page needs them; nil if this is too low, or the page is new.
  private func squeezed(_ group: [Strip]) -> [Strip]? {
    let charts = group.indices.filter { group[$0].leastHeight != nil }
    guard !page.isEmpty, !charts.isEmpty else { return nil }
    let needed = end + Array.gap(page.last?.strip, group[0]) + group.height + height(of: notes + newNotes(group))
    let excess = needed - limit
    let slack = charts.reduce(0) { $0 + group[$1].height - (group[$1].leastHeight ?? 0) }
    guard excess > 0, excess <= slack else { return nil }
    var group = group
    for index in charts {
      let own = group[index].height - (group[index].leastHeight ?? 0)
      group[index] = group[index].squeezed(to: (group[index].height - excess * own / slack).rounded(.down))
    }
    return group
  }

  private func fits(_ group: [Strip]) -> Bool {
    let gap = Array.gap(page.last?.strip, group[0])
    return end + gap + group.height + height(of: notes + newNotes(group)) <= limit + 0.01
  }

  private func newNotes(_ group: [Strip]) -> [Int] {
    var found: [Int] = []
    for note in group.flatMap(\.notes)
    where !notes.contains(note) && !notesBefore.contains(note) && !found.contains(note) && flow.notes[note] != nil {
      found.append(note)
    }
    return found
  }

  /// The height of footnotes with the rule above them.
  private func height(of notes: [Int]) -> Double {
    guard !notes.isEmpty else { return 0 }
    return noteStrips(notes).height + Self.ruleRoom * style.fontSize
  }

  private static let ruleRoom = 1.9

  private func noteStrips(_ notes: [Int]) -> [Strip] {
    notes.flatMap { flow.notes[$0] ?? [] }
  }

  private mutating func add(_ strip: Strip) {
    end += Array.gap(page.last?.strip, strip)
    page.append((strip, style.margin.top + end))
    end += strip.height
    notes += newNotes([strip])
  }

  private mutating func repeatHeader(before strip: Strip) {
    guard let header = strip.header else { return }
    for var head in flow.headers[header] {
      // A document may have each named place only once.
      head.marks.removeAll { if case .place = $0.content { true } else { false } }
      head.notes = []
      head.backdrops = strip.backdrops
      add(head)
    }
  }

  private mutating func finish() {
    var result = Page(
      strips: page, width: sheet.width, height: sheet.height ?? style.margin.top + end + style.margin.bottom)
    if !notes.isEmpty {
      let strips = noteStrips(notes.sorted())
      var y = style.margin.top + limit - strips.height
      result.notesRule = y - 0.6 * style.fontSize
      for (number, strip) in strips.enumerated() {
        y += number == 0 ? 0 : Array.gap(strips[number - 1], strip)
        result.strips.append((strip, y))
        y += strip.height
      }
    }
    pages.append(result)
    notesBefore.formUnion(notes)
    (page, end, notes) = ([], 0, [])
    if !isTurned { placeTurned() }
  }
}
