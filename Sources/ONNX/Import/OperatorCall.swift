import Core
import Foundation

/// One node of an ONNX graph, with the knowledge about its inputs.
struct OperatorCall {
  let node: NodeProto
  /// The inputs; nil for optional inputs that aren't given.
  var inputs: [ONNXValue?]
  let operatorSetVersion: Int
  let place: Place

  /// The operator type, with its domain unless it is ONNX's own.
  var type: String { node.qualifiedType }

  /// An error about this node.
  func failure(_ cause: String, remedy: String? = nil) -> InputError {
    InputError("\(node.title): \(cause)", at: place, remedy: remedy)
  }

  // MARK: Inputs

  func input(_ index: Int) -> ONNXValue? {
    inputs.indices.contains(index) ? inputs[index] : nil
  }

  /// The shape of an input, which the operator needs.
  func shape(_ index: Int) throws -> [Int] {
    guard let value = input(index) else { throw failure("input \(index) is missing") }
    guard let shape = value.shape else {
      throw failure("the shape of its input \(name(index)) is unknown", remedy: Self.shapeRemedy)
    }
    return shape
  }

  /// The shape of an input that has at least `rank` axes.
  func shape(_ index: Int, rank: Int) throws -> [Int] {
    let shape = try shape(index)
    guard shape.count >= rank else {
      throw failure("input \(index) has the shape \(shape), which has fewer than \(rank) axes")
    }
    return shape
  }

  /// The whole numbers of a constant input; nil if it isn't given.
  func integers(_ index: Int, _ meaning: String) throws -> [Int]? {
    try constant(index, meaning, \.integers)
  }

  /// The numbers of a constant input; nil if it isn't given.
  func numbers(_ index: Int, _ meaning: String) throws -> [Double]? {
    try constant(index, meaning, \.values)
  }

  private func constant<Numbers>(
    _ index: Int, _ meaning: String, _ numbers: (ConstantArray) -> Numbers?
  ) throws -> Numbers? {
    guard let value = input(index) else { return nil }
    guard let numbers = value.constant.flatMap(numbers) else {
      throw failure(
        "its \(meaning), \(name(index)), is known only at run time", remedy: Self.shapeRemedy)
    }
    return numbers
  }

  private func name(_ index: Int) -> String {
    let name = "\"\(node.input[index])\""
    return input(index)?.maker.map { "\(name) of \($0)" } ?? name
  }

  static let shapeRemedy = "Export the model with fixed sizes, or write them into the file with onnx.shape_inference."

  // MARK: Attributes

  private func attribute(_ name: String) -> AttributeProto? {
    node.attribute.first { $0.name == name }
  }

  func integer(_ name: String) -> Int? { attribute(name).map { ONNXLimit.clamp($0.i) } }
  func integers(_ name: String) -> [Int]? { attribute(name).map { $0.ints.map(ONNXLimit.clamp) } }
  func number(_ name: String) -> Double? { attribute(name).map { Double($0.f) } }
  func numbers(_ name: String) -> [Double]? { attribute(name).map { $0.floats.map(Double.init) } }
  func text(_ name: String) -> String? { attribute(name).map { String(decoding: $0.s, as: UTF8.self) } }
  func tensor(_ name: String) -> TensorProto? { attribute(name)?.t }

  func sparseDimensions(_ name: String) -> [Int64]? {
    attribute(name)?.sparseTensor?.dims
  }

  /// Whole numbers that are an attribute of older operators and a constant input of newer ones.
  func integers(_ name: String, orInput index: Int) throws -> [Int]? {
    try integers(name) ?? integers(index, name)
  }

  // MARK: Axes

  /// `axis` counted from 0 in a tensor with `rank` axes. Negative axes count from the end.
  func axis(_ axis: Int, rank: Int) throws -> Int {
    let counted = axis < 0 ? axis + rank : axis
    guard (0..<rank).contains(counted) else {
      throw failure("the axis \(axis) is out of range for \(rank) axes")
    }
    return counted
  }

  func axes(_ axes: [Int], rank: Int) throws -> [Int] {
    let counted = try axes.map { try axis($0, rank: rank) }
    guard Set(counted).count == counted.count else { throw failure("the axes \(axes) are not distinct") }
    return counted
  }
}

extension NodeProto {
  /// The operator type, with its domain unless it is ONNX's own.
  var qualifiedType: String {
    domain.isEmpty || domain == "ai.onnx" ? opType : "\(domain).\(opType)"
  }

  /// The title in errors: the node's name, or its output if it has no name.
  var title: String {
    let name = name.isEmpty ? output.first { !$0.isEmpty } ?? "" : name
    return "node \"\(name)\" (\(qualifiedType))"
  }
}
