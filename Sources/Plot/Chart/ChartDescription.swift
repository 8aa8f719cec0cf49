internal import Basics

extension Chart {
  /// One or two sentences that describe the chart's data, for readers who can't see it.
  ///
  /// - Parameter language: BCP 47 tag of the reader's language.
  public func description(language tag: String = "en") -> String {
    let language = Language(tag: tag)
    let stop = language.fullStop
    let title = title.map { title -> String in
      let text = title.text(in: language)
      return text.last.map { ".。!！?？".contains($0) } ?? true ? text : text + stop
    }
    var sentences =
      summary.isEmpty ? panels.compactMap { $0.summary(in: language) } : summary.map { $0.text(in: language) }
    if sentences.allSatisfy(\.isEmpty), panels.allSatisfy(\.isEmpty) {
      sentences = [Phrase(.nothing).text(in: language)]
    }
    sentences += omissions.compactMap { $0.note?.text(in: language) }
    return ([title].compactMap { $0 } + sentences.map { $0.hasSuffix(stop) ? $0 : $0 + stop })
      .joined(separator: language.sentenceSpace)
  }
}

extension Panel {
  /// A sentence with the least and greatest values of both axes; nil for a panel without data.
  func summary(in language: Language) -> String? {
    guard let x = extent(.horizontal), let y = extent(.vertical) else { return nil }
    let ends: [(Double, Axis)] = [
      (x.lowerBound, self.x), (x.upperBound, self.x), (y.lowerBound, self.y), (y.upperBound, self.y),
    ]
    let texts = ends.map { value, axis in
      if case .category(let names) = axis.scale {
        let index = max(0, min(names.count - 1, Int(clamping: value.rounded())))
        return Phrase.Argument.phrase(names.isEmpty ? "" : names[index])
      }
      if axis.scale == .time { return .phrase(.date(value)) }
      return .phrase(.words(axis.format.text(value, in: language) + (axis.unit.map { " \($0)" } ?? "")))
    }
    let names = [x, y].indices.map { position in
      let axis = position == 0 ? self.x : self.y
      return Phrase.Argument.phrase(axis.title ?? (position == 0 ? "x" : "y"))
    }
    return Phrase.term(.extentSummary, texts + names).text(in: language)
  }

  /// The range of the finite values of all layers in a direction.
  func extent(_ direction: Mark.Direction) -> ClosedRange<Double>? {
    let extents = layers.flatMap { $0.mark.channels(direction) }.compactMap(\.extent)
    guard let low = extents.map(\.lowerBound).min(), let high = extents.map(\.upperBound).max() else { return nil }
    return low...high
  }

  /// The least value above 0 of all layers in a direction; nil if there is none.
  func leastPositive(_ direction: Mark.Direction) -> Double? {
    layers.flatMap { $0.mark.channels(direction) }.compactMap(\.leastPositive).min()
  }
}

extension Mark {
  /// The channels that are positions in a direction.
  func channels(_ direction: Direction) -> [Values] {
    switch (self, direction) {
    case (.line(let x, _), .horizontal), (.point(let x, _), .horizontal), (.area(let x, _, _), .horizontal),
      (.text(let x, _, _), .horizontal):
      [x]
    case (.line(_, let y), .vertical), (.point(_, let y), .vertical), (.text(_, let y, _), .vertical): [y]
    case (.area(_, let low, let high), .vertical): [low, high]
    case (.rectangle(let left, let right, _, _), .horizontal): [left, right]
    case (.rectangle(_, _, let bottom, let top), .vertical): [bottom, top]
    case (.rule(.vertical, let positions), .horizontal), (.rule(.horizontal, let positions), .vertical): [positions]
    case (.rule, _): []
    }
  }
}
