import Foundation
import Testing

@testable import Engine

@Suite struct LibraryModulesTests {
  static let modules = LibraryModules(
    digests: [
      "Basics": "b", "CBOR": "c", "CElementary": "e", "CKernels": "k", "Cell": "l", "Core": "o", "Numerics": "n",
      "ONNX": "x", "Plot": "p", "Wire": "w",
    ],
    users: [
      "Chart": ["Plot"], "show": ["Plot"], "train": ["Core"], "Fit": ["Core"], "quantile": ["Numerics"],
      "networkGraph": ["ONNX"], "metric": ["Plot"],
    ])

  static let always = ["Basics", "CBOR", "Cell", "Wire"]
  static let numerics = ["CElementary", "CKernels", "Numerics"]

  @Test(arguments: [
    (["print ( 1 )"], always),
    (["let run = try train ( data )"], always + numerics + ["Core"]),
    (
      ["let run = try train ( data )", "show ( Chart . lossCurves ( [ run ] ) )"], always + numerics + ["Core", "Plot"]
    ),
    // The module is found by a type in a signature, as parameter or result.
    (["print ( a )", "[Fit<GCNRecipe>]"], always + numerics + ["Core"]),
    (["networkGraph ( path )"], always + numerics + ["Core", "ONNX"]),
    (["x . quantile ( 0.5 )"], always + numerics),
    // The module's name is part of a longer name.
    (["let trained = Charts ( )"], always),
  ])
  func namesTellWhatIsUsed(texts: [String], used: [String]) {
    #expect(Self.modules.used(in: texts).map(\.name) == used.sorted())
  }

  @Test func aDigestTakesInWhatIsBelowAndNothingBeside() {
    func digest(_ change: String) -> String {
      var modules = Self.modules
      modules.digests[change] = "new"
      return modules.digest(of: LibraryModules.learning)
    }
    let before = Self.modules.digest(of: LibraryModules.learning)
    for module in ["Core", "Numerics", "CKernels", "CBOR"] { #expect(digest(module) != before, "\(module)") }
    for module in ["Plot", "Measure"] { #expect(digest(module) == before, "\(module)") }
  }

  /// The dependencies equal those of the manifest, so no module that another uses is missing.
  @Test func arrowsAreThoseOfTheManifest() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../../Package.swift")
    let manifest = try String(contentsOf: file, encoding: .utf8)
    for (module, below) in LibraryModules.below {
      let target = try #require(
        manifest.components(separatedBy: ".target(").first { $0.contains("name: \"\(module)\"") })
      let list = target.components(separatedBy: "dependencies: [").dropFirst().first?.prefix { $0 != "]" } ?? ""
      let named = Set(list.split(separator: "\"").map(String.init)).intersection(LibraryModules.below.keys)
      var reached = Set(below)
      for name in below { reached.formUnion(LibraryModules.below[name] ?? []) }
      for name in Array(reached) { reached.formUnion(LibraryModules.below[name] ?? []) }
      #expect(reached.isSuperset(of: named), "\(module)")
    }
  }
}

@Suite struct LinkedObjectsTests {
  private func write(_ files: [String: String], in folder: TemporaryFolder) throws -> (library: URL, list: URL) {
    var lines = ""
    for (path, content) in files.sorted(by: { $0.key < $1.key }) {
      let url = folder.url.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(content.utf8).write(to: url)
      lines += url.path + "\n"
    }
    let list = folder.url.appendingPathComponent("list")
    let library = folder.url.appendingPathComponent("libLabbookCell.so")
    try Data(lines.utf8).write(to: list)
    try Data().write(to: library)
    return (library, list)
  }

  private let files = [
    "debug/Core.build/Fit.swift.o": "a", "debug/Core.build/Core.swiftmodule.o": "b",
    "debug/Plot.build/x/Chart.c.o": "c",
  ]

  @Test func eachModuleHasItsDigest() throws {
    func digests(_ change: (inout [String: String]) -> Void) throws -> [String: String] {
      var files = files
      change(&files)
      let folder = try TemporaryFolder("objects")
      let (library, list) = try write(files, in: folder)
      return try #require(LinkedObjects.digests(library: library, list: list))
    }
    let before = try digests { _ in }
    #expect(before.keys.sorted() == ["Core", "Plot"])
    #expect(try digests { $0["debug/Plot.build/x/Chart.c.o"] = "d" }["Core"] == before["Core"])
    #expect(try digests { $0["debug/Plot.build/x/Chart.c.o"] = "d" }["Plot"] != before["Plot"])
    #expect(try digests { $0["debug/Core.build/Core.swiftmodule.o"] = "d" } == before)
    #expect(try digests { $0["debug/Core.build/New.swift.o"] = "" }["Core"] != before["Core"])
  }

  @Test func nothingIsToldOfALibraryThatIsOlderThanItsObjects() throws {
    let folder = try TemporaryFolder("objects")
    let (library, list) = try write(files, in: folder)
    let object = folder.url.appendingPathComponent("debug/Core.build/Fit.swift.o").path
    try FileManager.default.setAttributes([.modificationDate: Date().addingTimeInterval(60)], ofItemAtPath: object)
    #expect(LinkedObjects.digests(library: library, list: list) == nil)
    try FileManager.default.removeItem(atPath: object)
    #expect(LinkedObjects.digests(library: library, list: list) == nil)
  }
}

@Suite struct ModuleNamesTests {
  @Test(arguments: [
    ("s:4Plot5ChartV", "Plot"), ("s:8Numerics15SeededGeneratorV", "Numerics"), ("s:Sd", nil), ("c:@F@memcpy", nil),
    ("s:99Short", nil),
  ])
  func symbolsNameTheirModule(identifier: String, module: String?) {
    #expect(ModuleNames.module(identifier) == module)
  }

  @Test func namesAreThoseThatAnInterfaceBeginsWith() throws {
    var names = ModuleNames(modules: ["Core", "Plot"])
    func graph(_ symbols: [(path: [String], types: [String])]) -> Data {
      let entries = symbols.map { symbol in
        let fragments = symbol.types.map { "{\"spelling\": \"T\", \"preciseIdentifier\": \"\($0)\"}" }
        return "{\"pathComponents\": \(symbol.path), \"declarationFragments\": [\(fragments.joined(separator: ","))]}"
      }
      return Data("{\"symbols\": [\(entries.joined(separator: ","))]}".utf8)
    }
    try names.add("Plot.symbols.json", graph([(["Chart"], []), (["Chart", "title"], []), (["plot(_:)"], [])]))
    try names.add(
      "Plot@Swift.symbols.json", graph([(["Array", "quantile(_:)"], []), (["Array", "init(values:)"], [])]))
    // A symbol of a module that is always used counts by the types in its signature and by the type that it extends.
    try names.add("Cell.symbols.json", graph([(["show(_:)"], ["s:4Plot5ChartV"]), (["progress(_:_:)"], ["s:Sd"])]))
    try names.add("Cell@Core.symbols.json", graph([(["Evaluation", "text"], ["s:SS"])]))
    #expect(
      names.users == [
        "Chart": ["Plot"], "plot": ["Plot"], "quantile": ["Plot"], "Array": ["Plot"], "show": ["Plot"],
        "text": ["Core"],
      ])
  }
}
