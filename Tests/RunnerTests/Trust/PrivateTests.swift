import Foundation
import TestSupport
import Testing

/// Private content doesn't leave the machine.
@Suite(.waiting) struct PrivateTests {
  static let source = """
    ---
    formats: [gfm]
    private: [keys.txt]
    ---

    ```swift {#dot}
    let dot = String(decoding: try FileAccess.read(".env"), as: UTF8.self).count
    ```

    ```swift {#named}
    let named = String(decoding: try FileAccess.read("keys.txt"), as: UTF8.self).count
    ```

    ```swift {#kept private=true}
    let kept = "SECRET".lowercased() + "-third"
    print(kept)
    ```

    ```swift {#open}
    let open = String(decoding: try FileAccess.read("open.txt"), as: UTF8.self)
    print(dot + named + kept.count)
    ```
    """

  private func run() throws -> TemporaryNotebook {
    let notebook = try TemporaryNotebook(Self.source)
    for (name, text) in [(".env", "secret-first"), ("keys.txt", "secret-second"), ("open.txt", "for-all")] {
      try notebook.write(text, to: name)
    }
    #expect(try notebook.labbook("run", "n.md").code == 0)
    return notebook
  }

  @Test func nothingPrivateIsInWhatAReportCarries() throws {
    let notebook = try run()
    #expect(try notebook.labbook("unpack", "reports/n/index.html", "out").code == 0)
    let out = notebook.folder.appendingPathComponent("out")
    let names = try FileManager.default.contentsOfDirectory(atPath: out.path).sorted()
    #expect(names == ["n.lock.json", "n.md", "n.results.json", "open.txt"])
    for folder in ["out", "reports/n"] {
      let url = notebook.folder.appendingPathComponent(folder)
      for name in try FileManager.default.contentsOfDirectory(atPath: url.path) {
        let data = try Data(contentsOf: url.appendingPathComponent(name))
        let text = String(decoding: data, as: UTF8.self)
        for secret in ["secret-first", "secret-second", "secret-third"] {
          let isFound = text.contains(secret) || text.contains(Data(secret.utf8).base64EncodedString().prefix(14))
          #expect(!isFound, "\(folder)/\(name) has \(secret)")
        }
      }
    }
  }

  @Test func theListNamesWhatGoes() throws {
    let list = try run().labbook("unpack", "reports/n/index.html", "--list").output
    #expect(list.contains("data open.txt, 7 bytes\n"))
    #expect(list.contains("value open of the cell \"open\"\n"))
    #expect(list.contains("output of the cell \"open\"\n"))
    #expect(!list.contains("keys.txt") && !list.contains(".env") && !list.contains("\"kept\""))
  }

  @Test func theListNamesLargeValuesOfPinnedCells() throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#large}
      let free = (0..<1000).map(Double.init)
      ```

      ```swift {#kept pinned=true}
      let pinned = (0..<1000).map(Double.init)
      ```
      """)
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let list = try notebook.labbook("unpack", "reports/n/index.html", "--list").output
    #expect(list.contains("value pinned of the cell \"kept\"\n") && !list.contains("value free"))
  }

  @Test func aPrivateParameterAndFolderStayHere() throws {
    let notebook = try TemporaryNotebook(
      """
      ---
      formats: [gfm]
      params: {apiToken: "", epochs: 3}
      private: [apiToken, raw]
      ---

      ```swift {#use}
      let length = params.apiToken.count + String(decoding: try FileAccess.read("raw/a.txt"), as: UTF8.self).count
      print(length, params.epochs)
      ```
      """)
    let raw = notebook.folder.appendingPathComponent("raw")
    try FileManager.default.createDirectory(at: raw, withIntermediateDirectories: true)
    try notebook.write("secret-fifth", to: "raw/a.txt")
    let first = try notebook.labbook("run", "n.md", "-P", "apiToken=secret-fourth")
    #expect(first.code == 0)
    let remark = "the page contains the parameter epochs: labbook unpack reports/n/index.html --list"
    #expect(first.errors.contains(remark))
    let list = try notebook.labbook("unpack", "reports/n/index.html", "--list").output
    #expect(list.contains("parameter apiToken = (private)\n") && list.contains("parameter epochs = 3\n"))
    #expect(!list.contains("raw/a.txt"))
    #expect(try notebook.labbook("unpack", "reports/n/index.html", "out").code == 0)
    for name in ["out/n.lock.json", "out/n.results.json", "reports/n/index.html", "reports/n/report.md"] {
      let text = String(decoding: try Data(contentsOf: notebook.folder.appendingPathComponent(name)), as: UTF8.self)
      #expect(!text.contains("secret-fo") && !text.contains("secret-fi"), "\(name)")
    }
    // Here the run is verified with its own value, and what was named once isn't named again.
    #expect(try notebook.labbook("verify", "n.md").code == 0)
    try notebook.edit("print(length", "print(\"again\", length")
    #expect(try !notebook.labbook("run", "n.md", "-P", "apiToken=secret-fourth").errors.contains("the page contains"))
  }
}
