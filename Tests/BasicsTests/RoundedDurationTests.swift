import Testing

@testable import Basics

@Suite struct RoundedDurationTests {
  @Test(arguments: [
    (0.84, RoundedDuration.tenths(0.8)), (9.94, .tenths(9.9)), (9.96, .seconds(10)), (59.4, .seconds(59)),
    (59.6, .minutes(1, seconds: 0)), (185, .minutes(3, seconds: 5)), (3599.6, .hours(1, minutes: 0)),
    (7800, .hours(2, minutes: 10)),
  ])
  func durationsAreRounded(_ seconds: Double, _ duration: RoundedDuration) {
    #expect(RoundedDuration(seconds) == duration)
  }

  @Test(arguments: [Double.nan, .infinity]) func whatIsNoNumberIsNone(_ seconds: Double) {
    #expect(RoundedDuration(seconds) == nil)
  }
}
