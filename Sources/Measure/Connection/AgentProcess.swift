import Foundation
import Glibc
import Wire

/// The process of the agent, or the `ssh` process that connects to it. Lines go in and out through one socket.
///
/// It is a socket instead of two pipes, because writing to a closed socket can be prevented from ending this process
/// (MSG_NOSIGNAL).
final class AgentProcess {
  enum Ending: Error {
    /// The other end was closed: the process or the connection ended.
    case closed
    /// No line came in time.
    case silent
    /// A line was longer than `longestLine`.
    case flooded
  }

  /// There is no such program, or the file isn't one.
  struct MissingProgram: Error {}

  /// The greatest length of a line in bytes. The longest ones are profiles and the visits of quick models.
  static let longestLine = 16 << 20
  /// The part of standard error that `complaint` reads, in bytes.
  private static let longestComplaint = 1 << 16

  private let descriptor: Int32
  /// The process's standard error: a file without a name.
  private let errors: Int32
  private let process: pid_t
  private var input = Data()
  /// The number of bytes of `input` that contain no line end.
  private var searched = 0
  private var status: Int32?

  /// - Throws: `MissingProgram`, or `POSIXFailure` when the process can't be started for another reason.
  init(_ command: [String]) throws {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw AgentProcess.failure("create a socket for", command)
    }
    let name = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-agent-\(UUID().uuidString)").path
    errors = open(name, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
    guard errors >= 0 else {
      for end in ends { close(end) }
      throw AgentProcess.failure("create the file \(name) for", command)
    }
    unlink(name)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    var code = posix_spawnp(&child, command.first ?? "", &actions, nil, &arguments, environ)
    // A program that was just written is busy while a process that another thread starts still has its file open.
    for _ in 0..<100 where code == ETXTBSY {
      usleep(10_000)
      code = posix_spawnp(&child, command.first ?? "", &actions, nil, &arguments, environ)
    }
    close(ends[1])
    guard code == 0 else {
      close(ends[0])
      close(errors)
      if [ENOENT, EACCES, ENOTDIR, ENOEXEC].contains(code) { throw MissingProgram() }
      errno = code
      throw AgentProcess.failure("start", command)
    }
    descriptor = ends[0]
    process = child
  }

  deinit {
    end()
    close(errors)
  }

  private static func failure(_ action: String, _ command: [String]) -> POSIXFailure {
    POSIXFailure(action: action, path: command.first ?? "")
  }

  /// Closes the socket, which ends the agent, and waits for the process. A process that doesn't end is killed.
  func end() {
    guard status == nil else { return }
    close(descriptor)
    var code: Int32 = 0
    for attempt in 0..<40 {
      if waitpid(process, &code, WNOHANG) != 0 {
        status = code
        return
      }
      if attempt == 30 { kill(process, SIGKILL) }
      usleep(50_000)
    }
    status = -1
  }

  /// The exit code after the process has ended; 255 is ssh's own.
  func exitCode() -> Int32? {
    end()
    return status.map { $0 & 0x7F == 0 ? ($0 >> 8) & 0xFF : -1 }
  }

  /// The last lines of its standard error, without the list of options that programs print behind a wrong one.
  var complaint: String {
    // Messages of ssh and of the other machine may be in any encoding.
    let size = Int(clamping: lseek(errors, 0, SEEK_END))
    var bytes = [UInt8](repeating: 0, count: min(max(size, 0), Self.longestComplaint))
    let count = pread(errors, &bytes, bytes.count, off_t(max(0, size - bytes.count)))
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline)
    let cause = lines.prefix { !$0.hasPrefix("usage: ") }
    return (cause.isEmpty ? lines[...] : cause).suffix(6).map { $0.prefix(300) }.joined(separator: "\n")
  }

  func write(_ data: Data) throws(Ending) {
    var rest = data[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw .closed }
      rest = rest.dropFirst(written)
    }
  }

  /// The next line, without its line end.
  /// - Parameter seconds: The time limit for waiting.
  func line(within seconds: Double) throws(Ending) -> Data {
    let deadline = ProcessInfo.processInfo.systemUptime + seconds
    while true {
      if let end = input[(input.startIndex + searched)...].firstIndex(of: 0x0A) {
        let line = Data(input[..<end])
        input = Data(input[(end + 1)...])
        searched = 0
        return line
      }
      searched = input.count
      guard searched <= Self.longestLine else { throw .flooded }
      let left = deadline - ProcessInfo.processInfo.systemUptime
      guard left > 0 else { throw .silent }
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = Glibc.poll(&poll, 1, Int32(clamping: min(left * 1000 + 1, 1e6)))
      if ready < 0, errno == EINTR { continue }
      if ready == 0 { continue }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .closed }
      input.append(contentsOf: buffer[..<count])
    }
  }
}
