import Engine
import Foundation

/// Has blahtexml (G. Van Assche and D. Harvey) translate TeX into MathML.
package struct FormulaTranslator {
  private let executable: URL

  /// - Returns: nil when the tool is not on the search path.
  package init?(tool: String) {
    let folders =
      tool.contains("/")
      ? [""]
      : (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        // A relative folder would be one of the notebook's.
        .filter { $0.hasPrefix("/") }
    let paths = folders.map { $0.isEmpty ? tool : "\($0)/\(tool)" }
    guard let path = paths.first(where: FileManager.default.isExecutableFile) else { return nil }
    executable = URL(fileURLWithPath: path)
  }

  /// The formulas' translations, in the order of the formulas.
  ///
  /// All are translated by one process; should it die on one of them, halves of the formulas are tried apart.
  package func translate(_ formulas: [Formulas.Source]) -> [Result<MathElement, FormulaProblem>] {
    guard !formulas.isEmpty else { return [] }
    if let results = run(Self.document(of: formulas)).flatMap(MathReader.read), results.count == formulas.count {
      return results
    }
    guard formulas.count > 1 else { return [.failure(FormulaProblem(cause: "blahtexml can't read it"))] }
    let middle = formulas.count / 2
    return translate(Array(formulas[..<middle])) + translate(Array(formulas[middle...]))
  }

  private func run(_ input: String) -> Data? {
    let process = Process()
    process.executableURL = executable
    process.arguments = [
      "--xmlin", "--mathml", "--disallow-plane-1", "--mathml-encoding", "raw", "--other-encoding", "raw",
      "--mathml-nsprefix-none",
    ]
    // A file can't fill up as a pipe does while the tool waits to be read.
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-\(UUID().uuidString).xml")
    let output = Pipe()
    do {
      try Data(input.utf8).write(to: file)
      defer { try? FileManager.default.removeItem(at: file) }
      process.standardInput = try FileHandle(forReadingFrom: file)
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try ProcessTree.startedHere.withLock { own in
        try process.run()
        own.processes.insert(process.processIdentifier)
      }
    } catch {
      return nil
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    ProcessTree.startedHere.withLock { _ = $0.processes.remove(process.processIdentifier) }
    return data
  }

  private static func document(of formulas: [Formulas.Source]) -> String {
    let elements = formulas.map { formula in
      HTML.element("f", pairs: [("b:\(formula.display ? "block" : "inline")", prepared(formula.tex))], .empty).source
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<doc xmlns:b=\"http://gva.noekeon.org/blahtexml\">"
      + elements.joined(separator: "\n") + "</doc>\n"
  }

  /// What blahtexml does not know, in commands that it does.
  private static let commands = [
    "\\tfrac": "\\frac", "\\dfrac": "\\frac", "\\stackrel": "\\overset", "\\bm": "\\boldsymbol",
  ]
  private static let symbols: [Character: String] = [
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda",
    "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "×": "times", "·": "cdot", "±": "pm", "≤": "le",
    "≥": "ge", "≠": "ne", "≈": "approx", "→": "to", "∈": "in", "∑": "sum", "∏": "prod", "∞": "infty", "−": "-",
  ]

  /// The formula as blahtexml takes it: Chinese is text, a Greek letter its command, each line end a space.
  package static func prepared(_ tex: String) -> String {
    var result = ""
    var isInText = false
    for character in tex {
      let isText = !character.isASCII && symbols[character] == nil
      if isText != isInText { result += isText ? "\\text{" : "}" }
      isInText = isText
      if isText {
        result.append(character)
      } else if let name = symbols[character] {
        result += name == "-" ? "-" : "\\\(name) "
      } else {
        result.append(character.isNewline || character == "\t" ? " " : character)
      }
    }
    if isInText { result += "}" }
    return result.replacing(/\\[A-Za-z]+/) { commands[String($0.output)] ?? String($0.output) }
  }
}
