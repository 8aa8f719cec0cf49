import Basics
import Testing

@Suite struct MedianTests {
  @Test func theMedianIsTheMiddleOrTheMeanOfTwo() {
    #expect([Double]().median == nil)
    #expect([3.0].median == 3)
    #expect([4.0, 1.0].median == 2.5)
    #expect([9.0, 1.0, 4.0].median == 4)
    #expect([9.0, 1.0, 4.0, 2.0].median == 3)
  }
}
