/// A recipe of any family as one type: for lists of different recipes, and as a part of other recipes.
///
/// ```swift
/// let recipes: [any Recipe] = [LinearRegression(), GCNRecipe(options: .recommended(for: 900))]
/// let fits = try sweep(over: recipes) { try $0.fit(to: data, split: split, label: type(of: $0).family) }
/// ```
public struct AnyRecipe: Recipe, RecipeWrapper {
  public typealias Predictor = AnyPredictor

  /// The wrapped recipe; never an `AnyRecipe` itself.
  public let base: any Recipe

  public init(_ recipe: some Recipe) {
    base = (recipe as? AnyRecipe)?.base ?? recipe
  }

  /// The recipe as a value of `type`; nil if it belongs to another family.
  public func `as`<Method: Recipe>(_ type: Method.Type) -> Method? { base as? Method ?? self as? Method }

  public static var family: String { "any" }

  /// The name of the family in stored values.
  public var family: String { type(of: base).family }

  public var keepsResults: Bool { base.keepsResults }
  public var requiredIDs: [String] { base.requiredIDs }

  public func reseeded(by offset: UInt64) -> AnyRecipe {
    func reseeded(_ recipe: some Recipe) -> AnyRecipe { AnyRecipe(recipe.reseeded(by: offset)) }
    return reseeded(base)
  }

  public func settled(on graphs: [NetworkGraph]) throws -> AnyRecipe {
    func settled(_ recipe: some Recipe) throws -> AnyRecipe { AnyRecipe(try recipe.settled(on: graphs)) }
    return try settled(base)
  }

  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<AnyRecipe> {
    func learn(_ recipe: some Recipe) throws -> Fit<AnyRecipe> {
      Fit<AnyRecipe>(try recipe.learn(from: data, split: split, in: context))
    }
    return try learn(base)
  }

  public static func == (left: AnyRecipe, right: AnyRecipe) -> Bool {
    AnyHashable(left.base) == AnyHashable(right.base)
  }

  public func hash(into hasher: inout Hasher) { base.hash(into: &hasher) }
}

extension AnyRecipe: Codable {
  private static let coding = FamilyCoding(content: "settings")

  public init(from decoder: any Decoder) throws {
    base = try Self.coding.decode(from: decoder, type: { try PredictorFamilies.recipe($0) })
  }

  public func encode(to encoder: any Encoder) throws {
    try Self.coding.encode(base, family: family, to: encoder)
  }
}

extension Fit<AnyRecipe> {
  /// The same result for any recipe, so that results of different recipes fit into one list.
  public init<Base: Recipe>(_ fit: Fit<Base>) {
    self.init(
      AnyRecipe(fit.recipe), AnyPredictor(fit.predictor), curve: fit.curve, chosenEpoch: fit.chosenEpoch,
      parts: fit.parts, leftOut: fit.leftOut, seconds: fit.seconds)
    label = fit.label
  }
}

extension Recipe {
  /// Fits a recipe whose type isn't known, such as an element of `[any Recipe]`.
  @_disfavoredOverload
  public func fit(
    to data: Dataset, split: Split, label: String = "", in context: TrainingContext = .current
  ) throws -> Fit<AnyRecipe> {
    try AnyRecipe(self).fit(to: data, split: split, label: label, in: context)
  }
}
