/// What tells one library that cells link from another.
package struct LibraryIdentity: Codable, Hashable, Sendable {
  /// A digest of the whole library, which changes whenever anything in it does.
  package var fingerprint: String
  /// Its modules by content; nil where they can't be told apart, so that every change counts for every cell.
  package var modules: LibraryModules?

  /// A digest of all that decides on the result of a training.
  package var learning: String { modules?.digest(of: LibraryModules.learning) ?? fingerprint }

  package init(fingerprint: String, modules: LibraryModules? = nil) {
    self.fingerprint = fingerprint
    self.modules = modules
  }
}
