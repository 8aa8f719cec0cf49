internal import CCairo

/// Draws scenes on a Cairo context.
struct CairoRenderer {
  /// A `cairo_t *`.
  let context: OpaquePointer
  let theme: Theme

  /// - Throws: ``DrawingError`` when Cairo reports an error.
  func draw(_ scene: Scene, hasPaper: Bool) throws {
    cairo_save(context)
    if hasPaper {
      setColor(.color(.paper), opacity: 1)
      cairo_rectangle(context, 0, 0, scene.size.width, scene.size.height)
      cairo_fill(context)
    }
    draw(scene.items)
    cairo_restore(context)
    try CairoError.check(cairo_status(context), "drawing the chart")
  }

  private func draw(_ items: [Scene.Item]) {
    for item in items {
      switch item {
      case .shape(let shape): draw(shape)
      case .text(let text): draw(text)
      case .clip(let frame, let items):
        cairo_save(context)
        cairo_rectangle(context, frame.left, frame.top, frame.width, frame.height)
        cairo_clip(context)
        draw(items)
        cairo_restore(context)
      }
    }
  }

  private func draw(_ shape: Shape) {
    cairo_set_line_width(context, shape.strokeWidth)
    let dashes = shape.dashLengths
    cairo_set_dash(context, dashes, Int32(dashes.count), 0)
    cairo_set_line_cap(context, shape.dash == .dotted || isLong(shape) ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_antialias(context, antialiasing(of: shape))
    switch shape.geometry {
    case .lines(let lines):
      let isCrisp = shape.strokeWidth <= 1 && lines.allSatisfy { $0.count == 2 }
      if shape.dash == .solid, lines.contains(where: { $0.count > Self.pieceLength * (shape.opacity < 1 ? 8 : 1) }) {
        strokePieces(of: lines, shape: shape)
      } else {
        for line in lines { addPath(line, isCrisp: isCrisp) }
        paint(shape)
      }
    case .polygons(let polygons):
      for polygon in polygons {
        addPath(polygon)
        cairo_close_path(context)
      }
      paint(shape)
    case .rectangles(let rectangles, let radius):
      for rectangle in rectangles { addPath(rectangle, cornerRadius: radius) }
      paint(shape)
    case .circles(let centers, let radius):
      // Circles are drawn one by one, so that translucent ones add up where they overlap.
      for center in centers {
        cairo_new_sub_path(context)
        cairo_arc(context, center.x, center.y, radius, 0, 2 * .pi)
        paint(shape)
      }
    }
  }

  /// The number of points of a line that are stroked at once.
  private static let pieceLength = 64

  /// Strokes long lines in pieces, because Cairo's time grows with the square of a stroke's self-intersections.
  /// Translucent pieces must not show where they overlap, so they are drawn opaque and blended together, which is
  /// worthwhile only for longer lines.
  private func strokePieces(of lines: [[Point]], shape: Shape) {
    guard let stroke = shape.stroke else { return }
    let isTranslucent = shape.opacity < 1
    if isTranslucent { cairo_push_group(context) }
    setColor(stroke, opacity: 1)
    for line in lines where line.count > 1 {
      var start = 0
      while start < line.count - 1 {
        let end = min(start + Self.pieceLength, line.count)
        addPath(Array(line[start..<end]))
        cairo_stroke(context)
        start = end - 1
      }
    }
    if isTranslucent {
      cairo_pop_group_to_source(context)
      cairo_paint_with_alpha(context, shape.opacity)
    }
  }

  /// Lines with many points, such as a noisy loss, take most of the time. Fewer levels of grey are invisible in them.
  private func antialiasing(of shape: Shape) -> cairo_antialias_t {
    if shape.isCrisp { return CAIRO_ANTIALIAS_NONE }
    guard case .lines(let lines) = shape.geometry, lines.contains(where: { $0.count > Self.pieceLength }) else {
      return CAIRO_ANTIALIAS_DEFAULT
    }
    return CAIRO_ANTIALIAS_FAST
  }

  private func isLong(_ shape: Shape) -> Bool {
    if case .lines(let lines) = shape.geometry { return lines.contains { $0.count > 2 } && shape.dash == .solid }
    return false
  }

  /// - Parameter isCrisp: Whether thin straight lines are centred on pixels, so that they stay sharp.
  private func addPath(_ points: [Point], isCrisp: Bool = false) {
    guard let first = points.first else { return }
    let shiftX = isCrisp && points.allSatisfy { $0.x == first.x } ? 0.5 : 0
    let shiftY = isCrisp && points.allSatisfy { $0.y == first.y } ? 0.5 : 0
    cairo_move_to(context, first.x + shiftX, first.y + shiftY)
    for point in points.dropFirst() { cairo_line_to(context, point.x + shiftX, point.y + shiftY) }
  }

  private func addPath(_ rectangle: Rectangle, cornerRadius: Double) {
    let radius = min(cornerRadius, rectangle.width / 2, rectangle.height / 2)
    guard radius > 0 else {
      cairo_rectangle(context, rectangle.left, rectangle.top, rectangle.width, rectangle.height)
      return
    }
    cairo_new_sub_path(context)
    cairo_arc(context, rectangle.right - radius, rectangle.top + radius, radius, -.pi / 2, 0)
    cairo_arc(context, rectangle.right - radius, rectangle.bottom - radius, radius, 0, .pi / 2)
    cairo_arc(context, rectangle.left + radius, rectangle.bottom - radius, radius, .pi / 2, .pi)
    cairo_arc(context, rectangle.left + radius, rectangle.top + radius, radius, .pi, 1.5 * .pi)
    cairo_close_path(context)
  }

  private func paint(_ shape: Shape) {
    if let fill = shape.fill {
      setColor(fill, opacity: shape.opacity)
      shape.stroke == nil ? cairo_fill(context) : cairo_fill_preserve(context)
    }
    if let stroke = shape.stroke {
      setColor(stroke, opacity: shape.opacity)
      cairo_stroke(context)
    }
  }

  private func draw(_ text: PlacedText) {
    cairo_new_path(context)
    if text.hasHalo {
      cairo_move_to(context, text.origin.x, text.origin.y)
      pango_cairo_layout_path(context, text.text.layout)
      setColor(.color(.paper), opacity: 0.85)
      cairo_set_dash(context, nil, 0, 0)
      cairo_set_line_width(context, 3)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_stroke(context)
    }
    setColor(text.color, opacity: 1)
    cairo_move_to(context, text.origin.x, text.origin.y)
    pango_cairo_show_layout(context, text.text.layout)
    cairo_new_path(context)
  }

  private func setColor(_ role: ColorRole, opacity: Double) {
    let color = theme[role]
    cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255, opacity)
  }
}

/// Converts Cairo's status codes to Swift errors.
enum CairoError {
  static func check(_ status: cairo_status_t, _ activity: String) throws {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    let message = cairo_status_to_string(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
    throw DrawingError("Cairo failed while \(activity): \(message)")
  }
}
