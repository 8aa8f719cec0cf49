import Basics
import Engine
import Foundation
import Report

/// Stores the lock of each notebook's newest run, and the result of verifying it.
extension Store {
  /// The path in a store for the digest of the lock of a notebook's newest report.
  package static func lockPath(_ notebook: String) -> String { "proof/\(notebook).lock" }

  /// The path in a store for the result of verifying a notebook.
  package static func verificationPath(_ notebook: String) -> String { "proof/\(notebook).verification" }

  /// The lock of the newest report of a notebook.
  package func lock(of notebook: String) -> ReportLock? {
    guard let digest: String = record(Self.lockPath(notebook)) else { return nil }
    return lock(digest: digest)
  }

  /// The lock with this digest.
  package func lock(digest: String) -> ReportLock? {
    blob(digest).flatMap { try? ReportLock(json: $0) }
  }

  /// Makes a lock the newest one of its notebook.
  /// - Returns: The digest of its blob, and whether it differs from the one before.
  package func setLock(_ lock: ReportLock, of notebook: String) throws -> (digest: String, isNew: Bool) {
    let digest = try add(lock.json)
    if record(Self.lockPath(notebook)) == digest { return (digest, false) }
    try setRecord(Self.lockPath(notebook), digest)
    return (digest, true)
  }

  /// The result of verifying a notebook, if the verified results are still its current ones.
  package func verification(of notebook: String, identity: String) -> Verification? {
    FileRegister.note(folder.appendingPathComponent(Self.verificationPath(notebook)).path)
    guard let verification: Verification = record(Self.verificationPath(notebook)),
      verification.identity == identity
    else { return nil }
    return verification
  }

  package func setVerification(_ verification: Verification, of notebook: String) throws {
    try setRecord(Self.verificationPath(notebook), verification)
  }
}
