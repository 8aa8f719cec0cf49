import Foundation
import Glibc
import Testing

@testable import Engine

@Suite struct ProcessEntryTests {
  private static func status(_ name: [UInt8], state: String = "S") -> Data {
    let fields = "\(state) 7 12 12 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 3 0 99 1000 250 0 0"
    return Data("42 (".utf8) + name + Data(") \(fields)\n".utf8)
  }

  @Test func fieldsAreRead() throws {
    let entry = try #require(ProcessEntry(42, status: Self.status(Array("sleep".utf8))))
    #expect((entry.name, entry.parent, entry.group) == ("sleep", 7, 12))
    #expect((entry.isAlive, entry.threads, entry.pages) == (true, 3, 250))
    #expect(ProcessEntry(42, status: Self.status([97], state: "Z"))?.isAlive == false)
  }

  /// A process whose name can't be parsed would outlive its cell.
  @Test(arguments: [[0xFF, 0xFE], Array(") Z 1 1 (".utf8), Array("a\nb\u{1B}".utf8), []] as [[UInt8]])
  func anyNameIsRead(name: [UInt8]) throws {
    let entry = try #require(ProcessEntry(42, status: Self.status(name)))
    #expect((entry.parent, entry.group, entry.isAlive) == (7, 12, true))
    #expect(!entry.name.unicodeScalars.contains { $0.value < 32 })
  }

  @Test(arguments: ["", "42", "42 (a", "42 ) a (", "42 (a) S", "42 (a) S x y z"]) func otherTextsAreNone(text: String) {
    #expect(ProcessEntry(42, status: Data(text.utf8)) == nil)
  }

  @Test func thisProcessIsAmongAll() {
    #expect(ProcessEntry.all.contains { $0.process == getpid() && $0.parent == getppid() && $0.isAlive })
  }
}
