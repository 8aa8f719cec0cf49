import Wire

/// The modules of the library that cells link. A change in a module concerns only the cells that use it.
///
/// A cell uses a module if it mentions a name that the module's interface declares at its top level: a type, a
/// function, or a member that the module adds to another module's type. Members of a module's own types are reached
/// only through such a name, or through a value of such a type. Modules below a used one count as used.
package struct LibraryModules: Codable, Hashable, Sendable {
  /// A module's name and the first digits of the digest of its machine code.
  package struct Module: Hashable, Sendable {
    package var name: String
    package var digest: String
  }

  /// The digests, by module.
  package var digests: [String: String]
  /// The modules that code uses if it mentions a name, by name.
  package var users: [String: [String]]

  /// Modules that count only where they are used, each with the modules below it. All other modules count for every
  /// cell, because they start it, read its inputs and write its values.
  package static let below: [String: [String]] = [
    "CElementary": [], "CKernels": [], "COneDNN": [],
    "Numerics": ["CElementary", "CKernels"],
    "Core": ["Numerics"],
    "ONNX": ["Core"],
    "Measure": ["Networks", "ONNX"],
    "Networks": ["COneDNN", "ONNX"],
    "Plot": ["Numerics"],
  ]

  /// The modules that determine the result of a training run.
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
