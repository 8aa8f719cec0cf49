/// The version of Labbook, which `labbook --version` prints and reports name.
package enum LabbookVersion {
  package static let current = "0.1.0"
}
