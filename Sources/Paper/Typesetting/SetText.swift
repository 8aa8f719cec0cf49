internal import CCairo
@_spi(Drawing) import Plot

/// A text set in lines.
final class SetText {
  let text: StyledText
  let format: TextFormat
  /// A `PangoLayout *`.
  private let layout: OpaquePointer
  private(set) var lines: [Line] = []

  /// One line: its height above and below its baseline, and its width.
  struct Line {
    var width: Double
    var ascent: Double
    var descent: Double
    /// The byte range of the text in the line.
    var range: Range<Int>
    /// The numbers of the text's spans that reach into the line.
    var spans: [Int] = []
    /// The numbers of the text's objects in the line.
    var objects: Range<Int>

    var height: Double { ascent + descent }
  }

  /// Takes ownership of the layout.
  init(text: StyledText, format: TextFormat, layout: OpaquePointer) {
    self.text = text
    self.format = format
    self.layout = layout
    // The ascent and descent of Noto Sans, as fractions of the size. Half of the leading is added above, half below.
    let (up, down) = (1.069, 0.293)
    let leading = (format.lineHeight - up - down) / 2
    // Lines and objects are both in the order of the text.
    var firstObject = 0
    let iterator = pango_layout_get_iter(layout)
    defer { pango_layout_iter_free(iterator) }
    repeat {
      guard let line = pango_layout_iter_get_line_readonly(iterator) else { continue }
      var extents = PangoRectangle()
      pango_layout_line_get_extents(line, nil, &extents)
      let start = Int(line.pointee.start_index)
      var entry = Line(
        width: Double(extents.width) / Double(PANGO_SCALE), ascent: format.size * (up + leading),
        descent: format.size * (down + leading), range: start..<(start + Int(line.pointee.length)), objects: 0..<0)
      while firstObject < text.objects.count, text.objects[firstObject].offset < start { firstObject += 1 }
      var end = firstObject
      while end < text.objects.count, text.objects[end].offset < entry.range.upperBound {
        let object = text.objects[end].object
        entry.ascent = max(entry.ascent, object.ascent + 0.15 * format.size)
        entry.descent = max(entry.descent, object.descent + 0.15 * format.size)
        end += 1
      }
      entry.objects = firstObject..<end
      lines.append(entry)
    } while pango_layout_iter_next_line(iterator) != 0
    for (number, span) in text.spans.enumerated() {
      var line = lines.partitioningIndex { $0.range.upperBound > span.range.lowerBound }
      while line < lines.count, lines[line].range.lowerBound < span.range.upperBound {
        lines[line].spans.append(number)
        line += 1
      }
    }
  }

  deinit {
    DrawingLock.withLock { g_object_unref(UnsafeMutableRawPointer(layout)) }
  }

  /// The length of the longest line.
  var width: Double { lines.map(\.width).max() ?? 0 }
  var height: Double { lines.reduce(0) { $0 + $1.height } }

  /// The ascent and the descent of the ink in the first line.
  var inkExtents: (ascent: Double, descent: Double) {
    guard let line = pango_layout_get_line_readonly(layout, 0) else { return (0, 0) }
    var extents = PangoRectangle()
    pango_layout_line_get_extents(line, &extents, nil)
    let unit = Double(PANGO_SCALE)
    return (-Double(extents.y) / unit, Double(extents.y + extents.height) / unit)
  }

  /// The horizontal extents of a byte range on a line: pairs of left edge and width.
  func extents(of range: Range<Int>, line number: Int) -> [(x: Double, width: Double)] {
    let part = range.clamped(to: lines[number].range)
    guard !part.isEmpty, let line = pango_layout_get_line_readonly(layout, Int32(number)) else { return [] }
    var ranges: UnsafeMutablePointer<Int32>?
    var count: Int32 = 0
    pango_layout_line_get_x_ranges(line, Int32(part.lowerBound), Int32(part.upperBound), &ranges, &count)
    defer { g_free(ranges) }
    guard let ranges else { return [] }
    var places: [(x: Double, width: Double)] = []
    for position in 0..<Int(count) {
      let start = Double(ranges[2 * position]) / Double(PANGO_SCALE)
      let width = Double(ranges[2 * position + 1]) / Double(PANGO_SCALE) - start
      // Pango gives one extent for each font. Adjacent ones are merged.
      if let last = places.last, abs(last.x + last.width - start) < 0.1 {
        places[places.count - 1].width += width
      } else {
        places.append((start, width))
      }
    }
    return places
  }

  /// Draws a line, with the left end of its baseline at a point.
  /// - Parameter context: A `cairo_t *`.
  func draw(line number: Int, x: Double, baseline: Double, on context: OpaquePointer) {
    guard let line = pango_layout_get_line_readonly(layout, Int32(number)) else { return }
    cairo_move_to(context, x, baseline)
    pango_cairo_show_layout_line(context, line)
    cairo_new_path(context)
  }
}

extension [SetText.Line] {
  /// The first index whose line fulfils a condition that all lines behind it fulfil, too; the count for none.
  fileprivate func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
