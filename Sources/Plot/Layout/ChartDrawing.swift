internal import Basics
import Foundation

extension Chart {
  /// The chart as SVG for an HTML page: transparent, with `role="img"`, a title and a description.
  ///
  /// The same chart gives the same bytes. Ids inside contain a hash of the content, so that a page may have several
  /// charts.
  ///
  /// - Parameters:
  ///   - theme: The theme; nil writes colours as CSS custom properties that fall back to the light theme
  ///     (`var(--chart-ink,#1b1f24)`), so that one picture serves light and dark pages: see
  ///     ``Theme/customProperties``. With a theme its colours are written directly, on its paper, for viewers without
  ///     CSS.
  ///   - identifier: A text that goes into the ids too, for a page that shows the same chart twice.
  ///   - glyphs: Collects the outlines of letters for a page with several charts; nil keeps them in the drawing.
  /// - Throws: ``DrawingError`` when channels differ in length, a character has no font, or Cairo fails.
  public func svg(
    theme: Theme? = nil, options: DrawingOptions = DrawingOptions(), identifier: String = "",
    glyphs: SharedGlyphs? = nil
  ) throws -> String {
    try DrawingLock.withLock {
      try SVGWriter.text(
        of: ChartLayout.scene(of: self, options: options), theme: theme,
        title: title?.text(language: options.language) ?? "", description: description(language: options.language),
        identifier: identifier, language: options.language, shared: glyphs)
    }
  }

  /// The chart as PNG on the theme's paper.
  ///
  /// - Parameter scale: Pixels per logical unit; 2 for high-density screens.
  /// - Throws: ``DrawingError``, like ``svg(theme:options:identifier:)``.
  public func png(scale: Double = 2, theme: Theme = .light, options: DrawingOptions = DrawingOptions()) throws -> Data {
    guard scale > 0, scale * max(size.width, size.height) <= 32_000 else {
      throw DrawingError(
        "a scale of \(NumberFormat.automatic.text(scale)) is not possible for this chart",
        remedy: "Use a scale such as 1 or 2; no side may have more than 32,000 pixels.")
    }
    let surface = try CairoSurface(
      width: Int(clamping: (size.width * scale).rounded()), height: Int(clamping: (size.height * scale).rounded()))
    try DrawingLock.withLock {
      let scene = try ChartLayout.scene(of: self, options: options)
      try surface.draw(scale: scale) { try CairoRenderer(context: $0, theme: theme).draw(scene, hasPaper: true) }
    }
    return try surface.png(scale: scale)
  }

  /// The chart as a PDF page of its size, with text as text.
  ///
  /// - Throws: ``DrawingError``, like ``svg(theme:options:identifier:)``.
  public func pdf(theme: Theme = .light, options: DrawingOptions = DrawingOptions()) throws -> Data {
    try DrawingLock.withLock {
      let scene = try ChartLayout.scene(of: self, options: options)
      let surface = try CairoSurface(pdfOf: size)
      if let title { surface.setTitle(title.text(language: options.language)) }
      try surface.draw(scale: 0.75) {
        try CairoRenderer(context: $0, theme: theme).draw(scene, hasPaper: theme != .light)
      }
      return try surface.pdf()
    }
  }

  /// Draws the chart on a Cairo context without paper, with its upper left corner at the origin and one user unit per
  /// logical unit, for pages that have more than a chart.
  ///
  /// - Parameter context: A `cairo_t *`. Its state is the same afterwards.
  /// - Throws: ``DrawingError``, like ``svg(theme:options:identifier:)``.
  public func draw(on context: OpaquePointer, theme: Theme = .light, options: DrawingOptions = DrawingOptions()) throws
  {
    try DrawingLock.withLock {
      let scene = try ChartLayout.scene(of: self, options: options)
      try CairoRenderer(context: context, theme: theme).draw(scene, hasPaper: false)
    }
  }
}
