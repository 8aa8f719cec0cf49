import Core
import Dispatch
import Foundation
import Glibc

/// The agent's counterpart for built-in runtimes: it answers the same requests in this process. A model that crashes
/// ends the process, and one that hangs can't be ended; earlier measurements are kept nevertheless.
final class BuiltInSession: DeviceSession {
  private let device: TargetDevice
  private var paths: [String: String] = [:]
  private var worker: BuiltInWorker?
  private var lock: Int32?
  private var request: AgentRequest?
  private var open: [AgentRequest.Visit] = []
  private var notes: [AgentMessage] = []

  init(_ device: TargetDevice) { self.device = device }

  func end() {
    lock.map { _ = close($0) }
    lock = nil
  }

  deinit { end() }

  func describe() throws -> DeviceDescription {
    let (texts, numbers) = ThisMachine.description
    return DeviceDescription(texts: texts, numbers: numbers, runtimes: RuntimeKind.builtInVersions)
  }

  /// The models are read from their files, so no copy is needed.
  func bring(_ models: [ModelFile], progress: (_ done: Int, _ of: Int) -> Void) throws {
    for model in models { paths[model.cacheName] = model.path }
  }

  func clean() throws -> (files: Int, bytes: Int) { (0, 0) }

  @discardableResult
  func start(_ setup: RuntimeSetup, patience: Double, meanwhile: (AgentMessage) -> Void) throws -> [Int]? {
    guard let runtime = setup.runtime.builtIn else { return nil }
    let present = ThisMachine.processors
    if let absent = setup.processors?.first(where: { !present.contains($0) }) {
      throw InputError(
        "\"\(setup.name)\": this machine has no processor \(absent)",
        remedy: "Change `processors:` in devices.yaml, or leave it out.")
    }
    try takeDevice(meanwhile)
    let worker = BuiltInWorker(runtime, setup: setup, quiet: device.quiet, patience: patience)
    self.worker = worker
    return worker.processors
  }

  /// Locks the device by the agent's lock file, because two measurements at the same time would disturb each other.
  private func takeDevice(_ meanwhile: (AgentMessage) -> Void) throws {
    guard lock == nil else { return }
    let environment = ProcessInfo.processInfo.environment
    let base = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory() + "/.cache"
    let folder = base + "/labbook-agent"
    let path = "\(folder)/\(ThisMachine.lockName)"
    var seconds = 0.0
    while true {
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard file >= 0 else {
        throw InputError("the file can't be made", at: Place(file: path), remedy: "Make room for it there.")
      }
      // An agent may have removed the file meanwhile, with the models of the cache.
      var (opened, present) = (stat(), stat())
      if flock(file, LOCK_EX | LOCK_NB) == 0, fstat(file, &opened) == 0, stat(path, &present) == 0 {
        if opened.st_ino == present.st_ino {
          lock = file
          return
        }
        close(file)
      } else {
        let code = errno
        close(file)
        // Another error is no measurement that ends at some time: some network file systems have no locks.
        guard [EAGAIN, EINTR, ENOENT, ESTALE].contains(code) else {
          throw InputError(
            "the file can't be locked: \(String(cString: strerror(code)))", at: Place(file: path),
            remedy: "Set XDG_CACHE_HOME to a folder on a disk of this machine.")
        }
      }
      meanwhile(AgentMessage(event: "busy", seconds: seconds))
      usleep(500_000)
      seconds += 0.5
    }
  }

  func send(_ request: AgentRequest) throws {
    self.request = request
    open = (request.visits ?? []).reversed()
  }

  /// Runs the next model of the last request.
  func next(within seconds: Double) throws -> AgentMessage {
    if let note = notes.popLast() { return note }
    guard let worker, let request, let visit = open.last else { return AgentMessage(event: "done") }
    if request.how != "profile", worker.isDisturbed {
      // The load is checked once for each message, so that the caller can show the wait.
      if let waiting = worker.wait() { return waiting }
    }
    open.removeLast()
    guard let path = paths[visit.model] else { return failure(visit, "the model is missing") }
    do {
      let content = try FileAccess.read(path)
      var message =
        request.how == "profile"
        ? try worker.profile(content, path, visit)
        : try worker.visit(content, path, visit, limit: request.limit ?? .infinity)
      (message.id, message.round) = (visit.id, visit.round)
      return message
    } catch let error as InputError {
      return failure(visit, error.cause)
    }
  }

  private func failure(_ visit: AgentRequest.Visit, _ reason: String) -> AgentMessage {
    AgentMessage(event: "failed", id: visit.id, round: visit.round, reason: reason)
  }
}
