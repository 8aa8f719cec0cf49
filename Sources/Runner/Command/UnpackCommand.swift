import ArgumentParser
import Basics
import Foundation
import Proof

/// `labbook unpack`: writes the notebook, the lock and the data inside a report to files.
struct UnpackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpack",
    abstract: "Unpacks the notebook inside a report, its lock and its small data files.",
    discussion: """
      Data files that the report only names are listed with their SHA-256. With --list nothing is written: use it to \
      check a report before you send it.
      """)

  @Argument(help: "The report, an HTML file that Labbook wrote.")
  var report: String

  @Argument(help: "The folder to write to; it is made if it doesn't exist.")
  var folder: String?

  @Flag(help: "Write nothing, and list the report's files, parameters and values.")
  var list = false

  @Flag(help: "Replace existing plain files that differ.")
  var force = false

  func validate() throws {
    if folder == nil, !list { throw ValidationError("name the folder to write to, or give --list") }
  }

  func run() async throws {
    try await reportingErrors {
      let archive = try ReportArchive(reading: report)
      let lock = try archive.lock(file: report)
      guard let folder, !list else {
        for line in try archive.contents(lock) { print(line.visible) }
        return
      }
      let target = URL(fileURLWithPath: folder, isDirectory: true)
      try archive.requireAgreement(with: lock, file: report)
      for path in try archive.unpack(to: target, replace: force) { print("\(folder.visible)/\(path)") }
      for file in lock.files where !archive.files.contains(where: { $0.kind == .data && $0.path == file.path }) {
        let size = file.bytes.map { ", \($0) bytes" } ?? ""
        print("not in the report: \(file.path.visible)\(size), sha256 \(file.sha256)")
      }
    }
  }
}
