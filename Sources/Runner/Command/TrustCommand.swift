import ArgumentParser
import Basics
import Engine
import Foundation
import Proof

/// `labbook trust`: lists and changes the keys whose reports may run without a sandbox.
struct TrustCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust",
    abstract: "Trusts the reports signed with a key; without arguments, lists your own key and the trusted ones.",
    discussion: """
      A report is signed with the key of the user who made it. Verifying a report runs its code: that of strangers \
      in a sandbox, that of yourself and of those you trust with all your rights. Ask people for their key; `labbook \
      trust` shows it to them.
      """)

  @Argument(help: "The key: 64 hexadecimal digits.")
  var key: String?

  @Option(help: ArgumentHelp("The name of the key's owner.", valueName: "name"))
  var name = ""

  @Flag(help: "Remove the key from the trusted ones.")
  var remove = false

  func validate() throws {
    if let key, !TrustedKeys.isKey(key.lowercased()) {
      throw ValidationError("a key has 64 hexadecimal digits; `labbook trust` shows your own")
    }
    if key == nil, remove { throw ValidationError("--remove needs the key") }
  }

  func run() async throws {
    try await reportingErrors {
      var trusted = TrustedKeys()
      if let objection = trusted.objection { StandardStreams.printError("\(objection)\n") }
      guard let key = key?.lowercased() else {
        print("your key: \(UserKey.user.publicKey)")
        for entry in trusted.entries { print("trusted: \(entry.key) \(entry.name.visible)") }
        return
      }
      if remove { try trusted.remove(key) } else { try trusted.add(key, name: name.visible) }
      print("\(remove ? "not trusted any more" : "trusted"): \(key)\(name.isEmpty ? "" : " \(name.visible)")")
    }
  }
}
