/// Where in the Markdown file something begins. Lines and columns count from 1; columns count characters.
struct SourcePosition: Hashable, Sendable {
  var line: Int
  var column: Int
}
