import Core
import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Proof
@testable import Report
@testable import Runner

/// Unpacks reports that somebody else wrote.
@Suite struct UnpackingTests {
  private static func page(_ files: [CarriedFile]) -> Data {
    Data(files.html.source.utf8)
  }

  private static func carried(_ paths: [String], kind: CarriedFile.Kind = .data) -> [CarriedFile] {
    [
      .init(kind: .notebook, path: "n.md", content: Data("# n\n".utf8)),
      .init(kind: .lock, path: "n.lock.json", content: Data("{}".utf8)),
    ]
      + paths.map { .init(kind: kind, path: $0, content: Data("x".utf8)) }
  }

  @Test(arguments: [
    ".labbook/latest/n", ".git/hooks/pre-commit", ".envrc", "data/.hidden/x", "Makefile", "package.swift", "a/Makefile",
    "x/conftest.py", "con", "NUL.csv", "Com1.txt", "a.csv ", "a.", " a", "a\\b", "c:x", "a\u{1B}[2Jb", "a\nb",
    "a\u{202E}b",
    "reports/n/index.html", "N.MD", "n.lock.json", "N.Lock.JSON", "n.md/x", "n2.md", "m.results.json",
    String(repeating: "a", count: 201), String(repeating: "abcdefghi/", count: 110) + "x",
  ])
  func namesThatMeanSomethingElsewhereAreRefused(path: String) {
    // The page is written as an attacker would; Labbook's own writer would escape control characters.
    let page = String(decoding: Self.page(Self.carried(["PLACE"])), as: UTF8.self).replacing("PLACE", with: path)
    #expect(throws: InputError.self, "\(path)") {
      try ReportArchive(page: Data(page.utf8), file: "r.html")
    }
  }

  @Test(arguments: [
    ["a.csv", "a.csv"], ["a.csv", "A.CSV"], ["é.csv", "e\u{301}.csv"], ["a", "a/b"], ["d/a/b", "d/A"],
  ])
  func filesInEachOthersWayAreRefused(paths: [String]) {
    #expect(throws: InputError.self) {
      try ReportArchive(page: Self.page(Self.carried(paths)), file: "r.html")
    }
  }

  @Test(arguments: [CarriedFile.Kind.notebook, .lock, .results])
  func oneOfEachKindIsAll(kind: CarriedFile.Kind) {
    let names = kind == .notebook ? ["m.md"] : kind == .lock ? ["m.lock.json"] : ["a.results.json", "b.results.json"]
    #expect(throws: InputError.self) {
      try ReportArchive(page: Self.page(Self.carried(names, kind: kind)), file: "r.html")
    }
  }

  @Test(arguments: ["a.csv", "数据/周.csv", "a b/c-d_e.bin", "x..y", "a'b&c.csv", "👩‍👩‍👧.csv"])
  func plainNamesAreTaken(path: String) throws {
    let archive = try ReportArchive(page: Self.page(Self.carried([path])), file: "r.html")
    let folder = try TemporaryFolder("test")
    #expect(try archive.unpack(to: folder.url, replace: false).last == path)
    #expect(try String(contentsOf: folder.url.appendingPathComponent(path), encoding: .utf8) == "x")
  }

  @Test func whatIsNoPlainFileIsNeverReplaced() throws {
    let archive = ReportArchive(files: Self.carried(["a.csv"]))
    for make in [
      { (path: String) in _ = mkfifo(path, 0o644) }, { path in _ = mkdir(path, 0o755) },
      { path in _ = symlink("/etc/hostname", path) }, { path in _ = symlink("nowhere", path) },
    ] {
      for replace in [false, true] {
        let folder = try TemporaryFolder("test")
        make(folder.url.appendingPathComponent("a.csv").path)
        #expect(throws: NotebookError.self) { try archive.unpack(to: folder.url, replace: replace) }
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.csv"], "nothing was written")
      }
    }
  }

  @Test func aFolderThatIsALinkIsFollowedAndNoneInIt() throws {
    let archive = ReportArchive(files: Self.carried(["d/a.csv"]))
    let (real, outside) = (try TemporaryFolder("test"), try TemporaryFolder("test"))
    let link = outside.url.appendingPathComponent("link")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real.url)
    #expect(try archive.unpack(to: link, replace: false).count == 3)
    #expect(FileManager.default.fileExists(atPath: real.url.appendingPathComponent("d/a.csv").path))
    let other = try TemporaryFolder("test")
    try FileManager.default.createSymbolicLink(
      at: other.url.appendingPathComponent("d"), withDestinationURL: outside.url)
    #expect(throws: NotebookError.self) { try archive.unpack(to: other.url, replace: true) }
    #expect(!FileManager.default.fileExists(atPath: outside.url.appendingPathComponent("a.csv").path))
  }

  @Test func whatIsUnpackedHasABudget() throws {
    // Zeros compress to a thousandth of their size.
    let large = CarriedFile(kind: .data, path: "zeros.bin", content: Data(count: 65 << 20))
    #expect { try ReportArchive(page: Self.page(Self.carried([]) + [large]), file: "r.html") } throws: {
      ($0 as? InputError)?.cause
        == "zeros.bin in the report would be unpacked to 68157440 bytes, more than a report may carry"
    }
    let middle = (0..<5).map { CarriedFile(kind: .data, path: "z\($0)", content: Data(count: 60 << 20)) }
    #expect(throws: InputError.self) { try ReportArchive(page: Self.page(Self.carried([]) + middle), file: "r.html") }
    let many = Self.carried((0..<1_000).map { "f\($0)" })
    #expect { try ReportArchive(page: Self.page(many), file: "r.html") } throws: {
      ($0 as? InputError)?.cause == "the report carries more than 1000 files"
    }
  }

  /// A report whose files differ from those that its lock names.
  @Test func theNotebookIsTheLocksOwn() throws {
    let notebook = try TemporaryNotebook("# Plain\n")
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let page = try notebook.text("reports/n/index.html")
    let archive = try ReportArchive(page: Data(page.utf8), file: "r.html")
    var forged = archive
    forged.files[0] = .init(kind: .notebook, path: "n.md", content: Data("# Other\n".utf8))
    let lock = try archive.lock(file: "r.html")
    try archive.requireAgreement(with: lock, file: "r.html")
    #expect(throws: InputError.self) { try forged.requireAgreement(with: lock, file: "r.html") }
    try notebook.write(forged.files.html.source, to: "forged.html")
    let ending = try notebook.labbook("unpack", "forged.html", "out")
    #expect(ending.code == 2)
    #expect(
      ending.errors
        == """
        forged.html: error: n.md in the report is not the file that the results were made from
          The report was changed after it was written; get it again from where it came.

        """)
  }
}
