import Core

/// The cell's own seed, made from the notebook's `seed:` and the cell's name, so that no cell's randomness depends on
/// another's having run. Outside a notebook it is 0.
///
/// ```swift
/// var random = SeededGenerator(seed: cellSeed)
/// ```
/// Training and splits that are given no seed use it.
public var cellSeed: UInt64 {
  TrainingContext.current.seed
}

/// The language of the notebook's report, `en` outside a notebook.
public var notebookLanguage: String {
  CellRuntime.shared.language
}

/// How many threads the cell may keep busy: the machine's cores shared among the cells that run side by side.
public var cellThreads: Int {
  CellRuntime.shared.job?.threads ?? 1
}
