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
  /// The memory limit of one process, and of all living processes together, in bytes.
  static var memory: Int { max(4 << 30, Int(clamping: ProcessInfo.processInfo.physicalMemory)) }

  /// The beginning of a command line that sets the limits of each process, by util-linux's prlimit.
  static var arguments: [String] {
    [
      "/usr/bin/prlimit", "--core=0", "--nofile=1024", "--fsize=\(fileBytes)", "--as=\(memory)", "--",
    ]
  }

  static let processArguments = ["/usr/bin/prlimit", "--nproc=\(processes)", "--"]

  /// The resource, among those that limits of single processes don't bound, that exceeds its limit; nil for none.
  /// - Parameters:
  ///   - process: The sandbox's outermost process.
  ///   - folder: The folder that holds all that the sandbox writes to disk.
  static func excess(below process: pid_t, folder: URL) -> String? {
    var children: [pid_t: [(process: pid_t, threads: Int, pages: Int)]] = [:]
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let child = pid_t(entry), let text = try? String(contentsOfFile: "/proc/\(entry)/stat", encoding: .utf8),
        let close = text.lastIndex(of: ")")
      else { continue }
      let fields = text[text.index(after: close)...].split(separator: " ")
      guard fields.count > 21, let parent = pid_t(fields[1]) else { continue }
      children[parent, default: []].append((child, Int(fields[17]) ?? 1, Int(fields[21]) ?? 0))
    }
    var (count, pages) = (0, 0)
    var rest = [process]
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
