import Core
import Foundation

extension NetworkWeights {
  /// Reads a safetensors file with PyTorch's names, as `safetensors.torch.save_file(model.state_dict(), path)` writes
  /// it.
  ///
  /// The counters of batch norms (`num_batches_tracked`) are ignored. A checkpoint with the extension `.pt` or `.pth`
  /// is a pickle, which runs code when it is opened, so it isn't read.
  /// - Throws: `InputError` when the file can't be read.
  public static func load(_ path: String) throws -> NetworkWeights {
    let data = try FileAccess.read(path)
    let place = Place(file: path)
    // A pickle, or the zip archive in which PyTorch stores it. A safetensors file with a header of 640 bytes begins
    // like a pickle, too, but its ninth byte is the header's first.
    let isPickle = data.starts(with: [0x80, 0x02]) && data.dropFirst(8).first != UInt8(ascii: "{")
    if isPickle || data.starts(with: Data("PK\u{3}\u{4}".utf8)) {
      throw InputError(
        "this is a pickle of torch.save, which isn't read", at: place,
        remedy: "Save it in Python by: from safetensors.torch import save_file; "
          + "save_file(model.state_dict(), \"weights.safetensors\")")
    }
    let content = try SafeTensors(data, at: place, holding: "weights")
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in content.tensors {
      switch tensor.values {
      case .single(let values): tensors[name] = Tensor(shape: tensor.shape, values: values)
      case .double(let values): tensors[name] = Tensor(shape: tensor.shape, values: values.map { Float($0) })
      case .integer, .long: continue
      }
    }
    let weights = NetworkWeights(tensors: tensors)
    do {
      try weights.checkNumbers()
    } catch let error as InputError {
      throw error.at(place)
    }
    return weights
  }

  /// Reads the weights of a network. Missing and superfluous weights are errors that name the file.
  public static func load(_ path: String, for network: Network) throws -> NetworkWeights {
    let weights = try load(path)
    do {
      try weights.check(network)
    } catch let error as InputError {
      throw error.at(Place(file: path))
    }
    return weights
  }

  /// Writes a safetensors file that PyTorch opens: `model.load_state_dict(safetensors.torch.load_file(path))`.
  ///
  /// - Parameter batches: The value of the batch norms' `num_batches_tracked`, which PyTorch requires.
  /// - Throws: `InputError` when the file can't be written.
  public func save(_ path: String, batches: Int = 0) throws {
    var content = SafeTensors(metadata: ["format": "pt"], tensors: [:])
    for (name, tensor) in tensors {
      content.tensors[name] = SafeTensors.Tensor(shape: tensor.shape, values: .single(tensor.values))
      if name.hasSuffix(".running_mean") {
        let counter = "\(name.dropLast("running_mean".count))num_batches_tracked"
        content.tensors[counter] = SafeTensors.Tensor(shape: [], values: .long([Int64(batches)]))
      }
    }
    do {
      try content.encoded().write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw InputError.notWritten(path)
    }
  }
}
