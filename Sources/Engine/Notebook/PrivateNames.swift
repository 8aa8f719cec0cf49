import Basics
import Core
import Foundation
import Glibc

/// The names that the front matter's `private` lists: cells, parameters, files, folders, patterns of files, and `data`
/// for all files.
package struct PrivateNames: Hashable, Sendable {
  private let names: Set<String>

  package init(_ names: Set<String>) {
    self.names = names
  }

  /// Whether a data file is never put into a page: a file that is named, a file in a folder that is named, and every
  /// file whose name or folder begins with a dot, which may hold keys and settings.
  /// - Parameter path: The path relative to the notebook's folder.
  package func hides(file path: String) -> Bool {
    if names.contains("data") || path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) { return true }
    return names.contains { name in
      let name = Self.plain(name)
      return path == name || path.hasPrefix(name + "/") || fnmatch(name, path, FNM_PATHNAME) == 0
    }
  }

  /// The name without `./` before it and `/` behind it.
  private static func plain(_ name: String) -> String {
    var name = name[...]
    while name.hasPrefix("./") { name = name.dropFirst(2) }
    while name.count > 1, name.hasSuffix("/") { name = name.dropLast() }
    return String(name)
  }
}

extension Notebook {
  /// Warnings of names that `private` lists in vain, and of parameters that look like secrets and aren't private.
  var privateWarnings: [Diagnostic] {
    let place = frontMatter.places["private"]
    let known = cells.map(\.name) + frontMatter.parameters.map(\.name) + ["data"]
    let unknown = frontMatter.privateNames.subtracting(known).sorted().filter { name in
      !name.contains { "*?[".contains($0) }
        && !FileManager.default.fileExists(atPath: URL(fileURLWithPath: name, relativeTo: folder).path)
    }
    let secrets = frontMatter.parameters.filter { parameter in
      parameter.type == "String" && Self.looksSecret(parameter.name)
        && !frontMatter.privateNames.contains(parameter.name)
    }
    return unknown.map { name in
      .warning(
        "`private` lists \"\(name)\", which is no cell, parameter or file here", at: place,
        remedy: nearestName(to: name, among: known).map { "Did you mean \"\($0)\"?" }
          ?? "Files are named relative to the notebook's folder.")
    }
      + secrets.map { parameter in
        .warning(
          "the parameter `\(parameter.name)` looks like a secret, and the report shows its value",
          at: frontMatter.places["params"],
          remedy: "Add it to the front matter's `private`, and give its value by -P or --params.")
      }
  }

  /// Whether a name has a word such as "token": `apiToken` and `api_token` have, `tokenizer` hasn't.
  private static func looksSecret(_ name: String) -> Bool {
    let spaced = name.replacing(#/([\p{Ll}\d])(\p{Lu})/#) { "\($0.1)_\($0.2)" }.lowercased()
    let words = spaced.split(separator: "_").map(String.init)
    let single: Set = ["token", "password", "passwd", "passphrase", "secret", "credential", "credentials", "apikey"]
    return !single.isDisjoint(with: words)
      || zip(words, words.dropFirst()).contains { ["api", "access", "private", "secret"].contains($0) && $1 == "key" }
  }
}
