import ArgumentParser
import Engine

/// The place where cells run: this machine, or a cluster.
struct PlaceArgument: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Run cells as jobs of this cluster of ~/.config/labbook/clusters.yaml, or here, whatever the notebook says.",
      valueName: "name"))
  var on: String?

  /// The name of this machine.
  static let here = "here"

  /// The cluster that the command line or the front matter requests; nil for this machine.
  /// - Throws: `NotebookError` if there is no such cluster.
  func cluster(for notebook: Notebook) throws -> Cluster? {
    guard let name = on ?? notebook.frontMatter.executor, name != Self.here else { return nil }
    return try ClusterFile.user.cluster(name, askedAt: on == nil ? notebook.frontMatter.places["executor"] : nil)
  }
}
