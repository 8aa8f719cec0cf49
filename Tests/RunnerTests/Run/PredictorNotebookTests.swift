import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Runner

/// A predictor that only conforms to `Recipe` and `StorablePredictor`, in everything that a notebook does with
/// predictors.
@Suite struct PredictorNotebookTests {
  static let source = """
    ---
    seed: 3
    ---

    ```swift {#data}
    func network(_ index: Int) throws -> NetworkGraph {
      let depth = index % 6 + 1
      var nodes = [Node(.input)]
      for place in 0..<depth {
        let channels = 4 + (place + index) % 5
        nodes.append(Node(.convolution, kernel: 3, outputChannels: channels, height: 8, width: 8))
      }
      nodes.append(Node(.output))
      let edges = (0...depth).map { (node: Int) -> Edge in Edge(node, node + 1) }
      return try NetworkGraph(id: "g\\(index)", nodes: nodes, edges: edges)
    }
    let graphs = try (0..<60).map(network)
    let latencies = graphs.indices.map { (index: Int) -> Double in 1 + Double(index % 6) + 0.1 * Double(index % 5) }
    let data = try Dataset(device: "made", graphs: graphs, latencies: latencies)
    let split = try data.split(.shuffled())
    ```

    ```swift {#sweep}
    let fits = try sweep(over: [1, 3, 9]) { k in
      try NearestNeighbors(k: k).fit(to: data, split: split, label: "\\(k)-NN")
    }
    let evaluations = try fits.map { ($0.label, try $0.predictor.evaluate(on: data[split.test])) }
    show(Table(metrics: Metric.report + [.within(0.15)], of: evaluations))
    show(Chart.cumulativeErrors(evaluations))
    ```

    ```swift {#ensemble}
    let ensemble = try Ensemble([NearestNeighbors(k: 1), LinearRegression()], folds: 4).fit(to: data, split: split)
    let intervals = try ensemble.predictor.evaluateIntervals(on: data[split.test], coverage: 0.8)
    print(ensemble.weights.count, ensemble.parts.map(\\.label).joined(separator: ", "), intervals.count)
    ```

    ```swift {#keep}
    try ensemble.predictor.save(to: "ensemble.safetensors")
    let opened = try openPredictor("ensemble.safetensors")
    print(opened.family, opened.device, try opened.predict(graphs) == ensemble.predictor.predict(graphs))
    let mixed: [any Recipe] = [NearestNeighbors(k: 2), Calibrated(NearestNeighbors()), LinearRegression()]
    let results = try sweep(over: mixed) { try $0.fit(to: data, split: split) }
    ```

    ```swift {#after}
    print(results.map(\\.predictor.family), fits[1].recipe.k, opened.family)
    ```
    """

  @Test func nearestNeighborsDoAllThatAnyPredictorDoes() async throws {
    let notebook = try TemporaryNotebook(Self.source)
    let outcome = try await notebook.run()
    let store = try Store(beside: notebook.folder)
    func printed(_ cell: String) -> String {
      outcome.cells[cell]?.result.map { "\(store.outputs(of: $0))" } ?? ""
    }
    for cell in ["data", "sweep", "ensemble", "keep", "after"] {
      #expect(outcome.failure(cell) == nil, "\(cell): \(outcome.failure(cell)?.message ?? "")")
    }
    #expect(printed("ensemble").contains("2 member 1.1, member 1.2, member 1.3, member 1.4, member 2.1"))
    #expect(printed("keep").contains("ensemble made true"))
    #expect(
      printed("after").filter { $0 != "\\" }.contains(
        "[\"nearest-neighbors\", \"calibrated\", \"linear\"] 3 ensemble"))
    #expect(printed("sweep").contains("within 15 %"))
    #expect(try await notebook.states().allSatisfy { $0.hasSuffix(" fresh") })
  }
}
