import Core
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Measure

/// Measurements over a real SSH connection.
@Suite(.waiting, .enabled(if: SSHServer.isInstalled, "There is no sshd: apt install openssh-server."), .serialized)
struct SSHTests {
  private let server: SSHServer
  private let device: TestDevice
  private let table: String

  init() throws {
    server = try SSHServer()
    device = try TestDevice()
    table = device.path("latency.csv")
  }

  private static let quick = MeasuringPlan(rounds: 2...2, runs: 3, overhead: 0.9, repetitions: 0, limit: 20)

  private func measure(_ models: [ModelFile], on target: TargetDevice) throws -> MeasuredLatencies {
    try Measuring(models, on: target, plan: Self.quick, table: table).run()
  }

  @Test func modelsGoThereAndLatenciesComeBack() throws {
    let models = try device.models(["a": "run", "b": "crash", "c": "run"])
    let result = try measure(models, on: server.device(device))
    #expect(result.rows.map(\.device) == ["pi-ort-1t", "pi-ort-1t", "pi-ort-1t"])
    #expect(result.rows.map { $0.median == nil } == [false, true, false])
    #expect(result.rows[1].reason == "the runtime crashed (SIGSEGV): a bad address")
    #expect(result.descriptions["pi-ort-1t"]?.runtimes == ["onnxruntime": "1.32.0"])
    #expect(device.cached.count { $0.hasSuffix(".onnx") && !$0.contains("-all") } == 3)
    #expect(try DeviceReport.clean(server.device(device)).files >= 3)
    #expect(device.cached.isEmpty)
  }

  @Test func goesOnAfterTwentyCuts() throws {
    let models = try device.models(["a": "run", "b": "run", "c": "run", "d": "run"])
    let target = server.device(device)
    let cuts = Mutex(0)
    let isOver = Mutex(false)
    // The number of visits at the last cut, or when the current measurement began.
    let known = Mutex(0)
    let process = server.processIdentifier
    let journal = Measuring.rounds(of: table)
    let cutter = Thread {
      // A journal's line that names a round is a visit. A new session alone is no progress.
      func visits() -> Int {
        let text = try? String(contentsOfFile: journal, encoding: .utf8)
        return text?.split(separator: "\n").count { $0.contains("\"round\"") } ?? 0
      }
      var random = SeededGenerator(seed: 16)
      while !isOver.withLock({ $0 }), cuts.withLock({ $0 }) < 20 {
        // A visit is needed between two cuts, or else the models would be held to take the device down, and before the
        // first one, because a device that hasn't answered isn't waited for.
        usleep(2_000)
        guard known.withLock({ visits() > $0 }) else { continue }
        usleep(UInt32.random(in: 0...60_000, using: &random))
        known.withLock { known in
          guard visits() > known else { return }
          if SSHServer.cut(process) { cuts.withLock { $0 += 1 } }
          known = visits()
        }
      }
    }
    cutter.start()
    defer { isOver.withLock { $0 = true } }
    var rounds = 0
    var earlier: [Visit] = []
    // More rounds are requested until there were enough cuts. Earlier measurements never change.
    while cuts.withLock({ $0 }) < 20 || rounds == 0 {
      rounds += 40
      var measuring = Measuring(
        models, on: target,
        plan: MeasuringPlan(rounds: rounds...rounds, runs: 3, overhead: 0.9, repetitions: 0, limit: 20), table: table)
      measuring.firstPause = 0.01
      known.withLock { $0 = earlier.count }
      let result = try measuring.run()
      #expect(result.failures.isEmpty)
      let visits = try RoundsJournal(Measuring.rounds(of: table)).visits
      #expect(Array(visits.prefix(earlier.count)) == earlier)
      #expect(Set(visits.map { "\($0.id) \($0.round)" }).count == 4 * rounds)
      earlier = visits
    }
    #expect(!device.cached.contains { $0.hasSuffix(".part") })
  }

  @Test func aDeviceThatIsGoneForAWhileIsWaitedFor() throws {
    let models = try device.models(["a": "run", "b": "run"])
    let (process, config) = (server.processIdentifier, server.path("config"))
    let journal = Measuring.rounds(of: table)
    let isOver = Mutex(false)
    let restarted = Mutex<Daemon?>(nil)
    let cutter = Thread {
      while !isOver.withLock({ $0 }) {
        usleep(2_000)
        let size = (try? FileManager.default.attributesOfItem(atPath: journal)[.size] as? Int) ?? 0
        guard size > 0 else { continue }
        _ = SSHServer.cut(process)
        kill(process, SIGKILL)
        usleep(500_000)
        restarted.withLock { $0 = try? Daemon(SSHServer.program, ["-D", "-e", "-f", config]) }
        return
      }
    }
    cutter.start()
    defer {
      isOver.withLock { $0 = true }
      restarted.withLock { daemon in daemon?.end(SIGKILL) }
    }
    var measuring = Measuring(
      models, on: server.device(device),
      plan: MeasuringPlan(rounds: 30...30, runs: 3, overhead: 0.9, repetitions: 0, limit: 20), table: table)
    measuring.firstPause = 0.05
    #expect(try measuring.run().failures.isEmpty)
    #expect(try RoundsJournal(journal).visits.count == 60)
    #expect(restarted.withLock { $0 != nil })
  }

  @Test func aModelThatIsCutOffOnItsWayIsSentAgain() throws {
    try device.write(String(repeating: "run\n", count: 8_000_000), to: "large.onnx")
    let model = try ModelFile(device.path("large.onnx"))
    let process = server.processIdentifier
    let cache = device.path("cache/labbook-agent")
    let isCut = Mutex(false)
    let cutter = Thread {
      while !isCut.withLock({ $0 }) {
        usleep(500)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []
        if names.contains(where: { $0.hasSuffix(".part") }), SSHServer.cut(process) { isCut.withLock { $0 = true } }
      }
    }
    cutter.start()
    defer { isCut.withLock { $0 = true } }
    var measuring = Measuring([model], on: server.device(device), plan: Self.quick, table: table)
    measuring.firstPause = 0.01
    #expect(try measuring.run().rows.map(\.rounds) == [2])
    #expect(!device.cached.contains { $0.hasSuffix(".part") })
  }

  /// Errors for what isn't available, with the cause and the remedy. `PORT` and the folders stand for the test's own.
  @Test func whatIsInTheWayIsToldWithTheWayOut() throws {
    let models = try device.models(["a": "run"])
    func error(_ target: TargetDevice) -> String {
      let error = #expect(throws: InputError.self) { try measure(models, on: target) }
      let command = (["ssh"] + target.sshOptions).joined(separator: " ")
      return (error?.description ?? "").replacingOccurrences(of: command, with: "SSH")
        .replacingOccurrences(of: "\(server.port)", with: "PORT")
    }
    let good = server.device(device)
    var target = good
    target.python = "/nowhere/python"
    #expect(
      error(target) == "\"pi\": /nowhere/python doesn't exist on 127.0.0.1\n"
        + "  Install Python (sudo apt install python3-venv), or set `python:` in devices.yaml.")
    target = server.device(device, key: "other")
    #expect(
      error(target) == "\"pi\": 127.0.0.1 accepts none of the keys that ssh has\n"
        + "  Copy a key there: ssh-copy-id 127.0.0.1.")
    try server.trust("other")
    #expect(
      error(good) == "\"pi\": ssh doesn't know the host key of 127.0.0.1, or the key has changed\n"
        + "  Connect once by hand and compare the key: SSH 127.0.0.1. Remove an outdated key with ssh-keygen -R."
    )
    try server.trust("host")
    let refusals = [
      (
        ["-o", "LogLevel=INFO", "-o", "HostKeyAlgorithms=rsa-sha2-512"],
        "Unable to negotiate with 127.0.0.1 port PORT: no matching host key type found. Their offer: ssh-ed25519"
      ), (["-Z"], "unknown option -- Z"),
      (["-o", "NoOption=1"], "command-line: line 0: Bad configuration option: nooption"),
    ]
    for (options, said) in refusals {
      target = good
      target.sshOptions = options + good.sshOptions
      #expect(
        error(target) == "\"pi\": ssh can't connect to 127.0.0.1: \(said)\n"
          + "  Connect once by hand: SSH 127.0.0.1. Options of ssh are in devices.yaml (`ssh:`) and in ~/.ssh/config.")
    }
    target = good
    target.host = "no.such.host.invalid"
    #expect(error(target).hasPrefix("\"pi\": no.such.host.invalid can't be reached: "))
    #expect(error(target).hasSuffix("\n  Check that it is on and that SSH no.such.host.invalid reaches it."))
    try device.install(nil)
    let command = good.installCommand(.onnxruntime, on: try DeviceReport(asking: good).description)
      .replacingOccurrences(of: (["ssh"] + good.sshOptions).joined(separator: " "), with: "SSH")
    #expect(command.hasPrefix("SSH 127.0.0.1 '\(good.python) "))
    #expect(
      error(good) == "\"pi\" has no ONNX Runtime\n"
        + "  Install it: \(command)")
    // Nothing was measured, and earlier measurements aren't lost.
    #expect(try RoundsJournal(Measuring.rounds(of: table)).visits.isEmpty)
  }

  /// Two hosts with networks of their own. This machine is connected with one of them only, so that the other is
  /// reached through it.
  @Test(.enabled(if: SSHServer.canHaveNetworks, "Only root can make networks, outside of containers that forbid it."))
  func aDeviceBehindAJumpHostIsMeasured() throws {
    let (gate, pi) = (try SSHServer(hostName: "gate"), try SSHServer(hostName: "raspberry"))
    // Another run of the tests on this machine has other numbers.
    let number = Int(getpid() % 32)
    let near = try gate.connect(to: nil, number: 2 * number)
    let far = try pi.connect(to: gate, number: 2 * number + 1)
    try device.write(
      gate.section("gate", address: near) + pi.section("pi", address: far, through: "gate"), to: "config")
    func target(_ name: String, _ device: TestDevice) -> TargetDevice {
      TargetDevice(
        name, host: name, sshOptions: ["-F", self.device.path("config")], python: device.path("python"), quiet: 1000,
        patience: 0)
    }
    let models = try device.models(["a": "run", "b": "run"])
    let isOver = Mutex(false)
    let isCut = Mutex(false)
    let server = gate.processIdentifier
    // The jump host's connections are cut once, while the device behind it measures.
    let journal = Measuring.rounds(of: table)
    let cutter = Thread {
      while !isOver.withLock({ $0 }) {
        usleep(2_000)
        let text = (try? String(contentsOfFile: journal, encoding: .utf8)) ?? ""
        if text.contains("\"round\""), SSHServer.cut(server) { return isCut.withLock { $0 = true } }
      }
    }
    cutter.start()
    var plan = Self.quick
    plan.rounds = 20...20
    let behind = try Measuring(models, on: target("pi", device), plan: plan, table: table).run()
    isOver.withLock { $0 = true }
    #expect(isCut.withLock { $0 })
    #expect(behind.failures.isEmpty && behind.rows.map(\.rounds) == [20, 20])
    #expect(behind.descriptions["pi-ort-1t"]?.texts["host"] == "raspberry")
    let second = try TestDevice()
    let both = try measure(models, on: target("gate", second))
    #expect(both.failures.isEmpty)
    let saved = try CSVTable.read(table)
    #expect(Set(try saved.column("device")) == ["pi-ort-1t", "gate-ort-1t"])
    #expect(both.descriptions["gate-ort-1t"]?.texts["host"] == "gate")
    // A jump host that refuses is told from the device behind it.
    let config = try String(contentsOfFile: device.path("config"), encoding: .utf8)
    try device.write(config.replacing(gate.path("user"), with: gate.path("other")), to: "config")
    let refused = #expect(throws: InputError.self) {
      try measure(device.models(["d": "run"]), on: target("pi", device))
    }
    #expect(refused?.cause.contains("pi accepts none of the keys that ssh has: ") == true)
    #expect(refused?.cause.contains("@\(near): Permission denied") == true)
    // Without the jump host there is no way.
    let alone = TargetDevice(
      "pi", host: far, sshOptions: pi.options() + ["-o", "ConnectTimeout=2"], python: device.path("python"))
    let more = try device.models(["c": "run"])
    let error = #expect(throws: InputError.self) { try measure(more, on: alone) }
    #expect(error?.cause.contains("can't be reached") == true)
  }

  @Test(.enabled(if: geteuid() == 0, "Only root can mount a small disk."))
  func aFullDiskThereIsTold() throws {
    try FileManager.default.createDirectory(atPath: device.path("cache"), withIntermediateDirectories: true)
    func shell(_ command: String) throws -> String {
      try String(decoding: AgentProcess(["/bin/sh", "-c", "\(command); echo $?"]).line(within: 60), as: UTF8.self)
    }
    try #require(try shell("mount -t tmpfs -o size=64k none '\(device.path("cache"))'") == "0")
    defer { _ = try? shell("umount '\(device.path("cache"))'") }
    try device.write(String(repeating: "run\n", count: 50_000), to: "large.onnx")
    let model = try ModelFile(device.path("large.onnx"))
    let small = try device.models(["small": "run"])
    let error = #expect(throws: InputError.self) { try measure(small + [model], on: server.device(device)) }
    #expect(error?.cause == "\"pi\" can't store \(model.path): No space left on device")
    #expect(error?.remedy?.hasSuffix("labbook devices pi --clean.") == true)
    // The other models can still be measured.
    #expect(try measure(small, on: server.device(device)).failures.isEmpty)
  }
}
