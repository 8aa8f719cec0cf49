import Foundation

/// Machines on which cells can run as jobs, as the user describes them in `~/.config/labbook/clusters.yaml`.
package struct Cluster: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case slurm(SlurmSettings)
    case ssh([ClusterHost])
  }

  package var name: String
  package var kind: Kind
  /// What a job asks for where its cell says nothing.
  package var defaults = CellResources()
  /// Environment modules that a job loads before its cell starts.
  package var modules: [String] = []
  /// Folders that all machines see under the same path; empty where nothing is said of them.
  package var sharedFolders: [String] = []
  /// Seconds after which a job ends itself when no runner waits for its result any more.
  package var patience = 86_400.0
  /// Seconds between two looks at the queue.
  package var interval = 5.0
  /// Seconds that the shared file system may take to show what another machine wrote.
  package var lag = 60.0
  /// How often a job is started again that was pre-empted, lost, or out of time without having come further.
  package var restarts = 5

  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// How many jobs are worth having at once; Slurm has a queue for more than it can run.
  package var jobs: Int {
    switch kind {
    case .slurm: 1_000
    case .ssh(let hosts): max(1, hosts.map(\.slots).reduce(0, +))
    }
  }

  /// How many points of a sweep can be one submission; with 1, a sweep of Slurm's stays within its cell's job.
  package var distributesPoints: Bool {
    if case .slurm(let settings) = kind { settings.arraySize > 1 } else { true }
  }

  /// - Throws: `NotebookError` if a folder that jobs use is on this machine alone.
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

/// How jobs are given to Slurm.
package struct SlurmSettings: Hashable, Sendable {
  package var partition: String?
  package var account: String?
  /// The most points of a sweep in one job array.
  package var arraySize = 1_000
  /// More arguments for `sbatch`.
  package var options: [String] = []

  package init() {}
}

/// A machine that is reached by ssh.
package struct ClusterHost: Hashable, Sendable {
  /// What `ssh` is given.
  package var host: String
  /// How many jobs run there at a time.
  package var slots = 1
  /// More arguments for `ssh`.
  package var options: [String] = []

  package init(host: String, slots: Int = 1, options: [String] = []) {
    self.host = host
    self.slots = slots
    self.options = options
  }
}
