import Foundation
import Testing

@testable import Engine

@Suite struct UserCacheTests {
  private let home = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-cache-\(UUID())")

  private func place(_ name: String) -> URL { home.appendingPathComponent(name) }

  @Test func keepsWhatItIsGiven() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let cache = UserCache(folder: place("cache"))
    #expect(cache.record("compiler", as: [String].self) == nil)
    try cache.setRecord("compiler", ["Swift 6.3"])
    #expect(cache.record("compiler") == ["Swift 6.3"])
    try cache.setRecord("compiler", ["Swift 6.4"])
    #expect(UserCache(folder: place("cache")).record("compiler") == ["Swift 6.4"])
  }

  @Test func whatCannotBeKeptLastsAsLongAsTheCache() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    // A file in place of the folder causes an error even for root.
    try Data().write(to: place("cache"))
    for folder in [place("cache"), nil] {
      let cache = UserCache(folder: folder)
      try cache.setRecord("compiler", 1)
      #expect(cache.record("compiler") == 1)
      let file = try cache.write(Data("text".utf8), as: "deep/file")
      #expect(try Data(contentsOf: file) == Data("text".utf8))
      #expect(UserCache(folder: folder).record("compiler", as: Int.self) == nil)
    }
  }

  @Test func aFolderThatOthersCanWriteIsNotBelieved() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let cache = UserCache(folder: place("cache"))
    try cache.setRecord("compiler", 1)
    #expect(UserCache(folder: place("cache")).record("compiler") == 1)
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: place("cache").path)
    #expect(UserCache(folder: place("cache")).record("compiler", as: Int.self) == nil)
  }

  @Test func aRecordOfAnotherNameOrUserIsNone() throws {
    let (mine, other) = (UserKey(keptIn: nil), UserKey(keptIn: nil))
    let record = try StoreRecord.data(["run": "/bin/sh"], as: "steps-1", key: mine)
    #expect(StoreRecord.reading(record, as: "steps-1", key: mine) == .json(Data(#"{"run":"/bin/sh"}"#.utf8)))
    #expect(StoreRecord.reading(record, as: "steps-2", key: mine) == .foreign)
    #expect(StoreRecord.reading(record, as: "steps-1", key: other) == .foreign)
    for place in record.indices {
      var damaged = record
      damaged[place] ^= 1
      #expect(StoreRecord.reading(damaged, as: "steps-1", key: mine) == .damaged)
    }
  }

  @Test(arguments: ["", "no record", "{}", "\u{0}"])
  func aDamagedRecordIsMadeAnew(content: String) throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let cache = UserCache(folder: place("cache"))
    try cache.setRecord("compiler", "Swift")
    try Data(content.utf8).write(to: place("cache").appendingPathComponent("compiler"))
    #expect(cache.record("compiler", as: String.self) == nil)
    try cache.setRecord("compiler", "Swift")
    #expect(cache.record("compiler") == "Swift")
    #expect(cache.record("compiler", as: Int.self) == nil)
  }

  @Test func aFactHoldsUntilItsFileChanges() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let cache = UserCache(folder: place("cache"))
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    let file = place("compiler").path
    try Data("one".utf8).write(to: place("compiler"))
    #expect(try cache.fact("version", about: file) == Int?.none)
    try cache.keepFact("version", about: file, 1)
    #expect(try cache.fact("version", about: file) == 1)
    #expect(try cache.fact("target", about: file) == Int?.none)
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 9)], ofItemAtPath: file)
    #expect(try cache.fact("version", about: file) == Int?.none)
    try cache.keepFact("version", about: file, 2)
    try Data("another".utf8).write(to: place("compiler"))
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 9)], ofItemAtPath: file)
    #expect(try cache.fact("version", about: file) == Int?.none)
    try FileManager.default.removeItem(atPath: file)
    #expect(throws: (any Error).self) { let _: Int? = try cache.fact("version", about: file) }
  }
}
