import Core

/// The cell's own seed, made from the notebook's `seed:` and the cell's name, so that no cell's random numbers depend
/// on whether another cell has run. Outside a notebook it is 0.
///
/// ```swift
/// var random = SeededGenerator(seed: cellSeed)
/// ```
/// Training and splits without a seed of their own use it.
public var cellSeed: UInt64 {
  TrainingContext.current.seed
}

/// The language of the notebook's report, or `en` outside a notebook.
public var notebookLanguage: String {
  CellRuntime.shared.language
}

/// The number of threads that the cell may keep busy: the machine's cores, shared among the cells that run side by
/// side.
public var cellThreads: Int {
  CellRuntime.shared.job?.threads ?? 1
}
