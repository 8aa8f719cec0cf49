/// The YAML head of a notebook.
struct FrontMatter: Sendable {
  var title: String?
  var author: String?
  /// As written: a day (`2023-11-16`), a week or a range.
  var date: String?
  /// BCP 47: `en` or `zh-Hans`.
  var language = "en"
  /// Whether the report has a table of contents.
  var contents = true
}
