import Foundation
import Glibc
import Synchronization
import Wire

/// A lock by a lease file: the process that creates the file holds the lock, and a heartbeat in the file shows that
/// it is alive. The file system only has to create a hard link atomically, which NFS does, too.
final class LeaseLock: Sendable {
  /// The seconds between two heartbeats, and the seconds without one after which a holder counts as dead.
  struct Times: Sendable {
    var interval = 5.0
    var patience = 60.0
  }

  /// The content of the file.
  struct Content: Equatable {
    var host: String
    var process: pid_t
    var nonce: String
    var beat: String

    var text: String { "\(host) \(process) \(nonce) \(beat)\n" }

    init(host: String, process: pid_t, nonce: String, beat: Int) {
      self.host = host
      self.process = process
      self.nonce = nonce
      self.beat = String(format: "%012d", beat)
    }

    init?(reading path: String) {
      guard let data = FileManager.default.contents(atPath: path) else { return nil }
      let words = String(decoding: data, as: UTF8.self).split(separator: " ").map(String.init)
      guard words.count == 4, let process = pid_t(words[1]) else { return nil }
      host = words[0]
      self.process = process
      nonce = words[2]
      beat = words[3].trimmingCharacters(in: .newlines)
    }

    /// Whether the holder was a process of this machine that has ended.
    var isKnownDead: Bool {
      host == LeaseLock.host && process != getpid() && kill(process, 0) != 0 && errno == ESRCH
    }
  }

  private let path: String
  private let nonce: String
  private let descriptor: Int32
  private let timer: Mutex<(any DispatchSourceTimer)?>

  static let host: String = {
    let name = ProcessInfo.processInfo.hostName
    return name.isEmpty ? "localhost" : name.replacingOccurrences(of: " ", with: "-")
  }()

  private init(path: String, nonce: String, descriptor: Int32, interval: Double) {
    self.path = path
    self.nonce = nonce
    self.descriptor = descriptor
    let source = DispatchSource.makeTimerSource(queue: .global())
    let beat = Mutex(1)
    source.setEventHandler {
      let number = beat.withLock { value in
        value += 1
        return value
      }
      let content = Content(host: Self.host, process: getpid(), nonce: nonce, beat: number)
      _ = Array(content.text.utf8).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
      fsync(descriptor)
    }
    source.schedule(deadline: .now() + interval, repeating: interval)
    source.resume()
    timer = Mutex(source)
  }

  /// Takes the lock if it is free.
  static func take(_ path: String, times: Times = Times()) throws -> LeaseLock? {
    let nonce = String(UInt64.random(in: 0 ... .max), radix: 16)
    let temporary = "\(path).\(nonce)"
    let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw POSIXFailure(action: "lock", path: path) }
    defer { unlink(temporary) }
    let content = Content(host: host, process: getpid(), nonce: nonce, beat: 1)
    let written = Array(content.text.utf8).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    guard written == content.text.utf8.count, fsync(descriptor) == 0 else {
      let failure = POSIXFailure(action: "lock", path: path)
      close(descriptor)
      throw failure
    }
    // The answer of a network file system may get lost, so the number of links shows whether the link was made.
    let isLinked = link(temporary, path) == 0
    var status = stat()
    guard isLinked || (fstat(descriptor, &status) == 0 && status.st_nlink == 2) else {
      close(descriptor)
      return nil
    }
    return LeaseLock(path: path, nonce: nonce, descriptor: descriptor, interval: times.interval)
  }

  /// Removes the file of a dead holder, if it is still the one that was seen.
  static func breakStale(_ path: String, seen: Content) {
    guard Content(reading: path) == seen else { return }
    let aside = "\(path).stale-\(UInt64.random(in: 0 ... .max))"
    guard rename(path, aside) == 0 else { return }
    // Another process may have taken the lock in the meantime.
    if Content(reading: aside)?.nonce != seen.nonce { link(aside, path) }
    unlink(aside)
  }

  func release() {
    timer.withLock { source in
      guard let running = source else { return }
      running.cancel()
      source = nil
      if Content(reading: path)?.nonce == nonce { unlink(path) }
      close(descriptor)
    }
  }
}
