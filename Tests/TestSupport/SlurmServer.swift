import Engine
import Foundation
import Glibc

/// A real Slurm with two nodes on this machine, in its own folder: munged, slurmctld, and a slurmd for each node.
/// Everything is removed with the value.
package final class SlurmServer {
  package let folder: URL
  private let port: Int
  private var daemons: [String: Daemon] = [:]

  private static let programs = ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/sbatch"]

  /// Whether Slurm is installed (Debian packages slurm-wlm, munge).
  package static var isInstalled: Bool { programs.allSatisfy(FileManager.default.isExecutableFile) }

  /// The variables by which Slurm's commands find this Slurm.
  package var environment: [String: String] { ["SLURM_CONF": path("slurm.conf")] }

  package static let nodes = ["n1", "n2"]

  /// - Parameter killWait: The seconds between the request to end and the kill.
  package init(killWait: Int = 2) throws {
    folder = URL(fileURLWithPath: "/tmp/labbook-slurm-\(UInt32.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("state"), withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o755])
    port = Int.random(in: 20_000..<29_000)
    let user = String(cString: getpwuid(geteuid()).pointee.pw_name)
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count)
    let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      .split(separator: ".")[0]
    let nodes = Self.nodes.enumerated().map { index, node in
      "NodeName=\(node) NodeHostname=\(host) NodeAddr=127.0.0.1 Port=\(port + 1 + index) CPUs=4 RealMemory=4000"
    }
    // The controller asks a node which jobs it has at every twentieth ping, and three pings fit into SlurmdTimeout.
    // Until then it doesn't know that a job ended with the node's daemon.
    try """
    ClusterName=labbook
    SlurmctldHost=\(host)(127.0.0.1)
    SlurmctldPort=\(port)
    SlurmUser=\(user)
    SlurmdUser=\(user)
    AuthType=auth/munge
    AuthInfo=socket=\(path("munge.socket")),cred_expire=5
    StateSaveLocation=\(path("state"))
    SlurmdSpoolDir=\(path("spool-%n"))
    SlurmctldPidFile=\(path("slurmctld.pid"))
    SlurmdPidFile=\(path("slurmd-%n.pid"))
    SlurmctldLogFile=\(path("slurmctld.log"))
    SlurmdLogFile=\(path("slurmd-%n.log"))
    ProctrackType=proctrack/linuxproc
    TaskPlugin=task/none
    SelectType=select/cons_tres
    SelectTypeParameters=CR_Core
    SwitchType=switch/none
    MpiDefault=none
    ReturnToService=2
    KillWait=\(killWait)
    SlurmdTimeout=10
    MinJobAge=300
    SlurmdParameters=config_overrides
    SchedulerParameters=sched_interval=1
    PreemptType=preempt/partition_prio
    PreemptMode=REQUEUE
    \(nodes.joined(separator: "\n"))
    PartitionName=low Nodes=n1,n2 Default=YES MaxTime=1:00:00 State=UP PriorityTier=1 PreemptMode=REQUEUE
    PartitionName=high Nodes=n1,n2 MaxTime=1:00:00 State=UP PriorityTier=10 PreemptMode=OFF
    """.write(toFile: path("slurm.conf"), atomically: true, encoding: .utf8)
    try "CgroupPlugin=cgroup/v1\n".write(toFile: path("cgroup.conf"), atomically: true, encoding: .utf8)
    let key = Data((0..<1024).map { _ in UInt8.random(in: 0...255) })
    _ = FileManager.default.createFile(
      atPath: path("munge.key"), contents: key, attributes: [.posixPermissions: 0o600])
    try start(
      "munged", "/usr/sbin/munged", "--foreground", "--force", "--key-file=\(path("munge.key"))",
      "--socket=\(path("munge.socket"))", "--pid-file=\(path("munged.pid"))", "--log-file=\(path("munged.log"))",
      "--seed-file=\(path("munge.seed"))")
    var waits = 0
    while waits < 500, !FileManager.default.fileExists(atPath: path("munge.socket")) {
      usleep(10_000)
      waits += 1
    }
    try startController()
    for node in Self.nodes { try startNode(node) }
    var tries = 0
    while tries < 300, try !run("/usr/bin/sinfo", "-h", "-N", "-p", "low", "-t", "idle").contains("n2") {
      usleep(100_000)
      tries += 1
    }
  }

  deinit {
    _ = try? run("/usr/bin/scancel", "--me")
    usleep(300_000)
    for name in ["slurmctld"] + Self.nodes.map({ "slurmd-\($0)" }) + ["munged"] { stop(name, signal: SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  package func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  package func startController() throws {
    try start("slurmctld", "/usr/sbin/slurmctld", "-D", "-f", path("slurm.conf"))
  }

  package func startNode(_ node: String) throws {
    try start("slurmd-\(node)", "/usr/sbin/slurmd", "-D", "-N", node, "-f", path("slurm.conf"))
  }

  /// Does what a cluster's administrator does with a node that Slurm takes no jobs for after a failed start ("Duplicate
  /// jobid").
  package func resumeDrainedNodes() throws {
    let drained = try run("/usr/bin/sinfo", "-h", "-N", "-p", "low", "-t", "drain", "-o", "%N").split(separator: "\n")
    for node in Set(drained) { try run("/usr/bin/scontrol", "update", "NodeName=\(node)", "State=RESUME") }
  }

  private func start(_ name: String, _ program: String, _ arguments: String...) throws {
    daemons[name] = try Daemon(program, arguments, environment: environment)
  }

  /// Ends one of its daemons: `slurmctld`, `slurmd-n1`, `slurmd-n2`, `munged`.
  package func stop(_ daemon: String, signal: Int32) {
    daemons.removeValue(forKey: daemon)?.end(signal)
  }

  /// Runs one of Slurm's commands.
  @discardableResult
  package func run(_ program: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try ProcessTree.start(process)
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    ProcessTree.finish(process)
    return String(decoding: output, as: UTF8.self)
  }
}
