import Core
import Foundation

/// The binary files of CIFAR-10 and CIFAR-100 (Krizhevsky, 2009): 60,000 images of 32 x 32 pixels in 10 or 100 classes.
public enum CIFAR: String, Codable, Hashable, Sendable, CaseIterable {
  case ten = "CIFAR-10"
  case hundred = "CIFAR-100"

  private static let size = 32

  private var classes: Int { self == .ten ? 10 : 100 }
  /// The number of bytes before the pixels: the class, which in CIFAR-100 follows the coarse class.
  private var labelBytes: Int { self == .ten ? 1 : 2 }
  private var recordBytes: Int { labelBytes + ImageSet.channels * Self.size * Self.size }
  private var namesFile: String { self == .ten ? "batches.meta.txt" : "fine_label_names.txt" }
  private var trainingFiles: [String] { self == .ten ? (1...5).map { "data_batch_\($0).bin" } : ["train.bin"] }
  private var testFile: String { self == .ten ? "test_batch.bin" : "test.bin" }

  /// The place from which the data set can be downloaded. Labbook downloads nothing itself.
  private var source: String {
    switch self {
    case .ten:
      "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz (170052171 bytes, MD5 c32a1d4ab5d03f1284b67883e8d87530)"
    case .hundred:
      "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz (168513733 bytes, MD5 03b5dce01913d631647c71ecec9e9cb8)"
    }
  }

  /// How to get the data set into a folder: what to download, with size and digest, and the command that unpacks it.
  public func instructions(for folder: String) -> String {
    let archive = self == .ten ? "cifar-10-binary.tar.gz" : "cifar-100-binary.tar.gz"
    // The archive has the files in a folder, whose name is left out.
    return "Download \(source), then: mkdir -p \(folder) && tar -xzf \(archive) -C \(folder) --strip-components=1. "
      + "Labbook downloads nothing itself."
  }

  /// Whether all files of the data set are in `folder`. A cell that asks when a file is missing runs again once the
  /// file exists.
  public func isThere(_ folder: String) -> Bool {
    let missing = (trainingFiles + [testFile]).map { "\(folder)/\($0)" }
      .first { !FileManager.default.fileExists(atPath: $0) }
    if let missing { TrainingContext.current.files?(missing, nil) }
    return missing == nil
  }

  /// Reads the training images and the test images.
  /// - Throws: `InputError` that names the file, and says what to download if it is missing.
  public func load(_ folder: String) throws -> (training: ImageSet, test: ImageSet) {
    let names = try classNames(folder)
    return (
      try read(trainingFiles.map { "\(folder)/\($0)" }, in: folder, names),
      try read(["\(folder)/\(testFile)"], in: folder, names)
    )
  }

  /// The names in the data set's list; without the list, numbers.
  private func classNames(_ folder: String) throws -> [String] {
    let path = "\(folder)/\(namesFile)"
    guard FileManager.default.fileExists(atPath: path) else { return (0..<classes).map(String.init) }
    let names = String(decoding: try FileAccess.read(path), as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    guard names.count == classes else {
      throw InputError("there are \(names.count) names of classes, not \(classes)", at: Place(file: path))
    }
    return names
  }

  private func read(_ paths: [String], in folder: String, _ names: [String]) throws -> ImageSet {
    var pixels: [UInt8] = []
    var labels: [UInt16] = []
    for path in paths {
      let place = Place(file: path)
      guard FileManager.default.fileExists(atPath: path) else {
        throw InputError(
          "there is no such file of \(rawValue)", at: place, remedy: instructions(for: folder))
      }
      let bytes = [UInt8](try FileAccess.read(path))
      guard !bytes.isEmpty, bytes.count % recordBytes == 0 else {
        throw InputError(
          "the file has \(bytes.count) bytes, which isn't a whole number of images of \(recordBytes) bytes: the last "
            + "of them, number \(bytes.count / recordBytes), is cut off", at: place,
          remedy: instructions(for: folder))
      }
      for (image, start) in stride(from: 0, to: bytes.count, by: recordBytes).enumerated() {
        let label = bytes[start + labelBytes - 1]
        guard label < classes else {
          throw InputError(
            "image \(image) (byte \(start)) is of class \(label), but \(rawValue) has the classes 0 to \(classes - 1)",
            at: place, remedy: "The file may be damaged, or not a file of \(rawValue).")
        }
        labels.append(UInt16(label))
        pixels += bytes[start + labelBytes..<start + recordBytes]
      }
    }
    return try ImageSet(classes: names, size: Self.size, pixels: pixels, labels: labels)
  }
}
