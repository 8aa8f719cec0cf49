import Foundation
import Glibc
import Testing
import Wire

@testable import Engine

@Suite struct FileDigestTests {
  @Test func aFileHasTheDigestOfItsContent() throws {
    let folder = try TemporaryFolder("digest")
    let file = folder.url.appendingPathComponent("file")
    for size in [0, 1, 1 << 20, (1 << 20) + 1] {
      let content = Data(repeating: 7, count: size)
      try content.write(to: file)
      #expect(SHA256.hexOfFile(file.path) == SHA256.hex(content), "\(size)")
    }
    withExtendedLifetime(folder) {}
  }

  /// Reading a pipe would wait for a writer, and reading a device may never end.
  @Test func onlyRegularFilesHaveADigest() throws {
    let folder = try TemporaryFolder("digest")
    let pipe = folder.url.appendingPathComponent("pipe").path
    #expect(mkfifo(pipe, 0o600) == 0)
    for path in [pipe, folder.url.path, "/dev/zero", "\(folder.url.path)/missing", ""] {
      #expect(SHA256.hexOfFile(path) == nil, "\(path)")
    }
  }
}
