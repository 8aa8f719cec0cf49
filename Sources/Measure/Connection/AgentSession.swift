internal import Basics
import Core
import Foundation
import Glibc
import Wire

/// A session with the agent on a device.
final class AgentSession: DeviceSession {
  /// The connection was lost. Earlier measurements are kept.
  struct Loss: Error, CustomStringConvertible {
    var description: String
    /// The error for a device that never answered; nil for one that did, which may come back.
    var refusal: InputError?
  }

  let device: TargetDevice
  private let process: AgentProcess

  /// The interval of heartbeats in seconds. The agent ends after six intervals without any line.
  private let pulse: Double
  /// The system's uptime at the last line to the agent.
  private var lastSent = 0.0
  private var hasAnswered = false

  /// Starts the agent.
  /// - Parameter greeting: The seconds within which the agent has to answer for the first time.
  /// - Throws: `InputError` with cause and remedy when the device can't be used as it is, `Loss` when another attempt
  ///   may help.
  init(_ device: TargetDevice, pulse: Double = 10, greeting: Double = 60) throws {
    self.device = device
    self.pulse = pulse
    do {
      process = try AgentProcess(Self.command(device))
    } catch is AgentProcess.MissingProgram {
      guard device.host != nil else { throw Self.loss(device, "", 127, hasAnswered: false) }
      throw InputError(
        "\"\(device.name)\": this machine has no ssh", remedy: "Install it: sudo apt install openssh-client.")
    } catch let failure as POSIXFailure {
      let isBusy = [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(failure.code)
      throw Loss(
        description: "\(failure)",
        refusal: InputError(
          "\"\(device.name)\": \(device.host == nil ? device.python : "ssh") can't be started on this machine: "
            + "\(failure)",
          remedy: isBusy
            ? "End other programs, and try again."
            : "Check that TMPDIR is a folder that you can write to, and that it has room."))
    }
    try send(Data(AgentSource.bytes))
    var hello = AgentRequest("hello")
    hello.silence = 6 * pulse
    try send(hello)
    _ = try answer("hello", within: greeting)
    hasAnswered = true
  }

  private static func command(_ device: TargetDevice) -> [String] {
    guard let host = device.host else {
      let python = (device.python as NSString).expandingTildeInPath
      return [python, "-u", "-c", AgentSource.loader]
    }
    // A plain path may begin with a tilde, which the remote shell expands only outside quotes.
    let isPlain = device.python.allSatisfy { $0.isLetter || $0.isNumber || "/._-~+".contains($0) }
    let python = isPlain ? device.python : quoted(device.python)
    // ssh takes the first of several values, so the user's come first.
    return ["ssh", "-T", "-o", "BatchMode=yes"] + device.sshOptions
      + [
        "-o", "ConnectTimeout=15", "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3", host,
        "exec \(python) -u -c \(quoted(AgentSource.loader))",
      ]
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }

  func end() { process.end() }

  // MARK: Messages

  func send(_ request: AgentRequest) throws {
    try send(try JSONEncoder().encode(request) + Data([0x0A]))
  }

  func send(_ bytes: Data) throws {
    do {
      try process.write(bytes)
      lastSent = ProcessInfo.processInfo.systemUptime
    } catch {
      throw loss()
    }
  }

  /// The next message of any kind.
  /// - Parameter seconds: The time without any message after which the connection counts as lost.
  func next(within seconds: Double) throws -> AgentMessage {
    let deadline = ProcessInfo.processInfo.systemUptime + seconds
    while true {
      let now = ProcessInfo.processInfo.systemUptime
      guard now < deadline else { throw silence(seconds) }
      if now - lastSent >= pulse { try send(AgentRequest("alive")) }
      do {
        let line = try process.line(within: min(deadline - now, pulse))
        guard let message = try? JSONDecoder().decode(AgentMessage.self, from: line) else {
          // Some shells print a greeting. Lines that are not the agent's are skipped.
          continue
        }
        if message.event == "refused" {
          throw InputError("\"\(device.name)\": \(message.reason ?? "the agent refused")")
        }
        return message
      } catch AgentProcess.Ending.silent {
        continue
      } catch AgentProcess.Ending.flooded {
        throw InputError(
          "\"\(device.name)\": a line of its output is longer than \(AgentProcess.longestLine >> 20) MiB",
          remedy: "Check what its shell prints when it starts.")
      } catch AgentProcess.Ending.closed {
        throw loss()
      }
    }
  }

  /// The message of this event. Earlier messages are passed to `meanwhile`.
  func answer(_ event: String, within seconds: Double, meanwhile: (AgentMessage) -> Void = { _ in }) throws
    -> AgentMessage
  {
    while true {
      let message = try next(within: seconds)
      if message.event == event { return message }
      meanwhile(message)
    }
  }

  /// The loss of a device that sent nothing for these seconds.
  private func silence(_ seconds: Double) -> Loss {
    let said = "it sent nothing for \(Int(clamping: seconds)) seconds"
    if hasAnswered { return Loss(description: said) }
    return Loss(
      description: said,
      refusal: InputError(
        "\"\(device.name)\": \(device.python) on \(device.host ?? "this machine") doesn't answer: \(said)",
        remedy: Self.checkPython))
  }

  /// The error for the end of the process: an `InputError` if the user must act, a `Loss` if the connection broke.
  private func loss() -> any Error {
    let code = process.exitCode()
    return Self.loss(device, process.complaint, code, hasAnswered: hasAnswered)
  }
}

extension AgentSession {
  /// The remedy for a Python that doesn't run the agent.
  private static let checkPython =
    "Check that `python:` in devices.yaml is a Python, and that the shell there starts it."

  /// An `InputError` for a device that can't be used as it is, a `Loss` if another attempt may help.
  /// - Parameter hasAnswered: Whether the agent answered before the connection ended.
  private static func loss(
    _ device: TargetDevice, _ complaint: String, _ code: Int32?, hasAnswered: Bool
  ) -> any Error {
    func error(_ cause: String, _ remedy: String) -> InputError {
      InputError("\"\(device.name)\": \(cause)", remedy: remedy)
    }
    let complaint = complaint.visibleLines
    let host = device.host ?? "this machine"
    let said = complaint.split(separator: "\n").last.map(String.init) ?? "the connection was closed"
    let ssh = (["ssh"] + device.sshOptions + [host]).joined(separator: " ")
    func lost(refusal cause: String, _ remedy: String) -> Loss {
      Loss(description: said, refusal: hasAnswered ? nil : error(cause, remedy))
    }
    if device.host != nil, code == 255 {
      if complaint.contains("REMOTE HOST IDENTIFICATION HAS CHANGED") || complaint.contains("Host key verification") {
        return error(
          "ssh doesn't know the host key of \(host), or the key has changed",
          "Connect once by hand and compare the key: \(ssh). Remove an outdated key with ssh-keygen -R.")
      }
      if let line = complaint.split(separator: "\n").first(where: { $0.contains("Permission denied") }) {
        // It may be a host on the way there, or one that ssh's configuration calls by another name.
        let refusing = line.prefix { $0 != ":" }.split(separator: "@").last
        let isHost = refusing == host.split(separator: "@").last
        return error(
          "\(host) accepts none of the keys that ssh has" + (isHost ? "" : ": \(line)"),
          "Copy a key there: ssh-copy-id \(isHost ? host : String(line.prefix { $0 != ":" })).")
      }
      let unreachable = ["Could not resolve", "Connection refused", "timed out", "No route", "unreachable"]
      if unreachable.contains(where: complaint.contains) {
        return lost(
          refusal: "\(host) can't be reached: \(said)", "Check that it is on and that \(ssh) reaches it.")
      }
      let lines = complaint.split(separator: "\n").suffix(3).joined(separator: "; ")
      return lost(
        refusal: "ssh can't connect to \(host): \(lines.isEmpty ? said : lines)",
        "Connect once by hand: \(ssh). Options of ssh are in devices.yaml (`ssh:`) and in ~/.ssh/config.")
    }
    if code == 127 || code == 126 {
      return error(
        "\(device.python) doesn't exist on \(host)",
        "Install Python (sudo apt install python3-venv), or set `python:` in devices.yaml.")
    }
    if complaint.contains("SyntaxError") || complaint.contains("has no attribute") {
      return error("\(device.python) on \(host) is too old: \(said)", "The agent needs Python 3.7 or later.")
    }
    if code == nil || complaint.contains("Traceback") {
      return error("the agent failed: \(said)", "Please report this.")
    }
    return lost(refusal: "\(device.python) on \(host) ended before it answered: \(said)", checkPython)
  }
}

extension AgentSession {
  /// The device's description of itself.
  func describe() throws -> DeviceDescription {
    try send(AgentRequest("describe"))
    let message = try answer("description", within: 60)
    return DeviceDescription(
      texts: message.texts ?? [:], numbers: message.numbers ?? [:], runtimes: message.runtimes ?? [:],
      lacking: message.lacking, isManaged: message.managed)
  }

  /// Removes the models in its cache.
  func clean() throws -> (files: Int, bytes: Int) {
    try send(AgentRequest("clean"))
    let message = try answer("cleaned", within: 60)
    return (message.files ?? 0, message.bytes ?? 0)
  }

  /// Transfers the models that the device doesn't have yet. Those of this machine are only linked.
  /// - Throws: `InputError` when the device can't store one.
  func bring(_ models: [ModelFile], progress: (_ done: Int, _ of: Int) -> Void) throws {
    let byName = Dictionary(models.map { ($0.cacheName, $0) }, uniquingKeysWith: { first, _ in first })
    var request = AgentRequest("have")
    request.models = byName.keys.sorted()
    try send(request)
    let missing = try answer("have", within: 120).missing ?? []
    guard device.host != nil else { return try link(missing.compactMap { byName[$0] }) }
    for (index, name) in missing.enumerated() {
      guard let model = byName[name] else { continue }
      progress(index, missing.count)
      let content = try FileAccess.read(model.path)
      var request = AgentRequest("put")
      request.model = name
      request.bytes = content.count
      try send(request)
      try send(content)
      if let reason = try answer("put", within: 300).reason { throw cannotStore(model, reason) }
    }
  }

  private func link(_ models: [ModelFile]) throws {
    var request = AgentRequest("link")
    request.links = Dictionary(
      models.map { ($0.cacheName, URL(fileURLWithPath: $0.path).path) }, uniquingKeysWith: { first, _ in first })
    request.stamps = Dictionary(
      models.compactMap { model in
        model.stamp.map {
          (model.cacheName, [Int(clamping: $0.node), Int(clamping: $0.size), $0.seconds, $0.nanoseconds])
        }
      }, uniquingKeysWith: { first, _ in first })
    try send(request)
    let message = try answer("linked", within: 60)
    if let reason = message.reason, let model = models.first(where: { $0.cacheName == message.model }) {
      throw cannotStore(model, reason)
    }
  }

  private func cannotStore(_ model: ModelFile, _ reason: String) -> InputError {
    InputError(
      "\"\(device.name)\" can't store \(model.path): \(reason)",
      remedy: "Free disk space there, or remove earlier models: labbook devices \(device.name) --clean.")
  }

  /// Reserves the device and starts a runtime on it.
  @discardableResult
  func start(_ setup: RuntimeSetup, patience: Double, meanwhile: (AgentMessage) -> Void) throws -> [Int]? {
    var request = AgentRequest("start")
    request.setup = AgentRequest.Setup(
      runtime: setup.runtime.rawValue, threads: setup.threads, processors: setup.processors, memory: setup.memory,
      options: setup.options, quiet: device.quiet, patience: patience)
    try send(request)
    while true {
      let message = try next(within: 180)
      switch message.event {
      case "ready": return message.processors
      case "failed":
        let reason = message.reason ?? "the runtime doesn't start"
        throw InputError("\"\(setup.name)\": \(reason)", remedy: remedy(reason, setup))
      default: meanwhile(message)
      }
    }
  }

  /// The remedy for a runtime that doesn't start.
  private func remedy(_ reason: String, _ setup: RuntimeSetup) -> String {
    if reason.hasPrefix("the processors") { return "Change `processors:` in devices.yaml, or leave it out." }
    let title = setup.runtime.title
    // pip's package would replace a build for the device's accelerator, such as a Jetson's.
    if reason.contains("this \(title) has no ") || reason.contains("this \(title) can't use ") {
      return "Change `options:` in devices.yaml, or install a build of \(title) that has it."
    }
    return (setup.options.isEmpty ? "Install" : "Check `options:` in devices.yaml, or install")
      + " it again: \(device.installCommand(setup.runtime))"
  }
}
