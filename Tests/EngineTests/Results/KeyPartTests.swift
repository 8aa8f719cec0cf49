import Foundation
import Testing

@testable import Engine

@Suite struct KeyPartTests {
  static let parts: [(KeyPart, String, String)] = [
    (.code, "code", "its code changed"), (.imports, "imports", "the imports changed"),
    (.declaration("a b"), "declaration a b", "`a b` changed"), (.value("数据"), "value 数据", "`数据` changed"),
    (.type("x"), "type x", "the type of `x` changed"),
    (.parameter("width"), "parameter width", "the parameter `width` changed"),
    (.file("a/b c.csv"), "file a/b c.csv", "a/b c.csv changed"), (.seed, "seed", "the seed changed"),
    (.module("Plot"), "module Plot", "Labbook's module Plot changed"), (.labbook, "labbook", "the labbook changed"),
    (.compiler, "compiler", "the compiler changed"), (.language, "language", "the language changed"),
  ]

  @Test(arguments: parts) func namesAreReadAsTheyAreWritten(part: KeyPart, name: String, change: String) throws {
    #expect(part.name == name)
    #expect(part.change == change)
    #expect(KeyPart(name: name) == part)
    let stored = CellKey.Part(part, content: "1", source: "s")
    let data = try JSONEncoder().encode(stored)
    #expect(
      try JSONDecoder().decode([String: String].self, from: data) == ["name": name, "content": "1", "source": "s"])
    #expect(try JSONDecoder().decode(CellKey.Part.self, from: data) == stored)
  }

  @Test(arguments: ["", "codes", "value", "something else"]) func othersAreNone(name: String) {
    #expect(KeyPart(name: name) == nil)
  }
}
