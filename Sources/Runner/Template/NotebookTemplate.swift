import Engine
import Report

/// A week's notebook in one language, with blanks that ``NewNotebook`` fills.
///
/// A further language is one more conforming type in its own file and one line in ``template(for:)``.
protocol NotebookTemplate: Sendable {
  /// The tag for the front matter.
  var tag: String { get }
  var title: String { get }
  var author: String { get }
  /// What a first notebook's cells read as `params.name`, in order.
  var parameters: [Parameter] { get }
  /// Headings, in any letter case, under which a notebook lists what is to be done next.
  var planHeadings: [String] { get }
  /// What stands in a list that has nothing yet.
  var emptyTask: String { get }
  /// The text after the front matter.
  func body(_ blanks: TemplateBlanks) -> String
}

/// What goes into the blanks of a template.
struct TemplateBlanks: Sendable {
  /// The week's tasks, as Markdown.
  var tasks: String
  /// Paths of the data, from the new notebook's folder.
  var architectures: String
  var latencies: String
  var parameters: [Parameter]

  /// `params.name` where the notebook has such a parameter of the type that is needed, else the value itself.
  func expression(_ wanted: Parameter) -> String {
    guard let parameter = parameters.first(where: { $0.name == wanted.name }), parameter.type == wanted.type else {
      return wanted.json
    }
    return "params.\(wanted.name)"
  }
}

/// The template for a BCP 47 tag: Chinese for any tag of Chinese, English for all that has none yet.
func template(for tag: String) -> any NotebookTemplate {
  reportWords(for: tag).tag == ChineseWords().tag ? ChineseTemplate() : EnglishTemplate()
}

/// The templates of all languages: a notebook may keep its headings in another language than it says.
let allTemplates: [any NotebookTemplate] = [ChineseTemplate(), EnglishTemplate()]

extension NotebookTemplate {
  static var device: Parameter { Parameter(name: "device", value: .string("epyc-ort-1t")) }
  static var width: Parameter { Parameter(name: "width", value: .integer(64)) }
  static var epochs: Parameter { Parameter(name: "epochs", value: .integer(100)) }

  var parameters: [Parameter] { [Self.device, Self.width, Self.epochs] }
}
