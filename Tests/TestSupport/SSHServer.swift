import Engine
import Foundation
import Glibc

/// A real sshd on a loopback port, with its own keys, which admits the user who runs the tests.
package final class SSHServer {
  package let folder: URL
  package let port: Int
  private let process: Daemon

  package static let program = "/usr/sbin/sshd"

  /// Whether sshd is installed (Debian package openssh-server).
  package static var isInstalled: Bool {
    FileManager.default.isExecutableFile(atPath: program)
      && FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh-keygen")
  }

  package init() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-sshd-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let port = Self.freePort()
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    for name in ["host", "other", "user"] {
      try Self.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path(name)])
    }
    if geteuid() == 0 {
      try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
    }
    try """
    Port \(port)
    ListenAddress 127.0.0.1
    HostKey \(path("host"))
    AuthorizedKeysFile \(path("user.pub"))
    StrictModes no
    UsePAM no
    PasswordAuthentication no
    PermitRootLogin yes
    MaxStartups 100
    PidFile none
    """.write(toFile: path("config"), atomically: true, encoding: .utf8)
    process = try Daemon(Self.program, ["-D", "-e", "-f", path("config")])
    (self.folder, self.port) = (folder, port)
    try trust("host")
    var tries = 0
    while tries < 1500, !isListening {
      usleep(20_000)
      tries += 1
    }
  }

  deinit {
    process.end(SIGTERM)
    try? FileManager.default.removeItem(at: folder)
  }

  package func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Stores the host key that ssh expects.
  package func trust(_ key: String) throws {
    let text = try String(contentsOfFile: path(key + ".pub"), encoding: .utf8)
    let parts = text.split(separator: " ").prefix(2).joined(separator: " ")
    try "[127.0.0.1]:\(port) \(parts)\n".write(toFile: path("known"), atomically: true, encoding: .utf8)
  }

  /// Arguments for `ssh` that restrict it to this server and its keys.
  package func options(key: String = "user") -> [String] {
    [
      "-F", "none", "-p", "\(port)", "-i", path(key), "-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR", "-o",
      "UserKnownHostsFile=\(path("known"))",
    ]
  }

  package var processIdentifier: pid_t { process.processIdentifier }

  /// Kills the server's processes of all connections. New connections are accepted.
  /// - Returns: Whether there was a connection.
  package static func cut(_ server: pid_t) -> Bool {
    let sessions = children(of: server)
    for session in sessions { kill(session, SIGKILL) }
    return !sessions.isEmpty
  }

  private static func children(of parent: pid_t) -> [pid_t] {
    let text = (try? String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8)) ?? ""
    return text.split(separator: " ").compactMap { pid_t($0) }
  }

  private var isListening: Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    return withAddress(port) { connect(descriptor, $0, $1) } == 0
  }

  private static func freePort() -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    _ = withAddress(0) { bind(descriptor, $0, $1) }
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func run(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    try ProcessTree.start(process)
    ProcessTree.finish(process)
  }
}

private func withAddress<Result>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
  }
}
