import Foundation

/// The names that the interfaces of the library's modules declare at their top level, from the compiler's symbol
/// graphs.
package struct ModuleNames: Sendable {
  /// The modules that code uses if it mentions a name, by name.
  package private(set) var users: [String: Set<String>] = [:]
  private let modules: Set<String>

  /// - Parameter modules: The modules that count only where they are used.
  package init(modules: Set<String>) {
    self.modules = modules
  }

  private struct Graph: Decodable {
    struct Symbol: Decodable {
      struct Fragment: Decodable { var preciseIdentifier: String? }
      var pathComponents: [String]
      var declarationFragments: [Fragment]?
    }
    var symbols: [Symbol]
  }

  /// Adds the names of a symbol graph.
  /// - Parameters:
  ///   - name: The file's name: `Plot.symbols.json`, or `Plot@Core.symbols.json` for members that Plot adds to types
  ///     of Core.
  ///   - data: The file's content.
  package mutating func add(_ name: String, _ data: Data) throws {
    let places = name.split(separator: ".")[0].split(separator: "@").map(String.init)
    for symbol in try JSONDecoder().decode(Graph.self, from: data).symbols {
      // Members of a module's own types are reached through those types.
      guard places.count > 1 || symbol.pathComponents.count == 1, let last = symbol.pathComponents.last else {
        continue
      }
      let base = String(last.prefix { $0 != "(" })
      let isUnnamed = base == "init" || base == "subscript"
      let word = isUnnamed ? symbol.pathComponents.dropLast().last ?? base : base
      var used = modules.intersection(places)
      // A top-level name of a module that always counts uses the modules that its signature names.
      if !modules.contains(places[0]) {
        used.formUnion((symbol.declarationFragments ?? []).compactMap(\.preciseIdentifier).compactMap(Self.module))
        used.formIntersection(modules)
      }
      if !used.isEmpty { users[word, default: []].formUnion(used) }
    }
  }

  /// The module of a Swift symbol: `Plot` for `s:4Plot5ChartV`.
  package static func module(_ identifier: String) -> String? {
    guard identifier.hasPrefix("s:") else { return nil }
    let rest = identifier.dropFirst(2)
    let digits = rest.prefix { $0.isNumber }
    guard let count = Int(digits), count <= rest.count - digits.count else { return nil }
    return String(rest.dropFirst(digits.count).prefix(count))
  }
}
