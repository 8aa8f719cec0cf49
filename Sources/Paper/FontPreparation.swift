import Dispatch
@_spi(Drawing) import Plot
import Report

/// Finds and opens the fonts of a report while other work goes on. This takes as long as setting all of its text.
package enum FontPreparation {
  /// Starts to find the fonts for texts in a language on another thread. Errors are reported when the fonts are
  /// needed.
  package static func begin(language: String) {
    DispatchQueue.global(qos: .userInitiated).async {
      try? DrawingLock.withLock {
        let setter = try TextSetter(language: language)
        let raster = try Raster(width: 8, height: 8)
        let sample = StyledText(reportWords(for: language).tag.hasPrefix("zh") ? "Aa1（中）" : "Aa1")
        try raster.draw(scale: 1) { context in
          for isBold in [false, true] {
            var format = TextFormat(size: 15)
            format.isBold = isBold
            setter.set(sample, format).draw(line: 0, x: 0, baseline: 8, on: context)
          }
          // These fonts are shared with charts.
          try Chart.line(x: [1, 2], y: [1, 2]).draw(on: context, options: DrawingOptions(language: language))
        }
      }
    }
  }
}
