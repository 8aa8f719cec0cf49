import Basics
import Foundation
import Testing

struct FileCauseTests {
  @Test func writingToAFolderThatIsMissing() {
    let error = #expect(throws: (any Error).self) {
      try Data().write(to: URL(fileURLWithPath: "/no/such/folder/file"), options: .atomic)
    }
    #expect(error.map(fileCause) == "No such file or directory")
  }

  @Test(arguments: [
    (CocoaError(.fileWriteOutOfSpace) as any Error & Sendable, "No space left on device"),
    (CocoaError(.fileWriteNoPermission), "Permission denied"), (POSIXError(.EROFS), "Read-only file system"),
  ])
  func causesAreTheSystemsWords(error: any Error & Sendable, text: String) {
    #expect(fileCause(error) == text)
  }
}
