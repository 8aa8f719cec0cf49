import Foundation
import Testing

@testable import Plot

@Suite struct LabelPlacementTests {
  @Test func labelsWithRoomStay() {
    #expect(LabelPlacement.spread(centers: [10, 50, 30], heights: [10, 10, 10], within: 0...100) == [10, 50, 30])
  }

  @Test func labelsAtOnePlaceSpreadEvenly() {
    #expect(LabelPlacement.spread(centers: [50, 50, 50], heights: [10, 10, 10], within: 0...100) == [40, 50, 60])
  }

  @Test func boundsHold() {
    #expect(LabelPlacement.spread(centers: [0, 0], heights: [10, 10], within: 0...100) == [5, 15])
    #expect(LabelPlacement.spread(centers: [100, 99], heights: [10, 10], within: 0...100) == [95, 85])
  }

  @Test func randomLabelsNeverOverlapKeepTheirOrderAndLieInside() {
    var random = TestGenerator(seed: 21)
    for _ in 0..<500 {
      let count = Int.random(in: 1...20, using: &random)
      let centers = (0..<count).map { _ in random.uniform() * 300 }
      let heights = (0..<count).map { _ in 8 + random.uniform() * 7 }
      let placed = LabelPlacement.spread(centers: centers, heights: heights, within: 0...320)
      let order = centers.indices.sorted { centers[$0] < centers[$1] }
      for (upper, lower) in zip(order, order.dropFirst()) {
        #expect(placed[lower] - placed[upper] >= (heights[lower] + heights[upper]) / 2 - 1e-9)
      }
      #expect(placed.indices.allSatisfy { placed[$0] >= heights[$0] / 2 - 1e-9 })
      #expect(placed.indices.allSatisfy { placed[$0] <= 320 - heights[$0] / 2 + 1e-9 })
    }
  }

  @Test func namesStandBesideTheirPoints() {
    let item = LabelPlacement.Item(point: Point(x: 100, y: 100), radius: 3, width: 40, height: 14)
    let bounds = Rectangle(left: 0, top: 0, right: 300, bottom: 200)
    let place = LabelPlacement.around([item], obstacles: [], within: bounds)[0]
    #expect(place == LabelPlacement.Place(frame: Rectangle(left: 106, top: 93, right: 146, bottom: 107), foot: nil))
    // At the right edge there is no room to the right.
    var edge = item
    edge.point.x = 290
    #expect(LabelPlacement.around([edge], obstacles: [], within: bounds)[0].frame.right < 288)
  }

  @Test func randomNamesKeepClearOfEachOtherAndOfPoints() {
    var random = TestGenerator(seed: 22)
    let bounds = Rectangle(left: 0, top: 0, right: 400, bottom: 300)
    for _ in 0..<100 {
      let items = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        LabelPlacement.Item(
          point: Point(x: 400 * random.uniform(), y: 300 * random.uniform()), radius: 3,
          width: 20 + 40 * random.uniform(), height: 14)
      }
      let obstacle = Rectangle(left: 150, top: 100, right: 220, bottom: 160)
      let places = LabelPlacement.around(items, obstacles: [obstacle], within: bounds)
      for (index, place) in places.enumerated() {
        #expect(abs(place.frame.width - items[index].width) < 1e-9)
        #expect(place.frame.sharedArea(with: bounds) > 0.999 * place.frame.area)
        #expect(!place.frame.overlaps(obstacle))
        for (other, otherPlace) in places.enumerated() where other != index {
          #expect(!place.frame.overlaps(otherPlace.frame))
          #expect(!place.frame.contains(items[other].point))
        }
      }
    }
  }

  @Test(arguments: [
    (Point(x: 0, y: 0), Point(x: 10, y: 10), true), (Point(x: 0, y: 5), Point(x: 3, y: 5), false),
    (Point(x: 5, y: 0), Point(x: 5, y: 20), true), (Point(x: 0, y: 0), Point(x: 20, y: 0), false),
  ])
  func linesThroughFrames(start: Point, end: Point, isCrossed: Bool) {
    #expect(Rectangle(left: 4, top: 4, right: 8, bottom: 8).isCrossed(from: start, to: end) == isCrossed)
  }
}
