import Foundation
internal import Numerics

/// Cuts a tall layered drawing into columns side by side, and routes edges from one column to the next.
struct ColumnWrapping {
  private let graph: LayeredGraph
  private let centers: [Double]
  private let bands: [ClosedRange<Double>]
  /// The first layer of each column.
  private let starts: [Int]
  /// The offset that is added to the coordinates of each column.
  private var shifts: [(x: Double, y: Double)] = []
  /// The right edge of each column, the left edge of the next one, and the lower edge of each, all shifted.
  private var edges: [(left: Double, right: Double, bottom: Double)] = []
  /// The edges from one column to the next, from left to right, by their upper vertex.
  private var leaving: [[(upper: Int, lower: Int)]] = []

  private static let trackGap = 7.0
  private static let cornerRadius = 6.0

  init(_ graph: LayeredGraph, centers: [Double], bands: [ClosedRange<Double>], columns: Int?) {
    self.graph = graph
    self.centers = centers
    self.bands = bands
    let extents = graph.vertices.indices.map { vertex in
      (centers[vertex] - graph.vertices[vertex].width / 2, centers[vertex] + graph.vertices[vertex].width / 2)
    }
    let width = (extents.map(\.1).max() ?? 0) - (extents.map(\.0).min() ?? 0)
    let height = bands.last?.upperBound ?? 0
    let count = columns ?? Self.columns(width: width, height: height, layers: bands.count)
    starts = Self.cuts(graph, bands: bands, columns: max(1, min(count, bands.count)))
    leaving = starts.dropFirst().map { start in
      graph.layers[start - 1].flatMap { upper in graph.below[upper].map { (upper, $0) } }
        .sorted { (centers[$0.upper], centers[$0.lower]) < (centers[$1.upper], centers[$1.lower]) }
    }
    var left = 0.0
    for (column, start) in starts.enumerated() {
      let end = column + 1 < starts.count ? starts[column + 1] : bands.count
      let vertices = graph.layers[start..<end].flatMap { $0 }
      let low = vertices.map { extents[$0].0 }.min() ?? 0
      let high = vertices.map { extents[$0].1 }.max() ?? 0
      shifts.append((left - low, start < bands.count ? -bands[start].lowerBound : 0))
      let bottom = end > start ? bands[end - 1].upperBound - bands[start].lowerBound : 0
      edges.append((left, left + high - low, bottom))
      let tracks = column < leaving.count ? Double(leaving[column].count - 1) * Self.trackGap : 0
      left += high - low + 36 + max(0, tracks)
    }
  }

  /// The number of columns for which the picture is nearest to a shape somewhat wider than tall; one for up to ten
  /// layers.
  private static func columns(width: Double, height: Double, layers: Int) -> Int {
    guard layers > 10, width > 0, height > 0 else { return 1 }
    func distance(_ count: Int) -> Double {
      let columns = Double(count)
      let shape = (columns * (width + 36)) / (height / columns)
      return abs(CorrectlyRounded.log(shape / 1.15))
    }
    return (1...8).min { distance($0) < distance($1) } ?? 1
  }

  /// Cuts near the even ones where the fewest edges cross, the nearest first.
  private static func cuts(_ graph: LayeredGraph, bands: [ClosedRange<Double>], columns: Int) -> [Int] {
    guard columns > 1, let height = bands.last?.upperBound else { return [0] }
    var starts = [0]
    for column in 1..<columns {
      let ideal = height * Double(column) / Double(columns)
      let reach = 0.2 * height / Double(columns)
      let candidates = bands.indices.filter { $0 > (starts.last ?? 0) && abs(bands[$0].lowerBound - ideal) <= reach }
      let nearest = bands.indices.filter { $0 > (starts.last ?? 0) }
        .min { abs(bands[$0].lowerBound - ideal) < abs(bands[$1].lowerBound - ideal) }
      func cost(_ layer: Int) -> (Int, Double) {
        let crossing = graph.layers[layer - 1].reduce(0) { $0 + graph.below[$1].count }
        return (crossing, abs(bands[layer].lowerBound - ideal))
      }
      guard let cut = candidates.min(by: { cost($0) < cost($1) }) ?? nearest else { break }
      starts.append(cut)
    }
    return starts
  }

  private func column(of layer: Int) -> Int {
    (starts.lastIndex { $0 <= layer }) ?? 0
  }

  /// The middle of a layer at this x.
  func place(x: Double, layer: Int) -> Point {
    let shift = shifts[column(of: layer)]
    return Point(x: x + shift.x, y: (bands[layer].lowerBound + bands[layer].upperBound) / 2 + shift.y)
  }

  /// The path through a chain of vertices: straight through layers, curved between them, and around corners between
  /// columns.
  ///
  /// - Parameter ends: The lower edge of the first vertex, and the upper edge of the last one.
  func path(of chain: [Int], ends: (bottom: Double, top: Double)) -> [Point] {
    var points: [Point] = []
    for (index, vertex) in chain.enumerated() {
      let layer = graph.vertices[vertex].layer
      let shift = shifts[column(of: layer)]
      let x = centers[vertex] + shift.x
      let (top, bottom) = (bands[layer].lowerBound + shift.y, bands[layer].upperBound + shift.y)
      if index == 0 {
        points.append(Point(x: x, y: ends.bottom))
        if bottom > ends.bottom { points.append(Point(x: x, y: bottom)) }
      } else {
        let here = Point(x: x, y: top)
        let before = chain[index - 1]
        let beforeColumn = column(of: graph.vertices[before].layer)
        if beforeColumn == column(of: layer) {
          points += Curve.vertical(from: points[points.count - 1], to: here)
        } else {
          points += around(from: points[points.count - 1], to: here, column: beforeColumn, upper: before, lower: vertex)
        }
        if index == chain.count - 1 {
          if ends.top > top { points.append(Point(x: x, y: ends.top)) }
        } else if bottom > top {
          points.append(Point(x: x, y: bottom))
        }
      }
    }
    return points
  }

  /// The path down below the column, up beside it, and over the next one. Edges keep a distance from each other.
  private func around(from start: Point, to end: Point, column: Int, upper: Int, lower: Int) -> [Point] {
    let edges = leaving[column]
    let count = Double(edges.count)
    let number = Double(edges.firstIndex { $0.upper == upper && $0.lower == lower } ?? 0)
    // The rightmost edge takes the innermost track.
    let track = (count - 1 - number) * Self.trackGap
    let bottom = self.edges[column].bottom + 14 + track
    let top = -14 - number * Self.trackGap
    let middle = (self.edges[column].right + self.edges[column + 1].left) / 2
    let channel = middle + ((count - 1) / 2 - number) * Self.trackGap
    return Curve.rounded(
      [
        start, Point(x: start.x, y: bottom), Point(x: channel, y: bottom), Point(x: channel, y: top),
        Point(x: end.x, y: top), end,
      ], radius: Self.cornerRadius)
  }
}
