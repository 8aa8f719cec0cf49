import Foundation
import TestSupport
import Testing

/// The error for a file that isn't a notebook, or a word that isn't a verb, says what it is.
@Suite struct WrongFileTests {
  @Test(arguments: [
    (["run", "r.html"], "r.html: error: this is an HTML page, not a notebook\n  labbook unpack"),
    (["check", "r.pdf"], "r.pdf: error: this is a PDF file, not a notebook\n  A notebook is a Markdown file."),
    (["verify", "r.pdf"], "r.pdf: error: this is a PDF file, not a notebook\n"),
    (["preview", "r.html"], "r.html: error: this is an HTML page, not a notebook\n  labbook unpack"),
    (["unpack", "r.pdf", "out"], "r.pdf: error: this is a PDF file, not a report's page\n"),
    (["diff", "r.html", "r.pdf"], "r.html: error: the page carries no notebook\n"),
    (["diff", "r.pdf", "r.html"], "r.pdf: error: this is a PDF file, not a notebook\n"),
    (["run", "reports"], "reports: error: this is a folder, not a notebook\n"),
    (
      ["check", "/dev/zero"],
      "/dev/zero: error: the file has more than 16 MiB, which is the most that can be read\n  Put the data"
    ),
    (["run", "--jobs", "0", "n.md"], "Error: "),
    (["run", "--jbos", "1", "n.md"], "Error: Unknown option '--jbos'"),
    (["rum", "n.md"], "error: \"rum\" is not a verb of labbook\n  Did you mean \"run\"?\n"),
  ])
  func errors(arguments: [String], text: String) throws {
    let notebook = try TemporaryNotebook("Nothing.\n")
    try notebook.write("<!DOCTYPE html>\n<html></html>\n", to: "r.html")
    try notebook.write("%PDF-1.7\n", to: "r.pdf")
    let ending = try notebook.start(arguments)()
    #expect(ending.errors.hasPrefix(text), "\(ending.errors)")
    #expect(ending.code == 2)
  }
}
