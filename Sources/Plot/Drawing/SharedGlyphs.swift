/// The outlines of letters that the drawings of a page share, so that the page contains each once.
///
/// ```swift
/// let glyphs = SharedGlyphs()
/// let drawings = try charts.map { try $0.svg(glyphs: glyphs) }
/// let page = drawings.joined() + glyphs.svg
/// ```
public final class SharedGlyphs {
  private var references: [String: String] = [:]
  private var definitions = ""
  private var read: GlyphOutlines?

  public init() {}

  /// Reads outlines from fonts, each once for all drawings.
  /// - Throws: ``DrawingError`` when Cairo fails.
  func outlines() throws -> GlyphOutlines {
    if let read { return read }
    let outlines = try GlyphOutlines()
    read = outlines
    return outlines
  }

  /// The id of an outline. Its point distinguishes it from ids that a page makes of words.
  func reference(to outline: String) -> String {
    if let known = references[outline] { return known }
    let reference = "g." + String(references.count + 1, radix: 36)
    references[outline] = reference
    definitions += "<path id=\"\(reference)\" d=\"\(outline)\"/>"
    return reference
  }

  /// The outlines that the drawings refer to, as an SVG without a size. It must be on the same page, and is empty if
  /// no drawing refers to any.
  public var svg: String {
    guard !definitions.isEmpty else { return "" }
    return
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\" "
      + "style=\"position:absolute\"><defs>\(definitions)</defs></svg>"
  }
}
