import Foundation
import Synchronization

/// Hosts that are reached by the user's own `ssh`. Each slot runs one job, and a job goes to the first host with a
/// free slot.
///
/// A job is a process in its own session, which doesn't end with the connection. It is found by its token, which is
/// an argument of its script, so slots are shared with other runs of the same user.
final class SSHQueue: BatchQueue {
  struct Placed {
    var host: String
    var submitted: ContinuousClock.Instant
  }

  /// The jobs that a host listed, and the time of the question.
  struct Listing {
    var tokens: Set<String>
    var asked: ContinuousClock.Instant
  }

  private let hosts: [ClusterHost]
  private let placed = Mutex<[String: Placed]>([:])
  private let listings = Mutex<[String: Listing]>([:])

  /// The time for which a job that was just started may be missing from the list of processes.
  private static let startup = Duration.seconds(5)

  init(hosts: [ClusterHost]) {
    self.hosts = hosts
  }

  var largestArray: Int { 1 }

  private func ssh(_ host: ClusterHost, _ command: String) async throws -> QueueCommand.Result {
    try await QueueCommand.run(
      ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"] + host.options + [host.host, command])
  }

  /// The first host with a free slot, by the last list of processes and the jobs started since.
  private func freeHost() -> ClusterHost? {
    let placed = placed.withLock { $0 }
    let listings = listings.withLock { $0 }
    return hosts.first { host in
      // A host that could not be asked gets no job.
      guard let listing = listings[host.host] else { return false }
      return Self.jobs(on: host.host, listing, placed).count < host.slots
    }
  }

  /// The tokens of the jobs on a host. A job that was started here counts until a list shows whether it is there,
  /// however long ago the last list was made.
  static func jobs(on host: String, _ listing: Listing, _ placed: [String: Placed]) -> Set<String> {
    let started = placed.filter { $0.value.host == host && listing.asked < $0.value.submitted + startup }
    return listing.tokens.union(started.keys)
  }

  func hasRoom() async -> Bool { freeHost() != nil }

  func submit(_ submission: BatchSubmission) async throws -> BatchReply {
    guard let host = freeHost() else { return .unclear("no slot is free") }
    placed.withLock { $0[submission.token] = Placed(host: host.host, submitted: .now) }
    let words = [submission.script, submission.list, submission.token].map(Self.quoted).joined(separator: " ")
    let result = try await ssh(
      host, "cd / && { setsid sh \(words) >/dev/null 2>&1 </dev/null & } && echo started")
    if result.code == 0, result.output.contains("started") { return .submitted(id: host.host) }
    // The job may have been started nevertheless. The attempt's folder prevents a second start.
    return .unclear("ssh \(host.host): \(result.complaint)")
  }

  func entries() async throws -> BatchSnapshot {
    let hosts = hosts
    let asked = ContinuousClock.now
    return try await withThrowingTaskGroup(of: (String, QueueCommand.Result).self) { group in
      for host in hosts {
        group.addTask {
          (host.host, try await self.ssh(host, "ps -u \"$(id -u)\" -o args= | grep -F 'task.sh ' | grep -v grep; true"))
        }
      }
      var snapshot = BatchSnapshot()
      for try await (host, result) in group {
        guard result.code == 0 else {
          snapshot.unreachable.insert(host)
          listings.withLock { $0[host] = nil }
          continue
        }
        let tokens = Self.tokens(result.output)
        listings.withLock { $0[host] = Listing(tokens: tokens, asked: asked) }
        snapshot.entries += tokens.map {
          BatchEntry(token: $0, index: 0, state: .running, id: host, note: host)
        }
      }
      return snapshot
    }
  }

  /// The tokens of the jobs, taken from the command lines of processes.
  static func tokens(_ lines: String) -> Set<String> {
    Set(
      lines.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        guard let last = words.last, last.wholeMatch(of: /\d+-[0-9a-f]{16}/) != nil else { return nil }
        return String(last)
      })
  }

  func cancel(_ submission: BatchSubmission, id: String?) async {
    let wanted = id ?? placed.withLock { $0[submission.token]?.host }
    for host in hosts where wanted == nil || host.host == wanted {
      let processes = "pgrep -f \(Self.quoted("task[.]sh .* \(submission.token)$"))"
      // Whatever ignores the first signal ends by the second.
      _ = try? await ssh(
        host,
        "all=$(\(processes)); for p in $all; do kill -TERM -- -$p; done; tries=0; "
          + "while \(processes) >/dev/null && [ $tries -lt 30 ]; do tries=$((tries + 1)); sleep 0.1; done; "
          + "for p in $all; do kill -KILL -- -$p; done; true")
    }
  }

  /// No host holds a job.
  func cancel(held index: Int, id: String) async {}

  func verdict(id: String, index: Int) async -> BatchVerdict? { nil }

  /// A word quoted for a POSIX shell.
  static func quoted(_ word: String) -> String {
    "'\(word.replacingOccurrences(of: "'", with: "'\\''"))'"
  }
}
