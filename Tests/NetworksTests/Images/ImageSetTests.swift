import Core
import Foundation
import Testing

@testable import Networks

@Suite struct ImageSetTests {
  @Test func shapesAreSeededAndOfAllKinds() throws {
    let images = try ImageSet.shapes(40, size: 16, seed: 3)
    #expect(images.count == 40)
    #expect(
      images.classes == [
        "disc", "ring", "square", "frame", "triangle", "diamond", "plus", "cross", "bars", "columns",
      ])
    #expect(Array(images.labels.prefix(12)) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    #expect(try ImageSet.shapes(40, size: 16, seed: 3) == images)
    #expect(try ImageSet.shapes(40, size: 16, seed: 4) != images)
    let error = #expect(throws: InputError.self) { try ImageSet.shapes(0) }
    #expect(error?.cause == "0 shapes of 32 pixels can't be drawn")
    // They would take 200 GB.
    #expect(throws: InputError.self) { try ImageSet.shapes(1_000_000, size: 256) }
  }

  @Test func normalizationByHand() throws {
    // Red is 0 and 255, green is 51 everywhere, blue is 102.
    let pixels =
      Array(repeating: UInt8(0), count: 32) + Array(repeating: 255, count: 32)
      + Array(repeating: 51, count: 64) + Array(repeating: 102, count: 64)
    let images = try ImageSet(classes: ["a"], size: 8, pixels: pixels, labels: [0])
    #expect(images.normalization.mean == [0.5, 0.2, 0.4])
    #expect(images.normalization.deviation[0] == 0.5)
    // For a constant channel, nothing is divided by zero.
    #expect(images.normalization.deviation[1] == Float(1.0 / 255))
  }

  @Test func batchesByHand() throws {
    var pixels = [UInt8](repeating: 0, count: 3 * 64)
    for index in 0..<64 { pixels[index] = UInt8(index) }
    let images = try ImageSet(classes: ["a"], size: 8, pixels: pixels, labels: [0])
    try OneDNN.use(threads: 1)
    let batch = ImageBatch(
      images, batch: 2, normalization: ImageNormalization(mean: [0, 0, 0], deviation: [1 / 255, 1, 1]))
    batch.load(0..<1)
    #expect(abs(batch.images.pointer[9] - 9) < 1e-4)
    batch.load(0..<1, flips: true)
    #expect(abs(batch.images.pointer[9] - 14) < 1e-4)
    // Cutout replaces the pixels within the square; shifting mirrors the image at its edge.
    var random = SeededGenerator(seed: 1)
    batch.load([0, 0], Augmentation(crop: 0, flips: false, cutout: 4), isMirrored: { _ in true }, using: &random)
    let zeros = (0..<64).count { batch.images.pointer[$0] == 0 && $0 > 0 }
    #expect((4...16).contains(zeros))
    batch.load([0, 0], Augmentation(crop: 3, flips: false), isMirrored: { _ in true }, using: &random)
    let first = Int(batch.images.pointer[0].rounded())
    #expect(first / 8 <= 3 && first % 8 <= 3)
    for isMirrored in [false, true] {
      batch.load([0, 0], Augmentation(crop: 0, flips: true), isMirrored: { _ in isMirrored }, using: &random)
      #expect(abs(batch.images.pointer[9] - (isMirrored ? 14 : 9)) < 1e-4)
    }
  }

  @Test func smallerImagesHaveTheMeansOfAreas() throws {
    let pixels = (0..<3 * 16).map { UInt8($0 * 5) }
    let images = try ImageSet(classes: ["a"], size: 4, pixels: pixels, labels: [0])
    let half = try images.resized(to: 2)
    // The first mean is of 0, 5, 20 and 25.
    #expect(Array(half.pixels.prefix(4)) == [13, 23, 53, 63])
    #expect(half.labels == [0] && half.size == 2)
    #expect(try images.resized(to: 4) == images)
    // Each new pixel covers 4/3 of a pixel in each direction: the corner is (9 * 0 + 3 * 5 + 3 * 20 + 25) / 16 =
    // 6.25.
    let third = try images.resized(to: 3)
    #expect(third.pixels[0] == 6)
    // An image of one colour keeps it at every size.
    let plain = try ImageSet(
      classes: ["a"], size: 7, pixels: [UInt8](repeating: 255, count: 2 * 3 * 49), labels: [0, 0])
    for size in 1...7 { #expect(try plain.resized(to: size).pixels.allSatisfy { $0 == 255 }) }
    let error = #expect(throws: InputError.self) { try images.resized(to: 5) }
    #expect(error?.description == "images of 4 pixels can't be reduced to 5\n  Use 1 to 4: images aren't enlarged.")
  }

  @Test func numbersThatDontFit() {
    var error = #expect(throws: InputError.self) {
      try ImageSet(classes: ["a"], size: 8, pixels: [0, 0], labels: [0])
    }
    #expect(error?.cause == "2 bytes are not 1 images of 8 x 8 x 3")
    error = #expect(throws: InputError.self) {
      try ImageSet(classes: ["a"], size: 1, pixels: [0, 0, 0], labels: [1])
    }
    #expect(error?.cause == "image 0 is of class 1, but there are 1 classes")
    error = #expect(throws: InputError.self) {
      try ImageSet(classes: Array(repeating: "a", count: 65_537), size: 1, pixels: [0, 0, 0], labels: [0])
    }
    #expect(error?.cause == "there are 65537 classes")
  }

  /// The list of classes can be changed, but no label may be left without a class.
  @Test func labelsWithoutAClassAreTold() throws {
    var images = try ImageSet.shapes(20, size: 8, seed: 1)
    images.classes.removeLast(5)
    let space = ResidualCNN(widths: [8], blocksPerStage: 1, imageSize: 8, classes: 5)
    let network = try space.fullNetwork()
    let weights = NetworkWeights(random: network, seed: 1)
    var error = #expect(throws: InputError.self) { try space.train(on: images, NetworkTraining(batchSize: 10)) }
    #expect(error?.cause == "image 5 is of class 5, but there are 5 classes")
    error = #expect(throws: InputError.self) { try network.test(weights, on: images, images.normalization) }
    #expect(error?.cause == "image 5 is of class 5, but there are 5 classes")
  }
}
