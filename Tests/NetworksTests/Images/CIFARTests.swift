import Core
import Foundation
import Testing

@testable import Networks

@Suite struct CIFARTests {
  /// A folder with a few images in CIFAR's file format.
  private func folder(_ set: CIFAR, label: UInt8 = 3, cut: Int = 0) throws -> String {
    let path = URL(fileURLWithPath: temporaryFile("x")).deletingLastPathComponent()
    let names = set == .ten ? (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"] : ["train.bin", "test.bin"]
    for (number, name) in names.enumerated() {
      var data = Data()
      for image in 0..<2 {
        data += set == .ten ? [label] : [1, label]
        data += (0..<3072).map { UInt8(truncatingIfNeeded: $0 + image + number) }
      }
      if number == 1 { data.removeLast(cut) }
      try data.write(to: path.appendingPathComponent(name))
    }
    return path.path
  }

  @Test(arguments: CIFAR.allCases)
  func readsTheFiles(_ set: CIFAR) throws {
    let folder = try folder(set)
    #expect(set.isThere(folder))
    let (training, test) = try set.load(folder)
    #expect(training.count == (set == .ten ? 10 : 2))
    #expect(test.count == 2)
    #expect(training.labels.allSatisfy { $0 == 3 })
    #expect(training.size == 32)
    #expect(training.pixels[0..<3] == [0, 1, 2])
    #expect(training.pixels[3072] == 1)
    #expect(training.classes.count == (set == .ten ? 10 : 100))
  }

  @Test func aFileThatIsCutOff() throws {
    let folder = try folder(.ten, cut: 100)
    let error = #expect(throws: InputError.self) { try CIFAR.ten.load(folder) }
    #expect(
      error?.description == """
        \(folder)/data_batch_2.bin: the file has 6046 bytes, \
        which isn't a whole number of images of 3073 bytes: the last \
        of them, number 1, is cut off
          \(CIFAR.ten.instructions(for: folder))
        """)
  }

  @Test func aLabelThatIsNone() throws {
    let folder = try folder(.ten, label: 10)
    let error = #expect(throws: InputError.self) { try CIFAR.ten.load(folder) }
    #expect(
      error?.description == """
        \(folder)/data_batch_1.bin: image 0 (byte 0) is of class 10, but CIFAR-10 has the classes 0 to 9
          The file may be damaged, or not a file of CIFAR-10.
        """)
  }

  @Test func whatIsMissingSaysWhatToFetch() {
    #expect(!CIFAR.hundred.isThere("/no/such"))
    let error = #expect(throws: InputError.self) { try CIFAR.hundred.load("/no/such") }
    #expect(
      error?.description == """
        /no/such/train.bin: there is no such file of CIFAR-100
          Download https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz (168513733 bytes, MD5 \
        03b5dce01913d631647c71ecec9e9cb8), then: mkdir -p /no/such && tar -xzf cifar-100-binary.tar.gz -C /no/such \
        --strip-components=1. Labbook downloads nothing itself.
        """)
  }
}
