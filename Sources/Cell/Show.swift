@_exported import Core
@_exported import Measure
@_exported import Networks
@_exported import ONNX
@_exported import Plot

/// Shows a chart at the cell's place in the report. Its caption is the cell's `fig-cap`.
///
/// ```swift
/// show(Chart.lossCurves([run]))
/// ```
public func show(_ chart: Chart) {
  CellRuntime.shared.show(.chart(chart))
}

/// Shows a table at the cell's place in the report. Its caption is the cell's `tbl-cap`.
public func show(_ table: Table) {
  CellRuntime.shared.show(.table(table))
}

/// Shows Markdown text: lists, emphasis, links. Raw HTML in it is shown as text.
public func show(markdown text: String) {
  CellRuntime.shared.show(.markdown(text))
}

/// Shows any other value as text, as `print` writes it.
@_disfavoredOverload
public func show(_ value: some Any) {
  CellRuntime.shared.show(.text(String(describing: value)))
}
