/// The colours for the roles of colour in a chart.
///
/// Series colours are Petroff's set of ten for all kinds of colour vision (arXiv:2107.02270). They are lightened or
/// darkened only if their contrast with the paper is too low.
public struct Theme: Hashable, Sendable {
  /// The name: "light" or "dark".
  public var name: String
  public var paper: RGB
  public var ink: RGB
  public var muted: RGB
  public var grid: RGB
  /// The ten colours of lines and areas.
  public var series: [RGB]
  /// The colours of amounts from least to greatest: ``RGB/viridis(_:)`` without the end that is too near to the
  /// paper.
  public var amounts: [RGB]
  /// The series colours for text, with a contrast of at least 4.5 to the paper (WCAG AA).
  public var seriesText: [RGB]

  public init(name: String, paper: RGB, ink: RGB, muted: RGB, grid: RGB, palette: [RGB] = RGB.petroff) {
    self.name = name
    self.paper = paper
    self.ink = ink
    self.muted = muted
    self.grid = grid
    // Dark colours disappear on dark paper sooner than light ones on light paper.
    series = palette.map { $0.readable(on: paper, contrast: paper.luminance > 0.18 ? 1.9 : 3.2) }
    seriesText = palette.map { $0.readable(on: paper, contrast: 4.6) }
    let shares = paper.luminance > 0.18 ? 0...0.97 : 0.24...1.0
    amounts = (0..<Theme.amountCount).map { level in
      let share = Double(level) / Double(Theme.amountCount - 1)
      return RGB.viridis(shares.lowerBound + share * (shares.upperBound - shares.lowerBound))
    }
  }

  public static let light = Theme(
    name: "light", paper: RGB(0xFFFFFF), ink: RGB(0x1B1F24), muted: RGB(0x5F6873), grid: RGB(0xE4E7EB))

  public static let dark = Theme(
    name: "dark", paper: RGB(0x14171C), ink: RGB(0xE8EAED), muted: RGB(0x9BA3AE), grid: RGB(0x2C323A))

  /// The colours as CSS declarations in a fixed order, for a rule of the page that inlines charts:
  /// `--chart-paper:#14171c;--chart-ink:...`.
  public var customProperties: String {
    ColorRole.all.map { "\($0.customProperty):\(self[$0].hexadecimal);" }.joined()
  }

  subscript(role: ColorRole) -> RGB {
    switch role {
    case .color(.paper): paper
    case .color(.ink): ink
    case .color(.muted): muted
    case .color(.grid): grid
    case .color(.series(let index)): series[Theme.wrapped(index)]
    case .text(let index): seriesText[Theme.wrapped(index)]
    case .amount(let level): amounts[level]
    case .onAmount(let level): amounts[level].contrastingText
    }
  }

  static let seriesCount = 10
  /// The number of steps, which the eye can hardly distinguish.
  static let amountCount = 24

  static func wrapped(_ index: Int) -> Int {
    ((index % seriesCount) + seriesCount) % seriesCount
  }
}

/// A colour of the chart in one of its uses: as a form, as text in a series' colour, as the colour of an amount, or
/// as text on that colour.
enum ColorRole: Hashable, Sendable {
  case color(Color)
  case text(series: Int)
  /// A level below ``Theme/amountCount``.
  case amount(Int)
  case onAmount(Int)

  static let all: [ColorRole] =
    [.color(.paper), .color(.ink), .color(.muted), .color(.grid)]
    + (0..<Theme.seriesCount).map { .color(.series($0)) } + (0..<Theme.seriesCount).map { .text(series: $0) }
    + (0..<Theme.amountCount).map { .amount($0) } + (0..<Theme.amountCount).map { .onAmount($0) }

  /// The colour for text that belongs to marks of a colour.
  static func forText(_ color: Color) -> ColorRole {
    if case .series(let index) = color { .text(series: index) } else { .color(color) }
  }

  /// The name of its CSS custom property.
  var customProperty: String {
    switch self {
    case .color(.paper): "--chart-paper"
    case .color(.ink): "--chart-ink"
    case .color(.muted): "--chart-muted"
    case .color(.grid): "--chart-grid"
    case .color(.series(let index)): "--chart-\(Theme.wrapped(index) + 1)"
    case .text(let index): "--chart-text-\(Theme.wrapped(index) + 1)"
    case .amount(let level): "--chart-amount-\(level)"
    case .onAmount(let level): "--chart-on-\(level)"
    }
  }
}
