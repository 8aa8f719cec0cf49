/// What a cell's attributes and its leading `//| key: value` lines say, with Quarto's names and defaults.
struct CellOptions: Codable, Hashable, Sendable {
  /// `fig-cap`: captions of the cell's charts, in order; a single one serves the first chart.
  var figureCaptions: [String] = []
  /// `fig-alt`: alternative texts in place of the description made from the data.
  var figureAlternatives: [String] = []
  /// `tbl-cap`: captions of the cell's tables, in order.
  var tableCaptions: [String] = []
  /// `echo`: show the source.
  var echo = true
  /// `output`: show what the cell printed and showed.
  var output = true
  /// `error`: an error is expected and does not fail the run.
  var error = false
  /// `include`: show anything of the cell at all.
  var include = true
  /// `eval`: run the cell.
  var evaluate = true
  /// `depends`: files that the cell reads by other ways than Labbook's loaders.
  var depends: [String] = []
  /// `timeout`, in seconds.
  var timeout: Double?
}
