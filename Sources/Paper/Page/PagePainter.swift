internal import CCairo
import Foundation
import Plot
import Report

/// Draws pages on a Cairo context whose user unit is the logical unit.
struct PagePainter {
  /// A `cairo_t *`.
  let context: OpaquePointer
  let style: PageStyle
  let language: String
  /// Writes links and named places as Cairo's tags; nil on surfaces without tags.
  var tags: PageTags?

  /// The greatest distance by which letters and lines extend beyond their strip, in logical units.
  private static let overhang = 40.0

  /// Draws the part of a page between two heights.
  func draw(_ page: Page, between top: Double = -.infinity, and bottom: Double = .infinity) {
    set(.paper)
    cairo_rectangle(context, 0, 0, page.width, page.height)
    cairo_fill(context)
    drawBackdrops(page)
    if let y = page.notesRule {
      set(.line)
      cairo_rectangle(context, style.margin.side, y, style.column * 0.3, 0.8)
      cairo_fill(context)
    }
    for (strip, y) in page.strips where y + strip.height + Self.overhang > top && y - Self.overhang < bottom {
      for mark in strip.marks {
        let mark = mark.moved(y: y)
        // Charts never extend beyond their areas.
        if case .chart = mark.content, mark.area.bottom <= top || mark.area.y >= bottom { continue }
        draw(mark)
      }
    }
  }

  /// Draws the backdrops. Those of neighbouring strips are painted as one, outer ones first.
  private func drawBackdrops(_ page: Page) {
    var areas: [Int: Area] = [:]
    var order: [Backdrop] = []
    for (strip, y) in page.strips {
      for backdrop in strip.backdrops {
        if let area = areas[backdrop.number] {
          areas[backdrop.number]?.height = y + strip.height - area.y
        } else {
          areas[backdrop.number] = Area(x: backdrop.x, y: y, width: backdrop.width, height: strip.height)
          order.append(backdrop)
        }
      }
    }
    for backdrop in order {
      guard let area = areas[backdrop.number] else { continue }
      if let fill = backdrop.fill {
        set(fill)
        addRounded(area, radius: backdrop.bar == nil ? 5 : 0)
        cairo_fill(context)
      }
      if let bar = backdrop.bar {
        set(bar)
        cairo_rectangle(context, area.x, area.y, 3, area.height)
        cairo_fill(context)
      }
    }
  }

  // MARK: Marks

  private func draw(_ mark: PageMark) {
    let area = mark.area
    switch mark.content {
    case .text(let text, let line):
      set(text.format.color)
      text.draw(line: line, x: area.x, baseline: area.y + text.lines[line].ascent, on: context)
    case .formula(let box, let ink): draw(box, in: area, ink)
    case .chart(let chart): draw(chart, in: area)
    case .picture(let picture):
      cairo_save(context)
      cairo_translate(context, area.x, area.y)
      cairo_scale(context, area.width / Double(picture.width), area.height / Double(picture.height))
      cairo_set_source_surface(context, picture.surface, 0, 0)
      cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_GOOD)
      cairo_paint(context)
      cairo_restore(context)
    case .box(let fill, let stroke, let radius):
      let inset = stroke == nil ? 0 : 0.5
      addRounded(
        Area(x: area.x + inset, y: area.y + inset, width: area.width - 2 * inset, height: area.height - 2 * inset),
        radius: min(radius, area.height / 2))
      if let fill {
        set(fill)
        stroke == nil ? cairo_fill(context) : cairo_fill_preserve(context)
      }
      if let stroke {
        set(stroke)
        cairo_set_line_width(context, 1)
        cairo_stroke(context)
      }
    case .stroke(let points, let ink, let width):
      set(ink)
      stroke(points.map { (area.x + $0.x * area.width, area.y + $0.y * area.height) }, width: width)
    case .link(let target): tags?.link(target, area)
    case .place(let name): tags?.place(name, area)
    case .outline(let title, let level, let place): tags?.outline(title, level: level, place: place)
    }
  }

  private func draw(_ chart: Chart, in area: Area) {
    cairo_save(context)
    cairo_translate(context, area.x, area.y)
    defer { cairo_restore(context) }
    do {
      try chart.draw(on: context, options: DrawingOptions(language: language))
    } catch {
      // The HTML page, which is always written too, has given the warning.
      set(.badSoft)
      cairo_rectangle(context, 0, 0, area.width, area.height)
      cairo_fill(context)
      let message = (error as? DrawingError)?.description ?? String(describing: error)
      guard let setter = try? TextSetter(language: language) else { return }
      let text = setter.set(
        StyledText(message, [.color(.bad)]), TextFormat(size: 0.9 * style.fontSize), width: area.width - 32)
      var y = 16.0
      for (number, line) in text.lines.enumerated() where y + line.height < area.height {
        text.draw(line: number, x: 16, baseline: y + line.ascent, on: context)
        y += line.height
      }
    }
  }

  private func draw(_ box: MathBox, in area: Area, _ ink: Ink) {
    cairo_save(context)
    let factor = box.width > 0 ? area.width / box.width : 1
    cairo_translate(context, area.x, area.y)
    cairo_scale(context, factor, factor)
    cairo_translate(context, 0, box.ascent)
    set(ink)
    for piece in box.pieces {
      switch piece {
      case .rule(let rule):
        cairo_rectangle(context, rule.x, rule.y, rule.width, rule.height)
        cairo_fill(context)
      case .stroke(let points, let width): stroke(points, width: width)
      case .text(let text, let x, let y, let stretch):
        cairo_save(context)
        cairo_translate(context, x, y)
        cairo_scale(context, 1, stretch)
        text.draw(line: 0, x: 0, baseline: 0, on: context)
        cairo_restore(context)
      }
    }
    cairo_restore(context)
  }

  private func stroke(_ points: [(x: Double, y: Double)], width: Double) {
    guard let first = points.first else { return }
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_set_line_width(context, width)
    cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_stroke(context)
  }

  private func addRounded(_ area: Area, radius: Double) {
    guard radius > 0 else { return cairo_rectangle(context, area.x, area.y, area.width, area.height) }
    let radius = min(radius, area.width / 2, area.height / 2)
    cairo_new_sub_path(context)
    cairo_arc(context, area.right - radius, area.y + radius, radius, -.pi / 2, 0)
    cairo_arc(context, area.right - radius, area.bottom - radius, radius, 0, .pi / 2)
    cairo_arc(context, area.x + radius, area.bottom - radius, radius, .pi / 2, .pi)
    cairo_arc(context, area.x + radius, area.y + radius, radius, .pi, 1.5 * .pi)
    cairo_close_path(context)
  }

  func set(_ ink: Ink) {
    let color = ink.light
    cairo_set_source_rgb(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255)
  }
}
