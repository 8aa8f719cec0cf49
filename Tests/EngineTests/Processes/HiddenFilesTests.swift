import Foundation
import Testing

@testable import Engine

@Suite struct HiddenFilesTests {
  @Test func foldersThatAreNotReachedAreHiddenToo() throws {
    let folder = try TemporaryFolder("hidden")
    for name in ["a/.x", "a/b/.y", "a/b/c", ".z/.inner", "d"] {
      try FileManager.default.createDirectory(
        at: folder.url.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      at: folder.url.appendingPathComponent("link"), withDestinationURL: folder.url.appendingPathComponent(".z"))
    func below(_ greatest: Int) -> Set<String> {
      Set(HiddenFiles.below([folder.url], greatest: greatest).map { String($0.path.dropFirst(folder.url.path.count)) })
    }
    #expect(below(100) == ["/.z", "/a/.x", "/a/b/.y"])
    // Four names are in the folder itself.
    #expect(below(4) == ["/.z", "/a", "/d"])
  }
}
