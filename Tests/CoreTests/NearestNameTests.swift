import Testing

@testable import Core

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("kernal", "kernel"), ("KERNEL", "kernel"), ("krenel", "kernel"), ("kernels", "kernel"), ("strid", "stride"),
    ("in_chanels", "in_channels"), ("pads", nil), ("", nil), ("x", nil),
  ])
  func nearest(_ name: String, _ expected: String?) {
    #expect(nearestName(to: name, among: ["kernel", "stride", "in_channels", "out_channels"]) == expected)
  }
}
