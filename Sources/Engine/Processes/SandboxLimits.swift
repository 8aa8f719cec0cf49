import Foundation
import Glibc

/// Limits on the machine's resources for code in a sandbox.
package enum SandboxLimits {
  /// The size limit of each temporary folder in memory (tmpfs), in bytes.
  static let scratchBytes = 1 << 30
  /// The size limit of a single file, and of all files in the cell's folder together, in bytes.
  static let fileBytes = 4 << 30
  /// The limit on the number of processes and threads that exist at the same time.
  package static let processes = 512
  /// The memory limit of all processes together where a control group can set one, in bytes. It leaves some to others.
  static var memoryTogether: Int { max(4 << 30, Int(clamping: ProcessInfo.processInfo.physicalMemory) / 5 * 4) }
  /// The memory limit of one process, and of all living processes together, in bytes.
  static var memory: Int { max(4 << 30, Int(clamping: ProcessInfo.processInfo.physicalMemory)) }

  /// The beginning of a command line that sets the limits of each process, by util-linux's prlimit.
  static var arguments: [String] {
    let (files, size) = (allowed(1024, RLIMIT_NOFILE), allowed(fileBytes, RLIMIT_FSIZE))
    return [
      "/usr/bin/prlimit", "--core=0", "--nofile=\(files)", "--fsize=\(size)", "--as=\(allowed(memory, RLIMIT_AS))",
      "--",
    ]
  }

  static var processArguments: [String] {
    ["/usr/bin/prlimit", "--nproc=\(allowed(processes, __RLIMIT_NPROC))", "--"]
  }

  /// The smaller of `count` and this process's own limit, which child processes can't exceed.
  private static func allowed(_ count: Int, _ resource: __rlimit_resource) -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, limit.rlim_max < rlim_t(count) else {
      return count
    }
    return Int(limit.rlim_max)
  }

  /// The resource, among those that limits of single processes don't bound, that exceeds its limit; nil for none.
  /// - Parameters:
  ///   - process: The sandbox's outermost process.
  ///   - folder: The folder that holds all that the sandbox writes to disk.
  static func excess(below process: pid_t, folder: URL) -> String? {
    let children = Dictionary(grouping: ProcessEntry.all, by: \.parent)
    var (count, pages) = (0, 0)
    // Processes whose parents have ended are children of the runner.
    let roots = ProcessTree.roots.withLock { $0 }
    let orphans = (children[getpid()] ?? []).filter { $0.group != getpgrp() && !roots.contains($0.process) }
    var rest = [process] + orphans.map(\.process)
    while let next = rest.popLast() {
      for child in children[next] ?? [] {
        count += child.threads
        pages += child.pages
        rest.append(child.process)
      }
      if count > processes { return "more than \(processes) processes" }
    }
    if pages > memory / Int(getpagesize()) { return "more than \(memory >> 30) GiB of memory" }
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let sizes = files?.compactMap { (($0 as? URL)?.path).flatMap(size) } ?? []
    return sizes.reduce(0, +) > fileBytes ? "more than \(fileBytes >> 30) GiB of files" : nil
  }

  /// Allocated bytes on the disk: for a sparse file, less than its length.
  private static func size(_ path: String) -> Int? {
    var status = stat()
    return lstat(path, &status) == 0 ? Int(status.st_blocks) * 512 : nil
  }
}
