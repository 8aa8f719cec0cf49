import Wire

/// The modules of the library that cells link, so that a change in one of them concerns those cells alone that use it.
///
/// A cell uses a module if it mentions a name with which the module's interface begins: a type, a function, or a member
/// that the module gives to another module's type. A member of a module's own type is reached only by such a name, or
/// by a value whose type begins with one. Modules below a used one count as used.
package struct LibraryModules: Codable, Hashable, Sendable {
  /// A module's name and the beginning of the digest of its machine code.
  package struct Module: Hashable, Sendable {
    package var name: String
    package var digest: String
  }

  /// By module.
  package var digests: [String: String]
  /// The modules that whoever mentions a name uses, by name.
  package var users: [String: [String]]

  /// Modules that count only where they are used, with those below them. All others count for every cell, since they
  /// start it, read its values and write them.
  package static let below: [String: [String]] = [
    "CElementary": [], "CKernels": [], "COneDNN": [],
    "Numerics": ["CElementary", "CKernels"],
    "Core": ["Numerics"],
    "ONNX": ["Core"],
    "Measure": ["ONNX"],
    "Networks": ["COneDNN", "ONNX"],
    "Plot": ["Numerics"],
  ]

  /// The modules that decide on the result of a training.
  package static let learning = ["Core", "Networks"]

  package init(digests: [String: String], users: [String: [String]]) {
    self.digests = digests
    self.users = users
  }

  /// The modules that code uses, by name.
  /// - Parameter texts: Swift source, or types.
  package func used(in texts: [String]) -> [Module] {
    var modules: Set<String> = []
    for text in texts {
      for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }) {
        modules.formUnion(users[String(word)] ?? [])
      }
    }
    return counted(modules)
  }

  /// A digest of modules, those below them and those that always count.
  package func digest(of modules: [String]) -> String {
    SHA256.hex(counted(Set(modules)).map { "\($0.name) \($0.digest)\n" }.joined())
  }

  private func counted(_ used: Set<String>) -> [Module] {
    var modules = Set(digests.keys.filter { Self.below[$0] == nil })
    var pending = used.sorted()
    while let next = pending.popLast() {
      if modules.insert(next).inserted { pending += Self.below[next] ?? [] }
    }
    return modules.sorted().compactMap { name in digests[name].map { Module(name: name, digest: $0) } }
  }
}
