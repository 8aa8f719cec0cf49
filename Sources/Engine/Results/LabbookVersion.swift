/// The version of Labbook, as `labbook --version` prints it and reports name it.
package enum LabbookVersion {
  package static let current = "0.1.0"
}
