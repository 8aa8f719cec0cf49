import Foundation
import Testing

@testable import Engine

@Suite struct UserKeyTests {
  /// A power cut may have left a part of a key. It isn't replaced, because it may also be a key in another form.
  @Test func aFileThatIsNoKeyIsNamedAndKept() throws {
    let folder = try TemporaryFolder("configuration")
    let file = folder.url.appendingPathComponent("key")
    try Data("x".utf8).write(to: file)
    let key = UserKey(keptIn: folder.url)
    #expect(!key.isKept && key.damagedFile == file.path)
    #expect(try Data(contentsOf: file) == Data("x".utf8))
    try FileManager.default.removeItem(at: file)
    let new = UserKey(keptIn: folder.url)
    #expect(new.isKept && new.damagedFile == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["key"])
  }
}
