import Plot
import Testing

@testable import Report

@Suite struct InkTests {
  /// WCAG 2.2 requires a contrast of 4.5 for text.
  @Test(arguments: Ink.textOnBackground.map { [$0.text, $0.background] })
  func textStandsOutInLightAndDark(pair: [Ink]) {
    #expect(pair[0].light.contrast(to: pair[1].light) >= 4.5)
    #expect(pair[0].dark.contrast(to: pair[1].dark) >= 4.5)
  }
}
