internal import Basics
internal import CCairo

/// Shapes text with Pango: fontconfig finds the fonts, and a line may have several scripts.
///
/// A shaper caches texts, because most drawings of a report share them: numbers, and the words of a chart that is
/// drawn several times. It may be used only under ``DrawingLock``.
final class TextShaper {
  private let context: OpaquePointer
  private let families: String
  private var shaped: [Key: ShapedText] = [:]

  /// The number of cached texts after which the cache is emptied.
  private static let capacity = 4_000

  // Only the thread that holds the lock uses them.
  nonisolated(unsafe) private static var shapers: [DrawingOptions: TextShaper] = [:]

  /// The shaper of all drawings with the same options.
  /// - Throws: ``DrawingError`` when no font is installed.
  static func shared(_ options: DrawingOptions) throws -> TextShaper {
    try DrawingLock.withLock {
      if let known = shapers[options] { return known }
      let shaper = try TextShaper(options: options)
      if shapers.count >= 8 { shapers = [:] }
      shapers[options] = shaper
      return shaper
    }
  }

  private struct Key: Hashable {
    var text: String
    var size: Double
    var isBold: Bool
    var width: Double?
    var isCentered: Bool
  }

  /// - Throws: ``DrawingError`` when no font is installed.
  init(options: DrawingOptions) throws {
    guard FontInventory.hasFonts else { throw FontInventory.noFonts }
    families = options.fontFamilies.joined(separator: ",")
    guard let context = FontMap.makeContext() else {
      throw DrawingError("Pango could not be set up for drawing text")
    }
    self.context = context
    // Without hinting, a text has the same width at every scale.
    let fontOptions = cairo_font_options_create()
    cairo_font_options_set_antialias(fontOptions, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(fontOptions, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(fontOptions, CAIRO_HINT_METRICS_OFF)
    pango_cairo_context_set_font_options(context, fontOptions)
    cairo_font_options_destroy(fontOptions)
    pango_context_set_round_glyph_positions(context, 0)
    pango_context_set_language(context, pango_language_from_string(options.language))
  }

  deinit {
    DrawingLock.withLock { g_object_unref(UnsafeMutableRawPointer(context)) }
  }

  /// Shapes a text.
  ///
  /// - Parameters:
  ///   - size: The size of the letters, in logical units per em.
  ///   - width: The width at which lines are broken; nil for a single line.
  ///   - isCentered: Whether lines are centred in the widest line, or in the width.
  /// - Throws: ``DrawingError`` when no installed font has a character of the text.
  func shape(
    _ text: String, size: Double, isBold: Bool = false, width: Double? = nil, isCentered: Bool = false
  ) throws -> ShapedText {
    let text = text.visibleLines
    return try DrawingLock.withLock {
      let key = Key(text: text, size: size, isBold: isBold, width: width, isCentered: isCentered)
      if let known = shaped[key] { return known }
      let result = try laidOut(key)
      let missing = result.missingCharacters
      guard missing.isEmpty else { throw FontInventory.missing(missing, in: text) }
      if shaped.count >= Self.capacity { shaped = [:] }
      shaped[key] = result
      return result
    }
  }

  private func laidOut(_ key: Key) throws -> ShapedText {
    let (text, size) = (key.text, key.size)
    guard let layout = pango_layout_new(context) else { throw DrawingError("Pango could not lay out \"\(text)\"") }
    let description = pango_font_description_new()
    pango_font_description_set_family(description, families)
    pango_font_description_set_absolute_size(description, size * Double(PANGO_SCALE))
    pango_font_description_set_weight(description, key.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    pango_layout_set_font_description(layout, description)
    pango_font_description_free(description)
    pango_layout_set_text(layout, text, -1)
    pango_layout_set_line_spacing(layout, 1.05)
    if let width = key.width {
      pango_layout_set_width(layout, Int32(clamping: (width * Double(PANGO_SCALE)).rounded(.up)))
      pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    }
    if key.isCentered { pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER) }
    return ShapedText(text: text, size: size, layout: layout)
  }
}

/// A shaped text: its glyphs are chosen and placed.
final class ShapedText {
  let text: String
  /// The size of the letters, in logical units per em.
  let size: Double
  /// A `PangoLayout *`.
  let layout: OpaquePointer
  let width: Double
  /// The width in which lines are centred, if they are; else the text's own width.
  let frameWidth: Double
  let height: Double
  /// The distance from the upper edge to the baseline of the first line.
  let baseline: Double

  /// Takes ownership of the layout.
  init(text: String, size: Double, layout: OpaquePointer) {
    self.text = text
    self.size = size
    self.layout = layout
    var extents = PangoRectangle()
    pango_layout_get_extents(layout, nil, &extents)
    width = Double(extents.width) / Double(PANGO_SCALE)
    let frame = pango_layout_get_width(layout)
    let isCentered = pango_layout_get_alignment(layout) == PANGO_ALIGN_CENTER
    frameWidth = isCentered && frame > 0 ? Double(frame) / Double(PANGO_SCALE) : width
    height = Double(extents.height) / Double(PANGO_SCALE)
    baseline = Double(pango_layout_get_baseline(layout)) / Double(PANGO_SCALE)
  }

  deinit {
    DrawingLock.withLock { g_object_unref(UnsafeMutableRawPointer(layout)) }
  }

  /// The upper edge for which the text's middle is at a height. For a single line it is the middle of the digits,
  /// whatever fonts the line has, so that neighbours share a baseline.
  func top(centeredOn y: Double) -> Double {
    pango_layout_get_line_count(layout) > 1 ? y - height / 2 : y + 0.36 * size - baseline
  }

  /// A glyph with the position of its origin on the baseline, in logical units from the text's upper left corner.
  struct Glyph {
    /// A `PangoFont *` that lives as long as the text.
    var font: UnsafeMutablePointer<PangoFont>
    var number: UInt32
    var x: Double
    var y: Double
  }

  /// All glyphs, with lines from top to bottom.
  var glyphs: [Glyph] {
    var result: [Glyph] = []
    let unit = Double(PANGO_SCALE)
    let iterator = pango_layout_get_iter(layout)
    defer { pango_layout_iter_free(iterator) }
    repeat {
      guard let run = pango_layout_iter_get_run_readonly(iterator)?.pointee, let string = run.glyphs?.pointee,
        let font = run.item?.pointee.analysis.font
      else { continue }
      var extents = PangoRectangle()
      pango_layout_iter_get_run_extents(iterator, nil, &extents)
      let baseline = pango_layout_iter_get_baseline(iterator)
      var x = extents.x
      for position in 0..<Int(string.num_glyphs) {
        let glyph = string.glyphs[position]
        if glyph.glyph != PangoGlyph(0x0FFF_FFFF) {
          result.append(
            Glyph(
              font: font, number: glyph.glyph, x: Double(x + glyph.geometry.x_offset) / unit,
              y: Double(baseline + glyph.geometry.y_offset) / unit))
        }
        x += glyph.geometry.width
      }
    } while pango_layout_iter_next_run(iterator) != 0
    return result
  }

  /// The characters that no font has. Pango marks their code points instead of glyphs.
  var missingCharacters: [Unicode.Scalar] {
    guard pango_layout_get_unknown_glyphs_count(layout) > 0 else { return [] }
    var found: [Unicode.Scalar] = []
    for glyph in glyphs where glyph.number & 0x1000_0000 != 0 {
      if let scalar = Unicode.Scalar(glyph.number & ~0x1000_0000), !found.contains(scalar) { found.append(scalar) }
    }
    return found
  }
}
