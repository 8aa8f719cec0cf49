import Foundation
import Testing

@testable import Engine

@Suite struct ClusterFileTests {
  private let file = ClusterFile(path: "clusters.yaml")

  @Test func everythingThatCanBeSaid() throws {
    let clusters = try file.clusters(
      """
      group:
        kind: slurm
        partition: gpu
        account: nas
        cpus: 8
        memory: 16G
        gpus: 1
        time: 2d
        array: 400
        modules: [gcc/12, openblas]
        shared: [/home, /scratch]
        options: ["--constraint=avx512"]
        patience: 1h
        interval: 10s
        restarts: 3
      lab:
        kind: ssh
        hosts:
          - anna
          - {host: me@bert, slots: 4, ssh: [-p, "2222"]}
      """)
    var settings = SlurmSettings()
    settings.partition = "gpu"
    settings.account = "nas"
    settings.arraySize = 400
    settings.options = ["--constraint=avx512"]
    var group = Cluster(name: "group", kind: .slurm(settings))
    group.defaults = CellResources(processors: 8, memory: 16384, accelerators: 1, seconds: 172_800)
    group.modules = ["gcc/12", "openblas"]
    group.sharedFolders = ["/home", "/scratch"]
    group.patience = 3600
    group.interval = 10
    group.restarts = 3
    let hosts = [ClusterHost(host: "anna"), ClusterHost(host: "me@bert", slots: 4, options: ["-p", "2222"])]
    #expect(clusters == [group, Cluster(name: "lab", kind: .ssh(hosts))])
    #expect(clusters.map(\.jobs) == [1_000, 5])
  }

  @Test(arguments: [
    ("", "clusters.yaml:1: error: the file describes no clusters"),
    ("a: {kind: slurm\n", "clusters.yaml:2:1: error: the file is not YAML: did not find expected ',' or '}'"),
    ("a: {partition: x}", "clusters.yaml:1:1: error: the cluster \"a\" has no `kind`"),
    ("a:\n  kind: pbs", "clusters.yaml:2:9: error: the kind of cluster \"pbs\" is unknown"),
    ("here: {kind: slurm}", "clusters.yaml:1:1: error: \"here\" means this machine and can't name a cluster"),
    ("a b: {kind: slurm}", "clusters.yaml:1:1: error: \"a b\" can't name a cluster"),
    ("a:\n  kind: slurm\n  partitions: x", "clusters.yaml:3:3: error: `partitions` is not a setting of a cluster"),
    ("a:\n  kind: ssh\n  partition: x", "clusters.yaml:3:3: error: `partition` is not a setting of a cluster"),
    ("a:\n  kind: ssh", "clusters.yaml:1:1: error: the cluster \"a\" has no `hosts`"),
    ("a:\n  kind: ssh\n  hosts: [-v]", "clusters.yaml:3:11: error: \"-v\" is not a host"),
    (
      "a:\n  kind: ssh\n  hosts: [{host: b, slots: 0}]",
      "clusters.yaml:3:28: error: `slots` must be a whole number from 1 to 10000"
    ),
    ("a:\n  kind: slurm\n  memory: 16", "clusters.yaml:3:11: error: `memory` must be a size such as 500M, 16G or 1T"),
    ("a:\n  kind: slurm\n  time: forever", "clusters.yaml:3:9: error: `time` must be a time such as 30m, 4h or 2d"),
    ("a:\n  kind: slurm\n  cpus: 0", "clusters.yaml:3:9: error: `cpus` must be a whole number, 1 or more"),
    ("a:\n  kind: slurm\n  shared: home", "clusters.yaml:3:11: error: `shared` must be absolute paths of folders"),
    (
      "a:\n  kind: slurm\n  interval: often",
      "clusters.yaml:3:13: error: `interval` must be a time such as 10s, 5m or 1h"
    ),
  ])
  func whatIsWrongIsToldWithItsPlace(yaml: String, expected: String) {
    let error = #expect(throws: NotebookError.self) { try file.clusters(yaml) }
    #expect(error?.diagnostics.first?.text().split(separator: "\n").first.map(String.init) == expected)
  }

  @Test func aClusterThatIsNotThereIsToldWithTheNearest() throws {
    let folder = try TemporaryFolder("clusters")
    let path = folder.url.appendingPathComponent("clusters.yaml").path
    let absent = #expect(throws: NotebookError.self) { try ClusterFile(path: path).cluster("slurm") }
    #expect(
      absent?.diagnostics[0].message == "the cluster \"slurm\" is unknown, because the file \(path) doesn't exist")
    try "slurm: {kind: slurm}".write(toFile: path, atomically: true, encoding: .utf8)
    let misspelt = #expect(throws: NotebookError.self) { try ClusterFile(path: path).cluster("slrum") }
    #expect(misspelt?.diagnostics[0].remedy == "Did you mean \"slurm\"? With --on here, cells run on this machine.")
    #expect(try ClusterFile(path: path).cluster("slurm").name == "slurm")
  }

  @Test func foldersOfOneMachineAreRefused() throws {
    let folder = try TemporaryFolder("shared")
    var cluster = Cluster(name: "c", kind: .slurm(SlurmSettings()))
    try cluster.requireShared(folder.url)
    cluster.sharedFolders = [folder.url.path]
    try cluster.requireShared(folder.url)
    try cluster.requireShared(folder.url.appendingPathComponent("a/b"))
    #expect(throws: NotebookError.self) {
      try cluster.requireShared(folder.url.deletingLastPathComponent().appendingPathComponent("other"))
    }
  }
}
