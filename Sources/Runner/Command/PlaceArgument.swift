import ArgumentParser
import Engine

/// Where cells run: on this machine, or as jobs of a cluster.
struct PlaceArgument: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Run cells as jobs of this cluster of ~/.config/labbook/clusters.yaml, or here, whatever the notebook says.",
      valueName: "name"))
  var on: String?

  /// The name of this machine.
  static let here = "here"

  /// The cluster that was asked for, on the command line or in the front matter; nil for this machine.
  /// - Throws: `NotebookError` if there is no such cluster.
  func cluster(for notebook: Notebook) throws -> Cluster? {
    guard let name = on ?? notebook.frontMatter.executor, name != Self.here else { return nil }
    return try ClusterFile.user.cluster(name, askedAt: on == nil ? notebook.frontMatter.places["executor"] : nil)
  }
}
