import Engine
import Report

/// The template of a weekly notebook in one language, with blanks that ``NewNotebook`` fills.
///
/// A further language is one more conforming type in its own file and one line in ``template(for:)``.
protocol NotebookTemplate: Sendable {
  /// The language tag in the front matter.
  var tag: String { get }
  var title: String { get }
  var author: String { get }
  /// The parameters of a first notebook, in order.
  var parameters: [Parameter] { get }
  /// The headings under which a notebook lists the next tasks, in any letter case.
  var planHeadings: [String] { get }
  /// The text of the only item in an empty list.
  var emptyTask: String { get }
  /// The text after the front matter.
  func body(_ blanks: TemplateBlanks) -> String
}

/// The contents of a template's blanks.
struct TemplateBlanks: Sendable {
  /// The week's tasks, in Markdown.
  var tasks: String
  /// The paths of the data files, relative to the new notebook's folder.
  var architectures: String
  var latencies: String
  var parameters: [Parameter]

  /// The expression `params.name` if the notebook has such a parameter of the right type, else the value itself.
  func expression(_ wanted: Parameter) -> String {
    guard let parameter = parameters.first(where: { $0.name == wanted.name }), parameter.type == wanted.type else {
      return wanted.json
    }
    return "params.\(wanted.name)"
  }
}

/// The template for a BCP 47 tag: Chinese for any Chinese tag, English for languages without a template.
func template(for tag: String) -> any NotebookTemplate {
  reportWords(for: tag).tag == ChineseWords().tag ? ChineseTemplate() : EnglishTemplate()
}

/// The templates of all languages. A notebook's headings may be in another language than its front matter says.
let allTemplates: [any NotebookTemplate] = [ChineseTemplate(), EnglishTemplate()]

extension NotebookTemplate {
  static var device: Parameter { Parameter(name: "device", value: .string("epyc-ort-1t")) }
  static var width: Parameter { Parameter(name: "width", value: .integer(64)) }
  static var epochs: Parameter { Parameter(name: "epochs", value: .integer(100)) }

  var parameters: [Parameter] { [Self.device, Self.width, Self.epochs] }
}
