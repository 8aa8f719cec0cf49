import Foundation
import TestSupport
import Testing
import Wire

@testable import Runner

@Suite struct FileWatchTests {
  private let notebook: TemporaryNotebook

  init() throws { notebook = try TemporaryNotebook("") }

  private func watch(_ name: String) -> FileWatch {
    let path = notebook.folder.appendingPathComponent(name).path
    let watch = FileWatch()
    watch.add(path, digest: SHA256.hexOfFile(path))
    return watch
  }

  @Test func aFileIsChangedWhenItsContentIs() throws {
    let watch = watch("a.csv")
    #expect(!watch.isChanged())
    try notebook.write("1", to: "a.csv")
    #expect(watch.isChanged())
    let again = self.watch("a.csv")
    #expect(!again.isChanged() && !again.isChanged())
    try notebook.write("1", to: "a.csv")
    #expect(!again.isChanged(), "the content is the same")
    try notebook.write("2", to: "a.csv")
    #expect(again.isChanged())
  }

  @Test func aListingIsChangedWhenItsNamesAre() throws {
    let absent = watch("tables/**.csv")
    #expect(!absent.isChanged())
    try notebook.write("1", to: "tables/a.csv")
    #expect(absent.isChanged())
    let watch = watch("tables/**.csv")
    #expect(!watch.isChanged() && !watch.isChanged())
    try notebook.write("2", to: "tables/a.csv")
    try notebook.write("x", to: "tables/more/note.txt")
    #expect(!watch.isChanged() && !watch.isChanged(), "the names are the same")
    try notebook.write("3", to: "tables/more/b.csv")
    #expect(watch.isChanged())
    let subfolders = self.watch("tables/*")
    #expect(!subfolders.isChanged())
    try notebook.write("4", to: "tables/others/c.csv")
    #expect(subfolders.isChanged())
  }
}
