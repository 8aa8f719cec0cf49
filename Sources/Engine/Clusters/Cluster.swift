import Foundation

/// Machines on which cells can run as jobs, as the user describes them in `~/.config/labbook/clusters.yaml`.
package struct Cluster: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case slurm(SlurmSettings)
    case ssh([ClusterHost])
  }

  package var name: String
  package var kind: Kind
  /// The resources of a job if its cell requests none.
  package var defaults = CellResources()
  /// The environment modules that a job loads before its cell starts.
  package var modules: [String] = []
  /// The folders that all machines see under the same path; empty if the file doesn't list them.
  package var sharedFolders: [String] = []
  /// The seconds after which a job ends itself if no runner waits for its result any more.
  package var patience = 86_400.0
  /// The interval in seconds at which the queue is polled.
  package var interval = 5.0
  /// The seconds that the shared file system may take to show files of another machine.
  package var lag = 60.0
  /// The number of restarts of a job that was pre-empted or lost, or that ran out of time without progress.
  package var restarts = 5

  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// The useful number of concurrent jobs. Slurm has a queue for more jobs than it can run.
  package var jobs: Int {
    switch kind {
    case .slurm: 1_000
    case .ssh(let hosts): max(1, hosts.map(\.slots).reduce(0, +))
    }
  }

  /// The number of a sweep's points in one submission. With 1, a sweep on Slurm runs within its cell's job.
  package var distributesPoints: Bool {
    if case .slurm(let settings) = kind { settings.arraySize > 1 } else { true }
  }

  /// - Throws: `NotebookError` if a folder that jobs use isn't shared with the other machines.
  package func requireShared(_ folder: URL) throws {
    if sharedFolders.isEmpty { return }
    let path = folder.resolvingSymlinksInPath().path
    let isShared = sharedFolders.contains { shared in
      let root = URL(fileURLWithPath: shared).resolvingSymlinksInPath().path
      return path == root || path.hasPrefix(root.hasSuffix("/") ? root : root + "/")
    }
    if isShared { return }
    throw NotebookError(
      "\(folder.path) is not in a folder that the machines of \(name) share",
      remedy: "They share \(sharedFolders.joined(separator: " and ")): put the notebook there, or change `shared`.")
  }
}

/// The settings for submitting jobs to Slurm.
package struct SlurmSettings: Hashable, Sendable {
  package var partition: String?
  package var account: String?
  /// The largest number of points of a sweep in one job array.
  package var arraySize = 1_000
  /// Additional arguments for `sbatch`.
  package var options: [String] = []

  package init() {}
}

/// A machine that is reached by ssh.
package struct ClusterHost: Hashable, Sendable {
  /// The destination for `ssh`.
  package var host: String
  /// The number of jobs that run on the host at a time.
  package var slots = 1
  /// Additional arguments for `ssh`.
  package var options: [String] = []

  package init(host: String, slots: Int = 1, options: [String] = []) {
    self.host = host
    self.slots = slots
    self.options = options
  }
}
