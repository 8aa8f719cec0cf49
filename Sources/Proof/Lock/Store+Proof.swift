import Engine
import Foundation
import Report

/// What the newest run of each notebook gave as a whole, and whether it came out the same when run again.
extension Store {
  /// Where, in a store, the digest of the lock of a notebook's newest report stands.
  package static func lockPath(_ notebook: String) -> String { "proof/\(notebook).lock" }

  /// Where, in a store, it stands how verifying a notebook ended.
  package static func verificationPath(_ notebook: String) -> String { "proof/\(notebook).verification" }

  /// The lock of the newest report of a notebook.
  package func lock(of notebook: String) -> ReportLock? {
    guard let digest: String = record(Self.lockPath(notebook)) else { return nil }
    return lock(digest: digest)
  }

  /// The lock that is the blob of this digest.
  package func lock(digest: String) -> ReportLock? {
    blob(digest).flatMap { try? ReportLock(json: $0) }
  }

  /// Makes a lock the newest of its notebook.
  /// - Returns: The digest of its blob, and whether it is another one than before.
  package func setLock(_ lock: ReportLock, of notebook: String) throws -> (digest: String, isNew: Bool) {
    let digest = try add(lock.json)
    if record(Self.lockPath(notebook)) == digest { return (digest, false) }
    try setRecord(Self.lockPath(notebook), digest)
    return (digest, true)
  }

  /// How verifying a notebook ended, if its results are still those that were verified.
  package func verification(of notebook: String, identity: String) -> Verification? {
    guard let verification: Verification = record(Self.verificationPath(notebook)),
      verification.identity == identity
    else { return nil }
    return verification
  }

  package func setVerification(_ verification: Verification, of notebook: String) throws {
    try setRecord(Self.verificationPath(notebook), verification)
  }
}
