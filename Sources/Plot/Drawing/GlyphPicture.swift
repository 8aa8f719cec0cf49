internal import Basics
internal import CCairo
import Foundation

/// A glyph that is a picture in its font, as PNG for SVG.
struct GlyphPicture {
  /// The offset from the glyph's origin on the baseline to the picture's upper left corner, in logical units.
  let left: Double
  let top: Double
  let width: Double
  let height: Double
  let png: Data

  /// Pixels per logical unit, enough for high-density screens.
  private static let scale = 3.0

  /// - Throws: ``DrawingError`` when Cairo can't draw it.
  init(of glyph: ShapedText.Glyph, in text: String) throws {
    guard let font = pango_cairo_font_get_scaled_font(OpaquePointer(glyph.font)) else {
      throw DrawingError("a font for the text \"\(text)\" could not be read")
    }
    var cairoGlyph = cairo_glyph_t(index: UInt(glyph.number), x: 0, y: 0)
    var extents = cairo_text_extents_t()
    cairo_scaled_font_glyph_extents(font, &cairoGlyph, 1, &extents)
    // The margin for blended pixels at the edge.
    let margin = 1.0
    let (left, top) = (extents.x_bearing - margin, extents.y_bearing - margin)
    let (width, height) = (extents.width + 2 * margin, extents.height + 2 * margin)
    (self.left, self.top, self.width, self.height) = (left, top, width, height)
    guard width < 1000, height < 1000 else { throw DrawingError("a character of the text \"\(text)\" is too large") }
    let surface = try CairoSurface(
      width: Int(clamping: (width * Self.scale).rounded(.up)),
      height: Int(clamping: (height * Self.scale).rounded(.up)),
      isTransparent: true)
    try surface.draw(scale: Self.scale) { context in
      cairo_translate(context, -left, -top)
      cairo_set_scaled_font(context, font)
      // The scaled font has a transformation of its own, that of the page.
      var matrix = cairo_matrix_t()
      cairo_matrix_init_scale(&matrix, Self.scale, Self.scale)
      cairo_matrix_translate(&matrix, -left, -top)
      cairo_set_matrix(context, &matrix)
      cairo_show_glyphs(context, &cairoGlyph, 1)
      try CairoError.check(cairo_status(context), "drawing a character of the text \"\(text)\"")
    }
    png = try surface.transparentPNG()
  }
}
