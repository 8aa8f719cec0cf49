import Core
import Testing

@testable import Networks

@Suite struct PointTests {
  @Test(arguments: [
    "32 16 - | 64 40 64 | 128 - 96 | 224 256 -",
    "96k3 - | 144k5 72k3",
    "-",
  ])
  func textGoesBothWays(_ text: String) throws {
    #expect(try Point(text).description == text)
  }

  @Test(arguments: ["32 x", "0", "-8", "16k", "16k0", "k3", "16k3k5", "1.5"])
  func wordsThatAreNoChoice(_ text: String) {
    let error = #expect(throws: InputError.self) { try Point(text) }
    #expect(error?.cause == "\"\(text == "32 x" ? "x" : text)\" in the point \"\(text)\" is not a choice for a unit")
  }

  @Test func pointsOutsideTheSpace() throws {
    let space = ResidualCNN()
    var error = #expect(throws: InputError.self) { try space.point("32 32 32 | 64 64 64") }
    #expect(
      error?.description == """
        the point "32 32 32 | 64 64 64" has 3 | 3 units, but the space residual has 3 | 3 | 3 | 3
          A point names every unit, stage by stage; \
        the whole network is "32 32 32 | 64 64 64 | 128 128 128 | 256 256 256".
        """)
    error = #expect(throws: InputError.self) { try space.point("32 32 32 | - 64 64 | 128 128 128 | 256 256 256") }
    #expect(
      error?.description == """
        the point "32 32 32 | - 64 64 | 128 128 128 | 256 256 256" has - for the unit stages.1.0 of the space residual
          This unit can have: widths 16, 24, 32, 40, 48, 56, 64; it can't be dropped.
        """)
    error = #expect(throws: InputError.self) { try MobileNet().point("32k7 - - | 48k3 - - | 48k3 - - | 96k3 - -") }
    #expect(
      error?.remedy == "This unit can have: widths 32, 48, 64, 96 with k3 or k5, or -.")
  }
}
