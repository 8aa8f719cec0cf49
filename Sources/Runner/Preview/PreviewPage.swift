import Engine
import Foundation
import Report

/// What the page of a preview has beside the report: the bar at its top, and the script that changes it in place.
///
/// The script is the only one that the page's content security policy lets run, by a nonce that each page has anew.
struct PreviewPage: Sendable {
  /// Names this script alone.
  var nonce: String
  /// Counts the states of the page.
  var revision: Int
  var status: PreviewStatus

  var policy: String { Self.policy(nonce: nonce) }

  static func policy(nonce: String) -> String {
    HTMLReport.contentSecurityPolicy + "; script-src 'nonce-\(nonce)'; connect-src 'self'"
  }

  var frame: HTMLReport.PageFrame { HTMLReport.PageFrame(policy: policy, head: head, bar: bar) }

  /// What stands in the page's head.
  var head: HTML {
    .lines([
      .element("style", [:], .trusted("\n" + PreviewStyle.text)),
      .element("script", ["nonce": nonce, "type": "module"], .trusted("\n" + PreviewScript.text)),
    ])
  }

  /// The bar, to which the script adds what comes later.
  var bar: HTML {
    .block(
      "div",
      [
        "id": "preview", "class": status.kind.rawValue, "data-revision": String(revision),
        "data-ended": previewWords(for: status.language).ended,
      ], status.html)
  }
}

/// What the bar at the top of a preview says.
struct PreviewStatus: Sendable {
  enum Kind: String, Sendable {
    case checking, running, idle, problem
  }

  var kind: Kind
  var language: String
  /// The notebook's file name.
  var file: String
  /// In a few words, with a link to a place in the page where there is one to look at.
  var text: String
  var anchor: String?
  /// The part done of what is running; nil when unknown.
  var fraction: Double?
  /// What belongs to no cell.
  var problems: [Diagnostic] = []

  var html: HTML {
    let text = HTML.text(text)
    return .lines([
      .element(
        "p", ["class": "line", "role": "status"],
        .element("span", ["class": "dot", "aria-hidden": "true"]),
        .element("span", ["class": "state"], anchor.map { .element("a", ["href": "#\($0)"], text) } ?? text),
        .element("span", ["class": "file"], .text(file))),
      kind == .running || kind == .checking ? LiveCell.bar(kind == .running ? fraction : nil) : .empty,
      problems.isEmpty ? .empty : .block("ul", ["class": "problems"], .lines(problems.map(html))),
    ])
  }

  private func html(_ problem: Diagnostic) -> HTML {
    let words = previewWords(for: language)
    let label = problem.severity == .error ? words.error : words.warning
    let more = ([problem.remedy] + problem.notes.map { $0.text() }).compactMap { $0 }
    return .element(
      "li", ["class": problem.severity.rawValue],
      .element("span", ["class": "label"], .text(label)), .text(" "),
      problem.place.map { .element("code", [:], .text($0.description)) + .text(" ") } ?? .empty,
      .element("span", ["class": "message"], .text(problem.message)),
      .joined(more.map { .element("span", ["class": "more"], .text(" " + $0)) }))
  }
}
