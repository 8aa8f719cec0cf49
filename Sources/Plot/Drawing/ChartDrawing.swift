import Foundation

extension Chart {
  /// The chart as SVG to be put into an HTML page: transparent, with `role="img"`, a title and a description.
  ///
  /// The same chart gives the same bytes. Ids inside carry a hash of the content, so that several charts stand on one page.
  ///
  /// - Parameters:
  ///   - theme: nil writes colours as CSS custom properties that fall back to the light theme
  ///     (`var(--chart-ink,#1b1f24)`), so that one picture serves light and dark pages: see ``Theme/customProperties``.
  ///     With a theme, its colours stand there plainly, on its paper, for viewers that know no CSS.
  ///   - identifier: Goes into the ids too; for a page that shows one chart twice.
  /// - Throws: ``DrawingError`` when channels differ in length, a character has no font, or Cairo fails.
  public func svg(theme: Theme? = nil, options: DrawingOptions = DrawingOptions(), identifier: String = "") throws
    -> String
  {
    throw DrawingError("SVG is not drawn yet")
  }

  /// The chart as PNG on the theme's paper.
  ///
  /// - Parameter scale: Pixels to a logical unit: 2 for screens of high density.
  /// - Throws: ``DrawingError``, as ``svg(theme:options:identifier:)`` does.
  public func png(scale: Double = 2, theme: Theme = .light, options: DrawingOptions = DrawingOptions()) throws -> Data {
    throw DrawingError("PNG is not drawn yet")
  }

  /// The chart as a PDF page of its size, text as text.
  ///
  /// - Throws: ``DrawingError``, as ``svg(theme:options:identifier:)`` does.
  public func pdf(theme: Theme = .light, options: DrawingOptions = DrawingOptions()) throws -> Data {
    throw DrawingError("PDF is not drawn yet")
  }

  /// Draws the chart on a Cairo context with its upper left corner at the origin, one logical unit to a user unit,
  /// without paper: for pages that hold more than a chart.
  ///
  /// - Parameter context: A `cairo_t *`; its state is as before afterwards.
  /// - Throws: ``DrawingError``, as ``svg(theme:options:identifier:)`` does.
  public func draw(on context: OpaquePointer, theme: Theme = .light, options: DrawingOptions = DrawingOptions()) throws
  {
    throw DrawingError("nothing is drawn yet")
  }
}
