import Foundation
import Testing

@testable import Engine

@Suite struct UserCacheTests {
  private let home = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-cache-\(UUID())")

  private func place(_ name: String) -> URL { home.appendingPathComponent(name) }

  @Test func keepsWhatItIsGiven() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let cache = UserCache(folders: [place("cache"), place("store")])
    #expect(cache.record("compiler", as: [String].self) == nil)
    try cache.setRecord("compiler", ["Swift 6.3"])
    #expect(cache.record("compiler") == ["Swift 6.3"])
    try cache.setRecord("compiler", ["Swift 6.4"])
    #expect(UserCache(folders: [place("cache")]).record("compiler") == ["Swift 6.4"])
    #expect(!FileManager.default.fileExists(atPath: place("store").path))
  }

  @Test func writesToTheNextFolderWhereTheFirstCannotBe() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    // A file where a folder is wanted refuses even root.
    try Data().write(to: place("cache"))
    let cache = UserCache(folders: [place("cache"), place("store")])
    try cache.setRecord("compiler", 1)
    #expect(cache.record("compiler") == 1)
    #expect(try cache.write(Data("text".utf8), as: "deep/file") == place("store").appendingPathComponent("deep/file"))
    #expect(throws: (any Error).self) { try UserCache(folders: [place("cache")]).setRecord("compiler", 1) }
    #expect(throws: (any Error).self) { try UserCache(folders: []).setRecord("compiler", 1) }
  }

  @Test(arguments: ["", "no record", "{}", "\u{0}"])
  func aDamagedRecordIsMadeAnew(content: String) throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let cache = UserCache(folders: [place("cache")])
    try cache.setRecord("compiler", "Swift")
    try Data(content.utf8).write(to: place("cache").appendingPathComponent("compiler"))
    #expect(cache.record("compiler", as: String.self) == nil)
    try cache.setRecord("compiler", "Swift")
    #expect(cache.record("compiler") == "Swift")
    #expect(cache.record("compiler", as: Int.self) == nil)
  }

  @Test func aFactHoldsUntilItsFileChanges() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let cache = UserCache(folders: [place("cache")])
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
