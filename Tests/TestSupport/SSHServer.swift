import Engine
import Foundation
import Glibc

/// A real sshd on a loopback port, or in a network of its own, with its own keys, which admits the user who runs the
/// tests.
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

  /// Whether servers can have networks of their own: root can make them unless a container forbids it.
  package static let canHaveNetworks =
    geteuid() == 0
    && (try? status(
      "/usr/bin/unshare", ["--net", "--uts", "ip", "link", "add", "a", "type", "veth", "peer", "name", "b"])) == 0
    && FileManager.default.isExecutableFile(atPath: "/usr/bin/nsenter")

  /// - Parameter hostName: The name of a host of its own, with a network of its own that nothing is connected with; by
  ///   default the server listens on this machine's loopback interface.
  package init(hostName: String? = nil) throws {
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
    ListenAddress \(hostName == nil ? "127.0.0.1" : "0.0.0.0")
    HostKey \(path("host"))
    AuthorizedKeysFile \(path("user.pub"))
    StrictModes no
    UsePAM no
    PasswordAuthentication no
    PermitRootLogin yes
    MaxStartups 100
    PidFile none
    """.write(toFile: path("config"), atomically: true, encoding: .utf8)
    let command = [Self.program, "-D", "-e", "-f", path("config")]
    process =
      if let hostName {
        try Daemon(
          "/usr/bin/unshare",
          ["--net", "--uts", "/bin/sh", "-c", "hostname \(hostName) && ip link set lo up && exec \"$@\"", "sh"]
            + command)
      } else {
        try Daemon(command[0], Array(command.dropFirst()))
      }
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
  package func trust(_ key: String, at address: String = "127.0.0.1") throws {
    let text = try String(contentsOfFile: path(key + ".pub"), encoding: .utf8)
    let parts = text.split(separator: " ").prefix(2).joined(separator: " ")
    try "[\(address)]:\(port) \(parts)\n".write(toFile: path("known"), atomically: true, encoding: .utf8)
  }

  /// Connects this server's network by a cable with that of another server, or of this machine.
  /// - Parameter number: The cable's number, 0 to 63. Each number has four addresses of its own.
  /// - Returns: The server's address.
  package func connect(to other: SSHServer?, number: Int) throws -> String {
    let inside = ["/usr/bin/nsenter", "--target", "\(processIdentifier)", "--net"]
    let outside = other.map { ["/usr/bin/nsenter", "--target", "\($0.processIdentifier)", "--net"] } ?? []
    let cable = "lb\(processIdentifier)"
    let (peer, address) = ("169.254.100.\(4 * number + 1)", "169.254.100.\(4 * number + 2)")
    for (place, words) in [
      (outside, "link add \(cable) type veth peer name eth0 netns \(processIdentifier)"),
      (outside, "addr add \(peer)/30 dev \(cable)"), (outside, "link set \(cable) up"),
      (inside, "addr add \(address)/30 dev eth0"), (inside, "link set eth0 up"),
    ] {
      let command = place + ["/usr/sbin/ip"] + words.split(separator: " ").map(String.init)
      guard try Self.status(command[0], Array(command.dropFirst())) == 0 else { throw POSIXError(.ENETUNREACH) }
    }
    try trust("host", at: address)
    return address
  }

  /// A section of ssh's configuration for a host that is reached at an address of `connect(to:number:)`.
  package func section(_ host: String, address: String, through jump: String? = nil) -> String {
    """
    Host \(host)
      HostName \(address)
      Port \(port)
      IdentityFile \(path("user"))
      IdentitiesOnly yes
      LogLevel ERROR
      UserKnownHostsFile \(path("known"))
    \(jump.map { "  ProxyJump \($0)" } ?? "")

    """
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

  /// Whether the table of connections of the server's network has the port as one that is listened on.
  private var isListening: Bool {
    let table = (try? String(contentsOfFile: "/proc/\(processIdentifier)/net/tcp", encoding: .utf8)) ?? ""
    return table.contains(":\(String(format: "%04X", port)) 00000000:0000 0A ")
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
    _ = try status(program, arguments)
  }

  private static func status(_ program: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    try ProcessTree.start(process)
    ProcessTree.finish(process)
    return process.terminationStatus
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
