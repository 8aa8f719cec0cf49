/// The digests that identify a version of the library that cells link.
package struct LibraryIdentity: Codable, Hashable, Sendable {
  /// A digest of the whole library, which changes whenever anything in it does.
  package var fingerprint: String
  /// Digests of its modules; nil where the modules can't be told apart, so that every change concerns every cell.
  package var modules: LibraryModules?

  /// A digest of the modules that determine the result of a training run.
  package var learning: String { modules?.digest(of: LibraryModules.learning) ?? fingerprint }

  package init(fingerprint: String, modules: LibraryModules? = nil) {
    self.fingerprint = fingerprint
    self.modules = modules
  }
}
