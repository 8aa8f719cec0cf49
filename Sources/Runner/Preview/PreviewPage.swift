import Engine
import Foundation
import Report

/// The additions of a preview to the report's page: the bar at the top, and the script that updates the page in
/// place.
///
/// The content security policy allows only this script, by a nonce that is new for each page.
struct PreviewPage: Sendable {
  /// The nonce of the script.
  var nonce: String
  /// The number of the page's state.
  var revision: Int
  var status: PreviewStatus

  var policy: String { Self.policy(nonce: nonce) }

  static func policy(nonce: String) -> String {
    HTMLReport.contentSecurityPolicy + "; script-src 'nonce-\(nonce)'; connect-src 'self'"
  }

  var frame: HTMLReport.PageFrame { HTMLReport.PageFrame(policy: policy, head: head, bar: bar) }

  /// Markup for the end of the page's head.
  var head: HTML {
    .lines([
      .element("style", [:], .trusted("\n" + PreviewStyle.text)),
      .element("script", ["nonce": nonce, "type": "module"], .trusted("\n" + PreviewScript.text)),
    ])
  }

  /// The bar at the top of the page. The script adds later problems to it.
  var bar: HTML {
    .block(
      "div",
      [
        "id": "preview", "class": status.kind.rawValue, "data-revision": String(revision),
        "data-ended": previewWords(for: status.language).ended,
      ], status.html)
  }
}

/// The content of the bar at the top of a preview.
struct PreviewStatus: Sendable {
  enum Kind: String, Sendable {
    case checking, running, idle, problem
  }

  var kind: Kind
  var language: String
  /// The notebook's file name.
  var file: String
  /// The status in a few words, linked to the place on the page that it concerns, if there is one.
  var text: String
  var anchor: String?
  /// The completed fraction of the current activity, from 0 to 1; nil when unknown.
  var fraction: Double?
  /// Problems that belong to no cell.
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
