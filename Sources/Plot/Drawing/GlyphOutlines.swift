internal import CCairo

/// The outlines of glyphs as SVG path data, on a grid of 500 units to an em.
final class GlyphOutlines {
  static let unitsPerEm = 500.0

  private struct Key: Hashable {
    var face: OpaquePointer
    var glyph: UInt32
  }

  private let surface: OpaquePointer
  private let context: OpaquePointer
  private var known: [Key: String] = [:]

  init() throws {
    surface = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, nil)
    guard let context = cairo_create(surface) else { throw DrawingError("Cairo made no context for outlines") }
    self.context = context
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
    // Outlines are rounded to whole units here, so Cairo's own tolerance must be smaller.
    cairo_set_tolerance(context, 0.1)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// The path data; empty for a glyph without ink, nil for a glyph that is a picture, such as a coloured emoji.
  func outline(of glyph: ShapedText.Glyph, in text: String) throws -> String? {
    let scaledFont = pango_cairo_font_get_scaled_font(OpaquePointer(glyph.font))
    guard let scaledFont, let face = cairo_scaled_font_get_font_face(scaledFont) else {
      throw DrawingError("a font for the text \"\(text)\" could not be read")
    }
    let key = Key(face: face, glyph: glyph.number)
    if let outline = known[key] { return outline }
    // Cairo would trace a picture pixel by pixel.
    if Self.isPicture(glyph) { return nil }
    cairo_set_font_face(context, face)
    cairo_set_font_size(context, Self.unitsPerEm)
    var cairoGlyph = cairo_glyph_t(index: UInt(glyph.number), x: 0, y: 0)
    cairo_new_path(context)
    cairo_glyph_path(context, &cairoGlyph, 1)
    try CairoError.check(cairo_status(context), "reading outlines of the text \"\(text)\"")
    guard let path = cairo_copy_path(context) else { return "" }
    defer { cairo_path_destroy(path) }
    let outline = Self.pathData(path)
    known[key] = outline
    return outline
  }

  private static func isPicture(_ glyph: ShapedText.Glyph) -> Bool {
    guard let font = pango_font_get_hb_font(glyph.font), let face = hb_font_get_face(font) else { return false }
    if hb_ot_color_glyph_get_layers(face, glyph.number, 0, nil, nil) > 0 { return true }
    guard hb_ot_color_has_png(face) != 0, let png = hb_ot_color_glyph_reference_png(font, glyph.number) else {
      return false
    }
    defer { hb_blob_destroy(png) }
    return hb_blob_get_length(png) > 0
  }

  private static func pathData(_ path: UnsafeMutablePointer<cairo_path_t>) -> String {
    var writer = PathWriter(unit: 1)
    var position = 0
    while position < Int(path.pointee.num_data), let data = path.pointee.data {
      let header = data[position].header
      func point(_ offset: Int) -> Point {
        Point(x: data[position + offset].point.x, y: data[position + offset].point.y)
      }
      switch header.type {
      case CAIRO_PATH_MOVE_TO: writer.move(to: point(1))
      case CAIRO_PATH_LINE_TO: writer.line(to: point(1))
      case CAIRO_PATH_CURVE_TO: writer.curve(point(1), point(2), to: point(3))
      default: writer.close()
      }
      position += Int(header.length)
    }
    return writer.text
  }
}
