import Foundation
import TestSupport
import Testing
import Wire

@testable import Engine

/// Plans, keys and schedules of notebooks that aren't compiled; the tests put results into the store themselves.
@Suite struct CheckedNotebookTests {
  static let source = """
    ---
    params: {width: 4}
    ---

    ```swift {#data}
    let data = [1.0, 2.0]
    ```

    ```swift {#train}
    let run = try train(on: data, width: params.width)
    ```

    ```swift {#plot}
    show(Chart.lossCurves([run]))
    ```

    ```swift {#alone}
    print(1)
    ```
    """

  static let types = ["data": "[Double]", "run": "TrainingRun"]

  /// A library in which the module `change` may be another version.
  static func library(_ change: String? = nil) -> LibraryIdentity {
    var modules = LibraryModulesTests.modules
    if let change { modules.digests[change] = "new" }
    return LibraryIdentity(fingerprint: "library \(change ?? "")", modules: modules)
  }

  static func checked(
    _ notebook: TemporaryNotebook, library: LibraryIdentity = library(), compiler: String = "Swift 6"
  ) throws -> CheckedNotebook {
    CheckedNotebook(
      try Notebook(reading: notebook.file.path), types: types, library: library, compiler: compiler)
  }

  /// Stores what a run of all cells would store. Each value contains its cell's name.
  static func fill(_ store: Store, _ checked: CheckedNotebook, content: String = "") async throws {
    var outcomes: [String: CellRecord] = [:]
    let outputs = try store.add(Data("[]".utf8))
    for cell in checked.evaluatedCells {
      let values = try cell.analysis.values.map { value in
        let data = Data((value.name + content).utf8)
        return StoredValue(
          name: value.name, type: types[value.name] ?? "Int", sha256: try store.add(data), bytes: data.count)
      }
      let result = CellResult(
        cell: cell.name, key: try checked.key(of: cell, outcomes), files: [], values: values, unstored: [:],
        outputs: outputs, metrics: [], seconds: 60,
        origin: Origin(date: "2023-11-16T09:30:00Z", processor: "p", kernels: "avx2"))
      try store.add(result)
      outcomes[cell.name] = .ran(result)
    }
    try await store.setLatest(
      outcomes.compactMapValues(\.result), of: checked.notebook.name, cells: Set(outcomes.keys))
  }

  private func lines(_ plan: CellPlan) -> [String] {
    plan.items.map { item in
      switch item.state {
      case .fresh: "\(item.cell): fresh"
      case .stale(let change): "\(item.cell): \(change.summary)"
      case .depends(let cells): "\(item.cell): depends on \(cells.joined(separator: ", "))"
      }
    }
  }

  @Test(arguments: [
    (nil, ["data: fresh", "train: fresh", "plot: fresh", "alone: fresh"]),
    // A change of the module Plot doesn't affect trainings.
    ("Plot", ["data: fresh", "train: fresh", "plot: Labbook's module Plot changed", "alone: fresh"]),
    ("ONNX", ["data: fresh", "train: fresh", "plot: fresh", "alone: fresh"]),
    (
      "Core", ["data: fresh", "train: Labbook's module Core changed", "plot: depends on train", "alone: fresh"]
    ),
    (
      "CKernels",
      [
        "data: fresh", "train: Labbook's module CKernels changed", "plot: Labbook's module CKernels changed",
        "alone: fresh",
      ]
    ),
    (
      "CBOR",
      ["data", "train", "plot", "alone"].map { "\($0): Labbook's module CBOR changed" }
    ),
  ])
  func aChangedModuleConcernsThoseThatUseIt(module: String?, expected: [String]) async throws {
    let notebook = try TemporaryNotebook(Self.source)
    let store = try Store(beside: notebook.folder)
    try await Self.fill(store, Self.checked(notebook))
    #expect(lines(try Self.checked(notebook, library: Self.library(module)).plan(in: store)) == expected)
  }

  @Test func whereModulesAreNotToldApartEveryChangeCounts() async throws {
    let notebook = try TemporaryNotebook(Self.source)
    let store = try Store(beside: notebook.folder)
    try await Self.fill(store, Self.checked(notebook, library: .init(fingerprint: "a")))
    let plan = try Self.checked(notebook, library: .init(fingerprint: "b")).plan(in: store)
    #expect(lines(plan) == ["data", "train", "plot", "alone"].map { "\($0): the labbook changed" })
  }

  @Test(arguments: [
    ("[1.0, 2.0]", "[1.0]", ["data: its code changed", "train: depends on data", "plot: depends on train"]),
    ("width: 4", "width: 5", ["data: fresh", "train: the parameter `width` changed", "plot: depends on train"]),
    ("let data", "// The data.\nlet data", ["data: fresh", "train: fresh", "plot: fresh"]),
  ])
  func aPlanSaysWhatWouldRun(old: String, new: String, expected: [String]) async throws {
    let notebook = try TemporaryNotebook(Self.source)
    let store = try Store(beside: notebook.folder)
    #expect(lines(try Self.checked(notebook).plan(in: store)).allSatisfy { $0.hasSuffix("never run") })
    try await Self.fill(store, Self.checked(notebook))
    try notebook.edit(old, new)
    #expect(lines(try Self.checked(notebook).plan(in: store)) == expected + ["alone: fresh"])
  }

  @Test func aScheduleStartsWhatIsStaleOnceItsInputsAreThere() async throws {
    let notebook = try TemporaryNotebook(Self.source)
    let store = try Store(beside: notebook.folder)
    let checked = try Self.checked(notebook)
    var options = NotebookRun.Options()
    options.jobs = 4
    var schedule = Schedule(checked, options, in: store)
    #expect(schedule.next { _ in }.map(\.name) == ["data", "alone"])
    schedule.finish(
      "data",
      CellExecution(ending: .settled(.failed(CellFailure(message: "no"), outputs: [], seconds: 1)))
    ) { _ in }
    #expect(schedule.next { _ in }.isEmpty)
    #expect(
      schedule.outcomes.mapValues(\.state) == ["data": .failed, "train": .blocked, "plot": .blocked])
    try await Self.fill(store, checked)
    var fresh = Schedule(checked, options, in: store)
    #expect(fresh.next { _ in }.isEmpty)
    #expect(fresh.outcomes.values.allSatisfy { $0.state == .fresh })
    options.onlyStored = true
    var stored = Schedule(try Self.checked(notebook, library: Self.library("Plot")), options, in: store)
    #expect(stored.next { _ in }.isEmpty)
    #expect(stored.outcomes["plot"]?.state == .stale && stored.outcomes["train"]?.state == .fresh)
  }

  @Test func pinnedCellsOutliveEveryModule() async throws {
    let notebook = try TemporaryNotebook(Self.source.replacing("{#train}\n", with: "{#train}\n//| pinned: true\n"))
    let store = try Store(beside: notebook.folder)
    try await Self.fill(store, Self.checked(notebook))
    let plan = try Self.checked(notebook, library: Self.library("Core"), compiler: "Swift 7").plan(in: store)
    #expect(
      lines(plan).map { $0.prefix(12) } == ["data: the co", "train: depen", "plot: the co", "alone: the c"])
    try await Self.fill(store, Self.checked(notebook, compiler: "Swift 7"))
    #expect(lines(try Self.checked(notebook, compiler: "Swift 8").plan(in: store))[1] == "train: depends on data")
  }
}
