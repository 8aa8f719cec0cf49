import Engine
import Foundation

/// Translates TeX into MathML by the tool blahtexml (G. Van Assche and D. Harvey).
package struct FormulaTranslator {
  private let executable: URL

  /// - Returns: nil when the tool is not on the search path.
  package init?(tool: String) {
    let folders =
      tool.contains("/")
      ? [""]
      : (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        // A relative folder in PATH is skipped, because it could be a folder of the notebook's.
        .filter { $0.hasPrefix("/") }
    let paths = folders.map { $0.isEmpty ? tool : "\($0)/\(tool)" }
    guard let path = paths.first(where: FileManager.default.isExecutableFile) else { return nil }
    executable = URL(fileURLWithPath: path)
  }

  /// The formulas' translations, in the order of the formulas.
  ///
  /// One process translates all formulas. If it crashes on one of them, each half of the formulas is tried
  /// separately.
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
    // The tool writes to a file: a pipe could fill up and block while nobody reads it.
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-\(UUID().uuidString).xml")
    let output = Pipe()
    do {
      try Data(input.utf8).write(to: file)
      defer { try? FileManager.default.removeItem(at: file) }
      process.standardInput = try FileHandle(forReadingFrom: file)
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try ProcessTree.start(process)
    } catch {
      return nil
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    ProcessTree.finish(process)
    return data
  }

  private static func document(of formulas: [Formulas.Source]) -> String {
    let elements = formulas.map { formula in
      HTML.element("f", pairs: [("b:\(formula.display ? "block" : "inline")", prepared(formula.tex))], .empty).source
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<doc xmlns:b=\"http://gva.noekeon.org/blahtexml\">"
      + elements.joined(separator: "\n") + "</doc>\n"
  }

  /// Replacements, which blahtexml knows, for commands that it does not know.
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

  /// The formula in the form that blahtexml reads: Chinese as text, a Greek letter as its command, a line end as a
  /// space.
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
