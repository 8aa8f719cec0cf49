import Basics
internal import CCairo
@_spi(Drawing) import Plot

/// Sets text in lines with Pango.
///
/// One setter serves one report, under ``DrawingLock``.
final class TextSetter {
  private let context: OpaquePointer
  /// The characters that no installed font has, in the order of their appearance.
  private(set) var missing: [Unicode.Scalar] = []

  /// - Throws: `DrawingError` when Pango can't be set up.
  init(language: String) throws {
    guard let context = FontMap.makeContext() else {
      throw DrawingError("Pango could not be set up for setting text")
    }
    self.context = context
    // Without hinting, a text has the same line breaks on paper and on every screen.
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    pango_cairo_context_set_font_options(context, options)
    cairo_font_options_destroy(options)
    pango_context_set_round_glyph_positions(context, 0)
    pango_context_set_language(context, pango_language_from_string(language))
  }

  deinit {
    DrawingLock.withLock { g_object_unref(UnsafeMutableRawPointer(context)) }
  }

  private static func families(_ family: TextFormat.Family) -> String {
    switch family {
    case .text: "Noto Sans,Noto Sans CJK SC,DejaVu Sans"
    case .code: "DejaVu Sans Mono,Noto Sans Mono,Noto Sans Mono CJK SC,Noto Sans CJK SC"
    case .mathematics: "Noto Serif,Noto Sans Math,Noto Sans CJK SC,DejaVu Serif"
    }
  }

  /// Sets a text in lines no longer than `width`; nil sets each paragraph on one line.
  /// - Parameter breaksWords: Whether words that are too long for a line are broken.
  func set(_ text: StyledText, _ format: TextFormat, width: Double? = nil, breaksWords: Bool = true) -> SetText {
    // Pango returns nil only if memory runs out, and then nothing can continue.
    let layout = pango_layout_new(context)!
    let description = pango_font_description_new()
    pango_font_description_set_family(description, Self.families(format.family))
    pango_font_description_set_absolute_size(description, format.size * Double(PANGO_SCALE))
    pango_font_description_set_weight(description, format.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    pango_font_description_set_style(description, format.isItalic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL)
    pango_layout_set_font_description(layout, description)
    pango_font_description_free(description)
    pango_layout_set_text(layout, text.text, Int32(text.text.utf8.count))
    if let width {
      pango_layout_set_width(layout, Int32(clamping: (max(width, 0) * Double(PANGO_SCALE)).rounded(.up)))
      pango_layout_set_wrap(layout, breaksWords ? PANGO_WRAP_WORD_CHAR : PANGO_WRAP_WORD)
    }
    let attributes = TextAttributes(text, format)
    pango_layout_set_attributes(layout, attributes.list)
    let result = SetText(text: text, format: format, layout: layout)
    if pango_layout_get_unknown_glyphs_count(layout) > 0 { collectMissing(layout) }
    return result
  }

  /// Sets a text in the number of lines that it needs at `width`, with about equal lengths. No word is broken for the
  /// sake of equal lengths.
  func balanced(_ text: StyledText, _ format: TextFormat, width: Double, breaksWords: Bool = true) -> SetText {
    let whole = set(text, format, width: width, breaksWords: breaksWords)
    guard (2...4).contains(whole.lines.count) else { return whole }
    var (tooNarrow, enough, best) = (width / Double(whole.lines.count) - 1, width, whole)
    while enough - tooNarrow > 0.5 * format.size {
      let tried = (tooNarrow + enough) / 2
      let narrower = set(text, format, width: tried, breaksWords: false)
      if narrower.lines.count == whole.lines.count, narrower.width <= tried + 0.5 {
        (enough, best) = (tried, narrower)
      } else {
        tooNarrow = tried
      }
    }
    return best
  }

  private func collectMissing(_ layout: OpaquePointer) {
    let iterator = pango_layout_get_iter(layout)
    defer { pango_layout_iter_free(iterator) }
    repeat {
      guard let string = pango_layout_iter_get_run_readonly(iterator)?.pointee.glyphs?.pointee else { continue }
      for position in 0..<Int(string.num_glyphs) {
        let glyph = string.glyphs[position].glyph
        // Pango marks the code point of a character for which it has no glyph.
        guard glyph != 0x0FFF_FFFF, glyph & 0x1000_0000 != 0, let scalar = Unicode.Scalar(glyph & ~0x1000_0000),
          !missing.contains(scalar)
        else { continue }
        missing.append(scalar)
      }
    } while pango_layout_iter_next_run(iterator) != 0
  }
}

/// The Pango attributes of a styled text.
private final class TextAttributes {
  let list: OpaquePointer?

  init(_ text: StyledText, _ format: TextFormat) {
    list = pango_attr_list_new()
    let all = 0..<text.text.utf8.count
    // Where a long word or a digest breaks, Pango's hyphen would look like a part of it.
    if !text.text.unicodeScalars.contains("\u{AD}") { add(pango_attr_insert_hyphens_new(0), all) }
    if format.hasTabularFigures { add(pango_attr_font_features_new("tnum=1, lnum=1"), all) }
    for range in Self.doubledPunctuation(text.text) { add(pango_attr_font_features_new("halt=1"), range) }
    for span in text.spans { add(span.attribute, span.range, format) }
    for (object, offset) in text.objects {
      var area = PangoRectangle(
        x: 0, y: -Self.units(object.ascent), width: Self.units(object.width),
        height: Self.units(object.ascent + object.descent))
      add(pango_attr_shape_new(&area, &area), offset..<(offset + 3))
    }
  }

  deinit {
    pango_attr_list_unref(list)
  }

  private static func units(_ value: Double) -> Int32 {
    Int32(clamping: (value * Double(PANGO_SCALE)).rounded())
  }

  private func add(_ attribute: UnsafeMutablePointer<PangoAttribute>?, _ range: Range<Int>) {
    attribute?.pointee.start_index = UInt32(range.lowerBound)
    attribute?.pointee.end_index = UInt32(range.upperBound)
    pango_attr_list_insert(list, attribute)
  }

  private func add(_ attribute: StyledText.Attribute, _ range: Range<Int>, _ format: TextFormat) {
    switch attribute {
    case .bold: add(pango_attr_weight_new(PANGO_WEIGHT_BOLD), range)
    case .italic: add(pango_attr_style_new(PANGO_STYLE_ITALIC), range)
    case .monospaced: add(pango_attr_family_new("DejaVu Sans Mono,Noto Sans Mono,Noto Sans Mono CJK SC"), range)
    case .deleted: add(pango_attr_strikethrough_new(1), range)
    case .underlined: add(pango_attr_underline_new(PANGO_UNDERLINE_SINGLE), range)
    case .superscript, .subscript:
      add(pango_attr_scale_new(0.72), range)
      add(pango_attr_rise_new(Self.units(format.size * (attribute == .superscript ? 0.36 : -0.16))), range)
    case .scale(let factor): add(pango_attr_scale_new(factor), range)
    case .color(let ink):
      let color = ink.light
      add(
        pango_attr_foreground_new(UInt16(color.red) * 257, UInt16(color.green) * 257, UInt16(color.blue) * 257), range)
    case .dotted, .background, .link, .note: break
    }
  }

  /// The ranges of punctuation that takes half its square because more punctuation follows: the first of 」。 and of
  /// 。（, the second of （「.
  private static func doubledPunctuation(_ text: String) -> [Range<Int>] {
    let closing = "、。，．：；！？）〕］｝〉》」』】〗"
    let opening = "（〔［｛〈《「『【〖"
    var ranges: [Range<Int>] = []
    var before: (character: Character, offset: Int)?
    var offset = 0
    for character in text {
      if let before, closing.contains(before.character), closing.contains(character) || opening.contains(character) {
        ranges.append(before.offset..<offset)
      } else if let before, opening.contains(before.character), opening.contains(character) {
        ranges.append(offset..<(offset + character.utf8.count))
      }
      before = (character, offset)
      offset += character.utf8.count
    }
    return ranges
  }
}
