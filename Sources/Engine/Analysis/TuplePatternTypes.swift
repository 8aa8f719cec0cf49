import SwiftParser
import SwiftSyntax

/// The types of the values that a tuple pattern with a written type binds at top level, as in
/// `let (a, b): (Int, String) = pair`. For each of them, the compiler's symbol graph gives the type of the whole tuple.
struct TuplePatternTypes {
  /// The types, by the values' names.
  private(set) var types: [String: String] = [:]

  /// - Parameter source: A cell's Swift code.
  init(_ source: String) {
    for item in Parser.parse(source: source).statements {
      guard let variable = item.item.as(VariableDeclSyntax.self) else { continue }
      for binding in variable.bindings where binding.pattern.is(TuplePatternSyntax.self) {
        if let annotation = binding.typeAnnotation { add(binding.pattern, annotation.type) }
      }
    }
  }

  private mutating func add(_ pattern: PatternSyntax, _ type: TypeSyntax) {
    if let name = pattern.as(IdentifierPatternSyntax.self) {
      types[name.identifier.text] = type.trimmedDescription
      return
    }
    guard let pattern = pattern.as(TuplePatternSyntax.self) else { return }
    if pattern.elements.count == 1, let only = pattern.elements.first {
      add(only.pattern, type)
    } else if let type = type.as(TupleTypeSyntax.self) {
      for (part, element) in zip(pattern.elements, type.elements) { add(part.pattern, element.type) }
    }
  }
}
