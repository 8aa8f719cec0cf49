import Testing

@testable import Numerics

@Suite struct DropoutTests {
  @Test(arguments: [0.002, 0.1, 0.5, 0.9]) func keepsItsShare(_ probability: Double) {
    let dropout = Dropout(probability: probability, seed: 7)
    let count = 200_000
    let kept = Double((0..<count).count { dropout.keeps($0) })
    let deviation = (Double(count) * probability * (1 - probability)).squareRoot()
    #expect(abs(kept - Double(count) * (1 - probability)) < 4 * deviation)
    #expect(abs(Double(dropout.scale) * (1 - probability) - 1) < 1e-4)
  }

  @Test func masksDifferBySeedAndLayer() {
    let dropouts = [Dropout(probability: 0.5, seed: 1), Dropout(probability: 0.5, seed: 2)].flatMap {
      [$0, $0.forLayer(0), $0.forLayer(1)]
    }
    let masks = dropouts.map { dropout in (0..<64).map { dropout.keeps($0) } }
    #expect(Set(masks).count == masks.count)
  }

  @Test(arguments: [1, 3, 4, 13]) func appliesWhatItKeeps(_ count: Int) {
    let dropout = Dropout(probability: 0.5, seed: 3)
    var values = [Float](repeating: 1, count: count + 1)
    dropout.apply(to: &values, count: count, element: 8)
    #expect(values == (0..<count).map { dropout.keeps(8 + $0) ? dropout.scale : 0 } + [1])
  }
}
