import ArgumentParser
import Basics
import Engine
import Foundation

/// Whether the compiler and the cells run in a sandbox, and which folders they can read there.
struct SandboxArgument: ParsableArguments {
  @Flag(help: "Run the compiler and cells in a sandbox with the notebook's folder only and no network.")
  var sandbox = false

  @Option(
    help: ArgumentHelp(
      "Let a notebook in the sandbox read this folder too, if its front matter asks for it; may be repeated.",
      valueName: "folder"))
  var allow: [String] = []

  /// Requires the user's consent to folders that the front matter asks for: a sandbox contains only folders that the
  /// user has allowed.
  /// - Throws: `NotebookError` that names the folders without consent.
  func requireConsent(to notebook: Notebook) throws {
    let place = notebook.frontMatter.places["allow"]
    guard notebook.folder.standardizedFileURL.path != "/" else {
      throw NotebookError(
        "the folder of \(notebook.file) is too broad: the sandbox could read all your files",
        remedy: "Put the notebook into a folder of its own.")
    }
    let reach = FileReach(folder: notebook.folder, allowed: allow.map { URL(fileURLWithPath: $0).path })
    for (name, folder) in zip(notebook.frontMatter.allowedFolders, notebook.allowedFolders)
    where !reach.contains(folder.path) {
      // The name may be a link to a folder that contains much more.
      let real = FileReach.real(folder.path)
      let target = real == folder.path ? "" : " leads to \(real.visible), which"
      throw NotebookError(
        "the notebook asks to read \(name.visible), which\(target) is not in its folder", at: place,
        remedy: "To allow this, give --allow '\(real.visible)'.")
    }
  }
}
