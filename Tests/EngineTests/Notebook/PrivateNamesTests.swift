import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite struct PrivateNamesTests {
  @Test(arguments: [
    ("keys.txt", "keys.txt", true), ("./keys.txt", "keys.txt", true), ("keys.txt", "sub/keys.txt", false),
    ("raw", "raw/a.csv", true), ("raw/", "raw/deep/a.csv", true), ("raw", "raw.csv", false),
    ("raw/*.csv", "raw/a.csv", true), ("raw/*.csv", "raw/a.txt", false), ("*.csv", "raw/a.csv", false),
    ("data", "anything.csv", true), ("nothing", ".env", true), ("nothing", ".secret/a", true),
    ("nothing", "a.csv", false),
  ])
  func filesAreHidden(name: String, path: String, isHidden: Bool) {
    #expect(PrivateNames([name]).hides(file: path) == isHidden)
  }

  private func warnings(_ frontMatter: String) throws -> [String] {
    let source = "---\n\(frontMatter)\n---\n\n```swift {#load}\nlet a = 1\n```\n"
    let notebook = try TemporaryNotebook(source)
    try notebook.write("x", to: "keys.txt")
    return try Notebook(source: source, file: notebook.file.path).privateWarnings.map {
      $0.text().replacing(notebook.folder.path + "/", with: "")
    }
  }

  @Test func namesThatFitNothingAreWarnedOf() throws {
    #expect(try warnings("params: {width: 3}\nprivate: [load, keys.txt, width, data, \"*.csv\"]") == [])
    #expect(
      try warnings("private: [lod, key.txt]") == [
        """
        n.md:2:1: warning: `private` lists "key.txt", which is no cell, parameter or file here
          Files are named relative to the notebook's folder.
        """,
        """
        n.md:2:1: warning: `private` lists "lod", which is no cell, parameter or file here
          Did you mean "load"?
        """,
      ])
  }

  @Test(arguments: [
    ("apiToken", true), ("api_token", true), ("token", true), ("userPassword", true), ("apiKey", true),
    ("accessKey", true), ("tokenizer", false), ("key", false), ("keyword", false), ("secretary", false),
    ("monkey", false),
  ])
  func parametersThatLookLikeSecretsAreWarnedOf(name: String, isSecret: Bool) throws {
    let found = try warnings("params: {\(name): x}")
    let text = """
      n.md:2:1: warning: the parameter `\(name)` looks like a secret, and the report shows its value
        Add it to the front matter's `private`, and give its value by -P or --params.
      """
    #expect(found == (isSecret ? [text] : []))
    // A number of tokens is no secret.
    #expect(try warnings("params: {\(name): 512}") == [])
    #expect(try warnings("params: {\(name): x}\nprivate: \(name)") == [])
  }
}
