/// All families of recipes and predictors that can be stored and read. A new family is one line here.
public enum PredictorFamilies {
  public static let all: [any Recipe.Type] = [
    GCNRecipe.self,
    LinearRegression.self,
    CriticalPath.self,
    NearestNeighbors.self,
    Perceptron.self,
    LookupTable.self,
    KernelSum.self,
    LandmarkSimilarity.self,
    GaussianProcessRegression.self,
    RandomForest.self,
    BoostedTrees.self,
    FOXNAS.self,
    BRPNAS.self,
    NNLQP.self,
    GATES.self,
    NARFormer.self,
    NARFormerV2.self,
    COBRA.self,
    Ensemble.self,
    Residual.self,
    Calibrated.self,
    ScaledTargets.self,
    NearestDevice.self,
    AdditiveTransfer.self,
    FewShotTransfer.self,
    HELP.self,
    MultiPredict.self,
    NASFLAT.self,
    AdaProxy.self,
    MAPLE.self,
    CDP.self,
  ]

  /// - Throws: `UnknownFamily` unless a recipe in the list has this name.
  static func recipe(_ family: String) throws -> any Recipe.Type {
    guard let recipe = all.first(where: { $0.family == family }) else {
      throw UnknownFamily(family: family, known: all.map { $0.family })
    }
    return recipe
  }

  /// - Throws: `UnknownFamily` unless the predictors of a recipe in the list have this name.
  static func predictor(_ family: String) throws -> any StorablePredictor.Type {
    func type<Method: Recipe>(_ recipe: Method.Type) -> any StorablePredictor.Type { Method.Predictor.self }
    let types = all.map { type($0) }
    guard let predictor = types.first(where: { $0.family == family }) else {
      throw UnknownFamily(family: family, known: types.map { $0.family })
    }
    return predictor
  }
}
