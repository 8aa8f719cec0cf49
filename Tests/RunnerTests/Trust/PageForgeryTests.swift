import Foundation
import Glibc
import TestSupport
import Testing
import Wire

@testable import Engine
@testable import Markup
@testable import Proof
@testable import Report
@testable import Runner

/// Pages that were edited after the run: one number, one label, one bar.
@Suite(.waiting) struct PageForgeryTests {
  static let source = """
    ---
    title: Week
    author: Li
    date: 2023-11-16
    ---

    ## Results

    ```swift {#a}
    let total = [10, 20].reduce(0, +)
    print("Sum \\(total).00")
    ```

    The total is `{swift} total`.

    ![A dot](dot.svg)

    ```swift {#chart}
    //| fig-cap: Loss of the run
    show(Chart.lossCurves([LossCurve(label: "small", training: [3, 2, 1.5, 1.2], validation: [3.5, 2.5, 2, 1.9])]))
    ```

    ```swift {#table}
    show(Table(columns: ["kind", .number("gap", unit: "ms", decimals: 2)], rows: [["a", 1.25], ["b", 2.5]]))
    ```
    """

  static let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"/>"

  static let forgeries: [(what: String, edit: @Sendable (String) -> String)] = [
    ("a printed number", { $0.replacing("Sum 30.00", with: "Sum 99999.00", maxReplacements: 1) }),
    ("a number in the text", { $0.replacing(#/(The total is (?:<[^>]*>)*)30/#) { "\($0.1)31" } }),
    ("a cell of a table", { $0.replacing("1.25", with: "1.15") }),
    ("a heading", { $0.replacing(">Results<", with: ">Final results<") }),
    ("a caption", { $0.replacing("Loss of the run", with: "Loss of all runs") }),
    ("a sentence more", { $0.replacing("</main>", with: "<p>All is well.</p></main>") }),
    ("a style that hides", { $0.replacing("</style>", with: "footer{display:none}</style>") }),
    ("an attribute that hides", { $0.replacing("<footer>", with: "<footer hidden=\"\">") }),
    ("a curve", { $0.replacing(#/(clip-path="url[^>]*><path[^>]* d="M\d+ )(\d+)/#) { "\($0.1)9\($0.2)" } }),
    ("a letter of a label", { $0.replacing(#/<use href="#g\.1"/#, with: "<use href=\"#g.2\"", maxReplacements: 1) }),
    ("an outline", { $0.replacing(#/(<path id="g\.3" d=")[^"]*/#) { "\($0.1)M0 0h99v99z" } }),
    ("the author", { $0.replacing("Li", with: "Wu") }),
    ("a last digit", { $0.replacing("Sum 30.00", with: "Sum 30.01", maxReplacements: 1) }),
    (
      "a shadow tree",
      {
        $0.replacing(
          "<main id=\"page:report\">",
          with: "<main id=\"page:report\"><template class=\"labbook-x\" shadowrootmode=\"open\"><p>1</p></template>")
      }
    ),
    (
      "a shadow tree beside a file",
      {
        $0.replacing(
          "<template class=\"labbook-file\" ", with: "<template class=\"labbook-file\" shadowrootmode=\"open\" ",
          maxReplacements: 1)
      }
    ),
    (
      "an element between the files",
      {
        $0.replacing(#/(<template class="labbook-file"[^>]*>)/#, maxReplacements: 1) { "\($0.1)<p>30</p>" }
      }
    ),
    ("a digit in a change's element", { $0.replacing("30.00", with: "30<span class=\"none\">99</span>.00") }),
    ("a sentence as a verdict", { $0.replacing("<p>The total", with: "<p><span>verified on 1</span>The total") }),
    ("words after the verdict", { $0.replacing("not run again from nothing", with: "verified<b>!</b>") }),
    (
      "a picture over a chart",
      {
        $0.replacing(
          #/(<path id="g\.[0-9a-z]+" d=")/#
        ) { "\($0.1)M1 1" }
        .replacing("</svg></div>", with: "<image href=\"data:image/png;base64,iVBORw0KGgo=\"/></svg></div>")
      }
    ),
    (
      "two outlines of one letter",
      { $0.replacing(#/<path id="(g\.3)" d="([^"]*)"\/>/#) { "<path id=\"\($0.1)\" d=\"M0 0h9z\"/>\($0.0)" } }
    ),
    ("a style of a picture", { $0.replacing("alt=\"A dot\"", with: "alt=\"A dot\" style=\"position:fixed\"") }),
    ("a word of a description", { $0.replacing("Loss by epoch", with: "Accuracy by epoch") }),
  ]

  @Test func editsAreToldWithTheirPlace() throws {
    let notebook = try TemporaryNotebook(Self.source)
    try notebook.write(Self.picture, to: "dot.svg")
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let page = try notebook.text("reports/n/index.html")
    let plain = try notebook.labbook("verify", "reports/n/index.html")
    #expect(plain.code == 0, "\(plain.output)\(plain.errors)")
    #expect(plain.errors.contains("signed with your own key; its code runs as your own"), "\(plain.errors)")
    #expect(ReportMaker(page: page) == .own)
    // The author can sign a page that the author forged; only a new run shows the forgery.
    let verified = try Verifier(report: notebook.folder.path + "/reports/n/index.html", data: nil)
    let words = ProofWords.english
    _ = verified
    for (what, edit) in Self.forgeries {
      let forged = edit(page)
      #expect(forged != page, "\(what) is not in the page")
      #expect(ReportMaker(page: forged) == .changed, "\(what)")
      #expect(ReportMaker(page: ReportSignature.signed(forged)) == .own)
      let comparison = PageComparison(shown: forged, made: page, tolerance: 1e-6, words: words, isExact: true)
      #expect(comparison.comparison.differenceCount > 0, "\(what)")
      #expect(comparison.comparison.differences.allSatisfy { $0.path.hasPrefix("page") })
    }
    #expect(
      PageComparison(shown: page, made: page, tolerance: 0, words: words, isExact: true).comparison.differenceCount == 0
    )
  }

  @Test func aForgedPageIsNotVerified() throws {
    let notebook = try TemporaryNotebook(Self.source)
    try notebook.write(Self.picture, to: "dot.svg")
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let page = try notebook.text("reports/n/index.html")
    try notebook.write(ReportSignature.signed(Self.forgeries[0].edit(page)), to: "forged.html")
    let ending = try notebook.labbook("verify", "forged.html")
    #expect(ending.code == 3, "\(ending.output)\(ending.errors)")
    #expect(ending.output.contains("page, at “cell-a”"), "\(ending.output)")
    #expect(ending.output.contains("Sum 99999.00 → Sum 30.00"), "\(ending.output)")
    #expect(ending.output.contains("not verified"))
  }

  @Test func aStrangersReportRunsInTheSandbox() throws {
    try #require(SandboxSetting.hasBubblewrap)
    let notebook = try TemporaryNotebook("```swift {#a}\nprint(6 * 7)\n```\n")
    let another = ["XDG_CONFIG_HOME": notebook.folder.path + "/another"]
    #expect(try notebook.start(["run", "n.md"], environment: another)().code == 0)
    let ending = try notebook.labbook("verify", "reports/n/index.html")
    #expect(ending.code == 0, "\(ending.output)\(ending.errors)")
    #expect(ending.errors.contains("which you don't know (labbook trust KEY); its code runs in a sandbox"))
    #expect(ending.output.contains("complete inputs"))
    let key = try #require(ReportSignature(page: notebook.text("reports/n/index.html"))?.publicKey)
    let third = ["XDG_CONFIG_HOME": notebook.folder.path + "/third"]
    let trusted = try notebook.start(["trust", key, "--name", "Li"], environment: third)()
    #expect(trusted.output == "trusted: \(key) Li\n")
    let again = try notebook.start(["verify", "reports/n/index.html"], environment: third)()
    #expect(again.errors.contains("is signed by Li; its code runs as your own"), "\(again.errors)")
    #expect(try notebook.start(["trust"], environment: third)().output.contains("trusted: \(key) Li"))
    #expect(try notebook.start(["trust", key, "--remove"], environment: third)().code == 0)
    #expect(!(try notebook.start(["trust"], environment: third)().output.contains(key)))
    #expect(try notebook.start(["trust", "abc"], environment: third)().code != 0)
  }

  /// A namespace ends with its first process, which is bubblewrap's. On a busy machine that process lives longer than
  /// the cell.
  @Test func whatIsBubblewrapsOwnIsNoSurvivor() throws {
    let notebook = try TemporaryNotebook("```swift {#a}\nprint(6 * 7)\n```\n")
    try notebook.write(
      """
      #!/bin/sh
      while [ "$1" != -- ]; do
        case "$1" in
          --setenv) export "$2=$3"; shift 3 ;;
          --chdir) cd "$2"; shift 2 ;;
          *) shift ;;
        esac
      done
      shift
      setsid sleep 60 </dev/null >/dev/null 2>&1 &
      exec "$@"
      """, to: "bwrap")
    chmod(notebook.folder.appendingPathComponent("bwrap").path, 0o755)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let environment = ["PATH": "\(notebook.folder.path):\(path)", Sandbox.variable: "bubblewrap"]
    let ending = try notebook.start(["run", "--sandbox", "n.md"], environment: environment)()
    #expect(ending.code == 0, "\(ending.errors)")
    let page = try notebook.text("reports/n/index.html")
    #expect(page.contains("42") && !page.contains("left behind"))
  }

  @Test(.enabled(if: SandboxSetting.hasBubblewrap)) func modulesThatAreOutOfDateAreMadeAnew() throws {
    let notebook = try TemporaryNotebook("```swift {#a}\nprint(6 * 7)\n```\n")
    #expect(try notebook.labbook("run", "--sandbox", "n.md").code == 0)
    let modules = try UserCache().subfolder("sandbox-modules")
    let names = try FileManager.default.subpathsOfDirectory(atPath: modules.path).filter { $0.contains("SwiftShims-") }
    #expect(!names.isEmpty)
    for name in names {
      let times = [timespec(tv_sec: 1_000_000_000, tv_nsec: 0), timespec(tv_sec: 1_000_000_000, tv_nsec: 0)]
      #expect(utimensat(AT_FDCWD, modules.appendingPathComponent(name).path, times, 0) == 0)
    }
    try notebook.write("```swift {#a}\nprint(6 * 8)\n```\n")
    let ending = try notebook.labbook("run", "--sandbox", "n.md")
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(try notebook.text("reports/n/index.html").contains("48"))
  }

  /// A signature that was moved, copied to another page, repeated or followed by more text is invalid.
  @Test func aSignatureStandsAtTheEndOfItsPage() throws {
    let page = "<body><p>30</p>\n</body></html>\n"
    let signed = ReportSignature.signed(page)
    let template = try #require(signed.firstMatch(of: #/<template.*</template>\n/#)).0
    let plain = signed.replacing(template, with: "")
    #expect(plain == page && ReportMaker(page: signed) == .own)
    let forgeries = [
      plain.replacing("30", with: "3\(template)0"), template + plain, plain + template,
      signed.replacing("</html>", with: "</html><body>31</body>"), signed.replacing("30", with: "31"),
      plain.replacing("30", with: "31").replacing("</body>", with: "\(template)</body>"),
      signed.replacing("</body>", with: "</body></body>"),
    ]
    for forgery in forgeries { #expect(ReportMaker(page: forgery) == .changed, "\(forgery)") }
    #expect(ReportMaker(page: plain) == .unsigned)
  }

  /// A file of trusted keys that others can write isn't used, because they could add their keys.
  @Test func keysThatOthersCanWriteAreNotTrusted() throws {
    let folder = try TemporaryFolder("configuration")
    let key = UserKey(keptIn: nil).publicKey
    var trusted = TrustedKeys(folder: folder.url)
    try trusted.add(key, name: "Li")
    let file = folder.url.appendingPathComponent("trusted").path
    #expect(TrustedKeys(folder: folder.url)[key]?.name == "Li")
    try Data("\(key) Li\r\n\(key.dropLast())\r\nnonsense\r\n".utf8).write(to: URL(fileURLWithPath: file))
    #expect(TrustedKeys(folder: folder.url).entries == [.init(key: key, name: "Li")])
    for (path, mode) in [(file, 0o666), (file, 0o620), (folder.url.path, 0o777)] as [(String, mode_t)] {
      chmod(path, mode)
      var refused = TrustedKeys(folder: folder.url)
      #expect(refused.entries.isEmpty)
      #expect(refused.objection?.contains("others can write to it") == true)
      #expect(throws: NotebookError.self) { try refused.add(key, name: "Wu") }
      chmod(path, path == file ? 0o600 : 0o700)
      #expect(TrustedKeys(folder: folder.url)[key] != nil)
    }
  }

  @Test func theKeyIsForItsOwnerOnly() throws {
    let folder = try TemporaryFolder("configuration")
    let key = UserKey(keptIn: folder.url)
    let file = folder.url.appendingPathComponent("key").path
    chmod(file, 0o644)
    #expect(UserKey(keptIn: folder.url).publicKey == key.publicKey)
    var status = stat()
    #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test func aSignatureIsOfOneKeyAndOneText() {
    let (key, other) = (UserKey(keptIn: nil), UserKey(keptIn: nil))
    let text = Data("text".utf8)
    let signature = key.signature(of: text)
    #expect(UserKey.isSigned(text, signature: signature, publicKey: key.publicKey))
    #expect(!UserKey.isSigned(text, signature: signature, publicKey: other.publicKey))
    #expect(!UserKey.isSigned(Data("texT".utf8), signature: signature, publicKey: key.publicKey))
    for bad in ["", "00", String(repeating: "0", count: 128), String(signature.dropLast(2)), signature + "00", "é"] {
      #expect(!UserKey.isSigned(text, signature: bad, publicKey: key.publicKey))
      #expect(!UserKey.isSigned(text, signature: signature, publicKey: bad))
    }
  }
}
