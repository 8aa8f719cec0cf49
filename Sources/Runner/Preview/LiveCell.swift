import Basics
import Engine
import Foundation
import Plot
import Report

/// The part of a running cell's page that shows its activity: words, a progress bar and the losses so far.
struct LiveCell: Sendable {
  var activity: CellActivity
  var language: String

  func html(at now: ContinuousClock.Instant) -> HTML {
    let facts = facts(at: now)
    return .joined([
      .element(
        "p", ["class": "now"], .element("span", ["class": "spinner", "aria-hidden": "true"]),
        .joined(facts.enumerated().map { .element("span", ["class": $0 == 0 ? "doing" : nil], .text($1)) })),
      Self.bar(activity.fraction), chart,
    ])
  }

  /// The activity in a few words, for the bar at the top of the page.
  func text(at now: ContinuousClock.Instant) -> String {
    let words = previewWords(for: language)
    return ([words.running(activity.cell)] + facts(at: now).dropFirst()).joined(separator: " · ")
  }

  private func facts(at now: ContinuousClock.Instant) -> [String] {
    let words = previewWords(for: language)
    guard activity.phase == .running else { return [words.compiling] }
    let left = activity.secondsLeft(at: now).map { words.left(words.duration($0.rounded(.up))) }
    if let own = activity.own {
      return [words.runningAlone, own.note, "\(Int(clamping: (own.fraction * 100).rounded())) %", left].compactMap {
        $0
      }
      .filter { !$0.isEmpty }
    }
    guard let training = activity.trainings.last, let last = training.last else {
      let seconds = activity.seconds(at: now).rounded(.down)
      return [words.runningAlone] + (seconds >= 1 ? [words.since(words.duration(seconds))] : [])
    }
    return [
      words.runningAlone, training.label, words.epoch(last.epoch, of: training.epochs),
      training.loss.map { words.loss(significant($0, 3)) },
      (last.figures["validation accuracy"] ?? last.figures["accuracy"])
        .flatMap { $0.isFinite ? words.accuracy(percent($0)) : nil }, left,
    ].compactMap { $0 }.filter { !$0.isEmpty }
  }

  /// A progress bar. Without a known fraction it moves to and fro.
  static func bar(_ fraction: Double?) -> HTML {
    guard let fraction else { return .element("div", ["class": "bar unknown"], .element("div")) }
    let percent = String(format: "%.1f", fraction * 100)
    return .element(
      "div",
      ["class": "bar", "role": "progressbar", "aria-valuenow": percent, "aria-valuemin": "0", "aria-valuemax": "100"],
      .element("div", ["style": "width:\(percent)%"]))
  }

  private var chart: HTML {
    guard let chart = Chart.liveLosses(activity.trainings),
      let drawing = try? chart.svg(options: DrawingOptions(language: language), identifier: "live-\(activity.cell)")
    else { return .empty }
    return .element("div", ["class": "curve"], .trusted(drawing))
  }
}
