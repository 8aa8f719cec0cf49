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

/// Escapes that a cell tries in the sandbox, and that all fail.
@Suite(
  .waiting, .serialized, .enabled(if: !SandboxSetting.all.isEmpty, "neither bubblewrap nor Landlock can be used here"))
struct SandboxTests {
  /// The user ID of `nobody` on Linux.
  private static let nobody: UInt32 = 65_534
  /// The home folder that an ordinary user's runs share, so the compiler's module cache is made once.
  private static let home: TemporaryFolder? = {
    guard let folder = try? TemporaryFolder("home") else { return nil }
    chmod(folder.url.path, 0o755)
    chown(folder.url.path, nobody, nobody)
    return folder
  }()

  private func start(
    _ arguments: [String], in notebook: TemporaryNotebook, _ setting: SandboxSetting,
    environment: [String: String] = [:], executable: String = TemporaryNotebook.executable
  ) throws -> TemporaryNotebook.Ending {
    var environment = environment
    environment[Sandbox.variable] = setting.means.rawValue
    guard setting.isOrdinary else {
      return try notebook.start(arguments, executable: executable, environment: environment)()
    }
    let home = try #require(Self.home).url.path
    environment.merge([
      "HOME": home, "XDG_CACHE_HOME": "\(home)/cache", "XDG_CONFIG_HOME": "\(home)/config", "TMPDIR": home,
    ]) { $1 }
    chmod(notebook.folder.path, 0o755)
    let names = try FileManager.default.subpathsOfDirectory(atPath: notebook.folder.path)
    for name in names + [""] {
      lchown(notebook.folder.appendingPathComponent(name).path, Self.nobody, Self.nobody)
    }
    let user = ["--reuid=\(Self.nobody)", "--regid=\(Self.nobody)", "--clear-groups", executable]
    return try notebook.start(user + arguments, executable: "/usr/bin/setpriv", environment: environment)()
  }

  /// Runs one cell in the sandbox.
  private func run(
    _ code: String, _ setting: SandboxSetting, timeout: String = "60s", environment: [String: String] = [:],
    files: [String: String] = [:]
  ) throws -> (ending: TemporaryNotebook.Ending, page: String, notebook: TemporaryNotebook) {
    let notebook = try TemporaryNotebook(
      "```swift {#a}\n//| timeout: \(timeout)\nimport Foundation\nimport Glibc\n\(code)\n```\n")
    for (name, text) in files {
      let folder = notebook.folder.appendingPathComponent(name).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try notebook.write(text, to: name)
    }
    let ending = try start(["run", "--sandbox", "n.md"], in: notebook, setting, environment: environment)
    return (ending, (try? notebook.text("reports/n/index.html")) ?? "", notebook)
  }

  private static let bubblewrap = SandboxSetting(means: .bubblewrap, isOrdinary: false)

  // MARK: Escapes

  /// A file of the user outside the notebook's folder.
  private static let secret: TemporaryFolder? = {
    let folder = try? TemporaryFolder("secret")
    guard let folder else { return nil }
    chmod(folder.url.path, 0o755)
    try? Data(secretText.utf8).write(to: folder.url.appendingPathComponent("id_ed25519"))
    return folder
  }()
  private static let secretText = "let privateText4711 = 1"
  private static var secretFile: String { secret?.url.appendingPathComponent("id_ed25519").path ?? "" }

  @Test(arguments: SandboxSetting.all) func nothingOfTheUsersIsReadWrittenOrReached(setting: SandboxSetting) throws {
    let listener = try HTTPListener(port: 0)
    let home = FileManager.default.homeDirectoryForCurrentUser.path
    let ours = try #require(Self.home?.url)
    let beside = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: ours.appendingPathComponent(".ssh"), withIntermediateDirectories: true)
    try Data(Self.secretText.utf8).write(to: ours.appendingPathComponent(".ssh/id_ed25519"))
    let (ending, page, notebook) = try run(
      """
      func isUnread(_ path: String) -> Bool { FileManager.default.contents(atPath: path) == nil }
      func isRefused(_ path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o644)
        if descriptor >= 0 { close(descriptor) }
        return descriptor < 0
      }
      print("data", try String(contentsOfFile: "data.txt", encoding: .utf8) == "mine")
      print("secret", isUnread("\(Self.secretFile)"))
      print("shadow", isUnread("/etc/shadow"), isUnread("/etc/passwd"))
      print("keys", (try? FileManager.default.contentsOfDirectory(atPath: "\(home)/.ssh")) == nil)
      print("ssh", isUnread("\(ours.path)/.ssh/id_ed25519"))
      print("config", isUnread("\(home)/.config/labbook/key"))
      print("hidden", isUnread(".env") || FileManager.default.contents(atPath: ".env") == Data())
      print("hiddenfolder", isUnread(".git/config"))
      print("store", isUnread(".labbook/blobs/marker"))
      print("variable", ProcessInfo.processInfo.environment["LABBOOK_TEST_SECRET"] == nil)
      print("environ", isUnread("/proc/\(getpid())/environ"))
      print("memory", isUnread("/proc/\(getpid())/mem"))
      print("proc", isUnread("/proc/1/root\(Self.secretFile)"), isUnread("/proc/\(getpid())/root\(Self.secretFile)"))
      print("cmdline", isUnread("/proc/\(getpid())/cmdline"), isRefused("/proc/sys/kernel/core_pattern"))
      for path in ["n.md", "new.txt", "reports/x", "/usr/bin/x", "/etc/x", ".labbook/latest/n"] {
        print("write", path, isRefused(path))
      }
      _ = isRefused("\(beside.path)")
      print("unlink", unlink("n.md") != 0)
      print("rename", rename("n.md", "m.md") != 0)
      print("scratch", !isRefused(NSTemporaryDirectory() + "/x"))
      print("system", ["sys/vm/drop_caches", "sys/kernel/hostname", "irq/default_smp_affinity", "sysrq-trigger"]
        .allSatisfy { open("/proc/\\($0)", O_WRONLY) < 0 })
      print("kill", kill(\(getpid()), 0) != 0)
      // In namespaces, the parent is the namespace's first process, which the kernel protects from the others.
      let parent = getppid()
      let isSent = (1...64).map { kill(parent, $0) == 0 }
      usleep(100_000)
      print("parent", !isSent.contains(true) || parent == 1, kill(parent, 0) == 0 || parent != 1, getppid() == parent)
      kill(-1, SIGURG)
      print("mount", mount("none", "/tmp", "tmpfs", 0, nil) != 0)
      print("chroot", chroot("/tmp") != 0)
      let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
      // The cell has two descriptors besides the three standard streams: the events and the lease.
      print("descriptors", descriptors.compactMap { Int32($0) }.filter { $0 > 2 && fcntl($0, F_GETFD) >= 0 }.count <= 2)
      func isUnreached(_ kind: Int32) -> Bool {
        let descriptor = socket(AF_INET, kind, 0)
        if descriptor < 0 { return true }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(\(listener.port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, 16) }
        } != 0
      }
      print("network", isUnreached(Int32(SOCK_STREAM.rawValue)))
      """, setting, environment: ["LABBOOK_TEST_SECRET": "x"],
      files: ["data.txt": "mine", ".env": "KEY=1", ".git/config": "x", ".labbook/blobs/marker": "x"])
    #expect(ending.code == 0, "\(ending.errors)")
    let expected = [
      "data true", "secret true", "shadow true true", "keys true", "config true", "hidden true", "hiddenfolder true",
      "store true", "variable true", "environ true", "memory true", "ssh true",
      "proc true true", "system true", "cmdline true true", "parent true true true", "write n.md true",
      "write new.txt true", "write reports/x true", "write /usr/bin/x true", "write /etc/x true",
      "write .labbook/latest/n true",
      "unlink true", "rename true", "scratch true", "kill true", "mount true",
      "chroot true", "descriptors true", "network true",
    ]
    for line in expected { #expect(page.contains(line), "\(line)") }
    #expect(try notebook.text("n.md").hasPrefix("```swift"))
    #expect(!FileManager.default.fileExists(atPath: beside.path))
  }

  /// A link in the notebook's folder is no way to a folder outside or to a hidden one.
  @Test(arguments: SandboxSetting.all) func linksLeadToNothingThatIsHidden(setting: SandboxSetting) throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      import Foundation
      print("outside", FileManager.default.contents(atPath: "data/id_ed25519") == nil)
      print("hidden", FileManager.default.contents(atPath: "history/config") == nil)
      ```
      """)
    let git = notebook.folder.appendingPathComponent(".git")
    try FileManager.default.createDirectory(at: git, withIntermediateDirectories: true)
    try notebook.write("x", to: ".git/config")
    let secret = try #require(Self.secret?.url)
    for (name, target) in [("data", secret), ("history", git)] {
      try FileManager.default.createSymbolicLink(
        at: notebook.folder.appendingPathComponent(name), withDestinationURL: target)
    }
    let ending = try start(["run", "--sandbox", "n.md"], in: notebook, setting)
    #expect(ending.code == 0, "\(ending.errors)")
    let page = try notebook.text("reports/n/index.html")
    #expect(page.contains("outside true") && page.contains("hidden true"))
  }

  /// The runner reads the cell's files and must not follow links to other places.
  @Test(arguments: SandboxSetting.ofOneUser) func theRunnerIsNotLedElsewhere(setting: SandboxSetting) throws {
    let (ending, page, notebook) = try run(
      """
      print("begun")
      let folder = (ProcessInfo.processInfo.environment["LABBOOK_JOB"]! as NSString).deletingLastPathComponent
      for name in ["stdout", "stderr", "events", "scratch/events", "scratch/blobs"] {
        rename("\\(folder)/\\(name)", "\\(folder)/\\(name)-old")
        symlink("\(Self.secretFile)", "\\(folder)/\\(name)")
      }
      mkfifo("\\(folder)/scratch/pipe", 0o644)
      """, setting)
    // Its events are gone, so the cell can't report its end.
    #expect(ending.code == 1, "\(ending.errors)")
    #expect(page.contains("begun"))
    #expect(!page.contains("privateText4711") && !ending.errors.contains("privateText4711"))
    let stored = FileManager.default.enumerator(atPath: notebook.folder.path + "/.labbook")
    for case let name as String in stored ?? .init() {
      let file = notebook.folder.appendingPathComponent(".labbook/\(name)")
      #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: file.path)) == nil)
      #expect(FileManager.default.contents(atPath: file.path) != Data(Self.secretText.utf8))
    }
  }

  @Test(arguments: SandboxSetting.ofOneUser) func theCompilerReadsNothingOfTheUsers(setting: SandboxSetting) throws {
    let sources = [
      "#embed \"\(Self.secretFile)\"",
      "@freestanding(expression) macro m() -> Int = #externalMacro(module: \"Evil\", type: \"M\")\nprint(#m())",
      "#sourceLocation(file: \"\(Self.secretFile)\", line: 1)\nlet a: Int = \"\"",
    ]
    for source in sources {
      let (ending, page, _) = try run(source, setting)
      #expect(ending.code != 0, "\(source)")
      #expect(!(ending.errors + ending.output + page).contains("privateText4711"), "\(source)\n\(ending.errors)")
    }
  }

  /// Neither options nor files beside the notebook can pass arguments to the compiler or the linker.
  @Test(arguments: SandboxSetting.ofOneUser) func noFlagReachesTheLinker(setting: SandboxSetting) throws {
    let modules = "module Evil { header \"evil.h\" link \"evil\" export * }"
    let source = "import Evil\nprint(evil())"
    let (ending, page, _) = try run(
      source, setting,
      files: [
        "module.modulemap": modules, "evil.h": "int evil(void);", "Evil.swiftmodule": "x", "main.autolink": "-levil",
        "cell": "x", "Cells.swift": "print(1)",
      ])
    #expect(ending.code == 2, "\(ending.errors)")
    #expect((ending.errors + page).contains("there is no module \"Evil\""), "\(ending.errors)")
    for option in ["linker: -Wl,-rpath,/tmp", "flags: [-Xlinker, -z]", "swiftc: -load-plugin-library x"] {
      let notebook = try TemporaryNotebook("```swift {#a}\n//| \(option)\nprint(1)\n```\n")
      let ending = try start(["run", "--sandbox", "n.md"], in: notebook, setting)
      #expect(ending.code == 2 || ending.errors.contains("warning"), "\(option) \(ending.errors)")
    }
  }

  /// A cell doesn't inherit the runner's file descriptors other than the standard streams.
  @Test(arguments: SandboxSetting.ofOneUser) func openFilesAreNotInherited(setting: SandboxSetting) throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      import Foundation
      import Glibc
      var buffer = [UInt8](repeating: 0, count: 100)
      print("inherited", (3..<64).contains {
        lseek($0, 0, SEEK_SET) == 0 && read($0, &buffer, 100) == \(Self.secretText.utf8.count)
      })
      ```
      """)
    let line = "exec 9<\(Self.secretFile); exec 8<>\(Self.secretFile); exec \"$0\" \"$@\""
    let ending = try start(
      ["-c", line, TemporaryNotebook.executable, "run", "--sandbox", "n.md"], in: notebook, setting,
      executable: "/bin/sh")
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(try notebook.text("reports/n/index.html").contains("inherited false"))
  }

  @Test(arguments: SandboxSetting.ofOneUser) func theCompilerSeesNoOtherFolder(setting: SandboxSetting) async throws {
    let sandbox = try await Sandbox.make(environment: [Sandbox.variable: setting.means.rawValue, "PATH": "/usr/bin"])
    let folder = try TemporaryFolder("compile")
    let inside = try await Tool.run("/usr/bin/cat", [Self.secretFile], in: folder.url, sandbox: sandbox)
    #expect(!inside.succeeded && !inside.output.contains("privateText4711"))
    let outside = try await Tool.run("/usr/bin/cat", [Self.secretFile], in: folder.url)
    #expect(outside.succeeded && outside.output == Self.secretText)
    #expect(try await Tool.run("/usr/bin/touch", ["x"], in: folder.url, sandbox: sandbox).succeeded)
    _ = try await Tool.run("/usr/bin/touch", ["../\(folder.url.lastPathComponent)-x"], in: folder.url, sandbox: sandbox)
    #expect(!FileManager.default.fileExists(atPath: folder.url.path + "-x"))
  }

  // MARK: Limits

  /// A flood of processes that ends by itself: either no more processes can be started, or the cell is ended.
  @Test(arguments: SandboxSetting.all) func processesAreLimited(setting: SandboxSetting) throws {
    let (ending, page, _) = try run(
      """
      let texts = ["sleep", "60"]
      var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
      var count = 0
      var pid: pid_t = 0
      while count < 3000, posix_spawn(&pid, "/usr/bin/sleep", nil, nil, &words, nil) == 0 { count += 1 }
      print("limited", count < 600)
      sleep(1)
      """, setting)
    if ending.code == 0 {
      #expect(page.contains("limited true"), "\(ending.errors)")
    } else {
      #expect(page.contains("more than 512 processes"), "\(ending.errors)")
    }
  }

  @Test(
    .enabled(if: SandboxSetting.hasBubblewrap),
    .enabled(
      if: ProcessInfo.processInfo.environment["LABBOOK_SANDBOX_TESTS"] != nil,
      "it takes all of the machine for half a minute: set LABBOOK_SANDBOX_TESTS=1"))
  func aForkBombEnds() throws {
    let (ending, page, _) = try run(
      """
      while true {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "while true; do sleep 60 & done"]
        try? process.run()
      }
      """, Self.bubblewrap, timeout: "30s")
    #expect(ending.code != 0)
    #expect(page.contains("more than 512 processes") || page.contains("longer than its timeout"))
  }

  @Test(arguments: SandboxSetting.all) func nothingSurvives(setting: SandboxSetting) throws {
    let mark = "7\(UInt16.random(in: 1_000...9_999))"
    let (ending, page, _) = try run(
      """
      var pid: pid_t = 0
      let texts = ["sh", "-c", "/usr/bin/env -i /usr/bin/setsid -f sleep \(mark)"]
      var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
      posix_spawn(&pid, "/bin/sh", nil, nil, &words, nil)
      waitpid(pid, nil, 0)
      usleep(200_000)
      """, setting)
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(page.contains("[Labbook ended processes that the cell left behind: sleep]"))
    #expect(!ProcessList.commands.contains { $0.hasPrefix("sleep") && $0.contains(mark) })
  }

  @Test(arguments: SandboxSetting.ofOneUser) func aHiddenNameIsHiddenAtAnyDepth(setting: SandboxSetting) throws {
    let (ending, page, _) = try run(
      """
      for path in ["data/plain.txt", "data/.env", "data/a/.git/config", ".top"] {
        print(path, (try? String(contentsOfFile: path, encoding: .utf8)) ?? "none")
      }
      """, setting,
      files: ["data/plain.txt": "seen", "data/.env": "secret", "data/a/.git/config": "secret", ".top": "secret"])
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(page.contains("data/plain.txt seen") && !page.contains("secret"))
  }

  @Test(.enabled(if: SandboxSetting.hasBubblewrap)) func aDiskIsNotFilled() throws {
    let (ending, page, _) = try run(
      """
      for folder in ["/tmp", "/dev/shm"] {
        let handle = open("\\(folder)/large", O_RDWR | O_CREAT, 0o644)
        print(folder, posix_fallocate(handle, 0, 1 << 20), posix_fallocate(handle, 0, 2 << 30) == ENOSPC)
        close(handle)
      }
      print(
        "elsewhere", open("/large", O_WRONLY | O_CREAT, 0o644) < 0, open("/run/large", O_WRONLY | O_CREAT, 0o644) < 0)
      """, Self.bubblewrap)
    #expect(ending.code == 0, "\(ending.errors)")
    for line in ["/tmp 0 true", "/dev/shm 0 true", "elsewhere true true"] { #expect(page.contains(line), "\(line)") }
  }

  /// A cell can write only to its scratch folder on the disk, and no file in it exceeds the limit.
  @Test(arguments: SandboxSetting.ofOneUser) func aFileHasALargestSize(setting: SandboxSetting) throws {
    let (ending, page, _) = try run(
      """
      signal(SIGXFSZ, SIG_IGN)
      let job = ProcessInfo.processInfo.environment["LABBOOK_JOB"]!
      let handle = open((job as NSString).deletingLastPathComponent + "/scratch/large", O_RDWR | O_CREAT, 0o644)
      print("opened", handle >= 0, "refused", ftruncate(handle, 5 << 30) != 0, errno == EFBIG)
      """, setting)
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(page.contains("opened true refused true true"), "\(ending.errors)")
  }

  // MARK: What stays as it is

  @Test(arguments: SandboxSetting.ofOneUser) func aTrapIsToldAsOutside(setting: SandboxSetting) throws {
    let (ending, page, _) = try run("print(Int.max - CommandLine.arguments.count + 100)", setting)
    #expect(ending.code == 1)
    #expect(ending.errors.contains("the cell was ended by a trap (signal 4)"), "\(ending.errors)")
    #expect(page.contains("the cell was ended by a trap (signal 4)"))
  }

  /// Values, charts and files are the same as outside the sandbox.
  @Test(arguments: SandboxSetting.all) func resultsAreTheSameInside(setting: SandboxSetting) throws {
    let source = """
      ```swift {#a}
      let rows = try CSVTable.read("data.csv").rows.count
      struct Box: Codable { var numbers: [Double] }
      let box = Box(numbers: (0..<1000).map { Double($0).squareRoot() })
      ```

      ```swift {#b}
      show(Chart.lossCurves([LossCurve(label: "a", training: box.numbers)]))
      print(box.numbers.reduce(0, +), rows)
      ```

      `{swift} box.numbers.count`
      """
    var texts: [String] = []
    for arguments in [["run", "n.md"], ["run", "--sandbox", "n.md"]] {
      let notebook = try TemporaryNotebook(source)
      try notebook.write("a,b\n1,2\n", to: "data.csv")
      // The compiler, too, must run inside.
      let ending = try start(arguments, in: notebook, setting, environment: [CommonPrograms.variable: ""])
      #expect(ending.code == 0, "\(ending.errors)")
      let archive = try ReportArchive(page: Data(notebook.text("reports/n/index.html").utf8), file: "r")
      let lock = try archive.lock(file: "r")
      texts.append(lock.cells.map { "\($0.result?.values.map(\.sha256) ?? []) \($0.result?.outputs ?? "")" }.joined())
      #expect(try notebook.text("reports/n/index.html").contains("1000"))
    }
    #expect(texts[0] == texts[1] && !texts[0].isEmpty)
  }

  @Test(arguments: SandboxSetting.ofOneUser) func whatANotebookAsksForNeedsConsent(
    setting: SandboxSetting
  ) throws {
    let outside = try TemporaryFolder("outside")
    try Data("a,b\n1,2\n".utf8).write(to: outside.url.appendingPathComponent("data.csv"))
    let notebook = try TemporaryNotebook(
      "---\nallow: [\(outside.url.path)]\n---\n\n```swift {#a}\n"
        + "print(try CSVTable.read(\"\(outside.url.path)/data.csv\").rows.count)\n```\n")
    let refused = try start(["run", "--sandbox", "n.md"], in: notebook, setting)
    #expect(refused.code == 2)
    #expect(
      refused.errors == """
        n.md:2:1: error: the notebook asks to read \(outside.url.path), which is not in its folder
          allow: [\(outside.url.path)]
          ^
          To allow this, give --allow '\(outside.url.path)'.

        """)
    let allowed = try start(["run", "--sandbox", "--allow", outside.url.path, "n.md"], in: notebook, setting)
    #expect(allowed.code == 0, "\(allowed.errors)")
  }

  @Test func withoutASandboxItSaysSo() throws {
    let notebook = try TemporaryNotebook("```swift {#a}\nprint(1)\n```\n")
    let ending = try notebook.start(["run", "--sandbox", "n.md"], environment: [Sandbox.variable: "none"])()
    #expect(ending.code == 2)
    #expect(
      ending.errors == """
        error: no sandbox works on this machine: LABBOOK_SANDBOX must be bubblewrap or landlock
          Install bubblewrap (apt-get install bubblewrap), \
        or give --trust if you trust the notebook's author with all your files.

        """)
  }
}

/// The processes of the machine.
enum ProcessList {
  static var commands: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap {
      FileManager.default.contents(atPath: "/proc/\($0)/cmdline").map { String(decoding: $0, as: UTF8.self) }
    }
  }
}

/// A sandbox and the user who runs it.
struct SandboxSetting: Sendable, CustomTestStringConvertible {
  var means: Sandbox.Means
  /// Whether an ordinary user runs it, if root runs the tests.
  var isOrdinary: Bool

  var testDescription: String { "\(means.rawValue)\(isOrdinary ? " of an ordinary user" : "")" }

  static let all: [SandboxSetting] = Sandbox.Means.allCases.filter(works).flatMap { means in
    [false, true].filter { !$0 || hasOrdinary }.map { SandboxSetting(means: means, isOrdinary: $0) }
  }

  /// The settings of the user who runs the tests.
  static let ofOneUser = all.filter { !$0.isOrdinary }

  /// Whether another user can start the command, which is not so below root's own folder.
  private static let hasOrdinary: Bool = {
    guard geteuid() == 0 else { return false }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
    process.arguments = [
      "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/test", "-x", TemporaryNotebook.executable,
    ]
    guard (try? ProcessTree.start(process)) != nil else { return false }
    ProcessTree.finish(process)
    return process.terminationStatus == 0
  }()

  static let hasBubblewrap = all.contains { $0.means == .bubblewrap }

  private static func works(_ means: Sandbox.Means) -> Bool {
    let process = Process()
    switch means {
    case .bubblewrap:
      process.executableURL = URL(fileURLWithPath: "/usr/bin/bwrap")
      process.arguments = ["--unshare-all", "--ro-bind", "/", "/", "/bin/true"]
    case .landlock:
      process.executableURL = RunnerProgram.file
      process.arguments = [Confinement.argument, "--read", "/usr", "--read", "/lib64", "--", "/usr/bin/true"]
    }
    process.standardError = FileHandle.nullDevice
    guard (try? ProcessTree.start(process)) != nil else { return false }
    ProcessTree.finish(process)
    return process.terminationStatus == 0
  }
}
