import Plot

/// The page's style sheet: one column of text of a readable width, with light and dark colours by the reader's
/// setting.
package enum StyleSheet {
  package static let page = """
    :root {
      color-scheme: light dark;
      \(light)
    }
    @media (prefers-color-scheme: dark) {
      :root {
        \(Ink.customProperties(\.dark))
        \(Theme.dark.customProperties)
      }
    }
    \(text)
    \(parts)
    \(media)
    """

  private static let light = """
    \(Ink.customProperties(\.light))
    \(Theme.light.customProperties)
    """

  /// The styles of the page's frame and of Markdown elements.
  private static let text = """
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1.5rem; }
    body {
      margin: 0; padding: 0 1.25rem 4rem; background: var(--paper); color: var(--ink);
      font: 1.0625rem/1.65 "Noto Sans", "Source Sans 3", system-ui, -apple-system, "Segoe UI", Roboto, \
    "Helvetica Neue", Arial,
        "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", sans-serif;
      overflow-wrap: break-word; text-rendering: optimizeLegibility; -webkit-font-smoothing: antialiased;
      font-kerning: normal; text-autospace: normal; text-spacing-trim: normal;
    }
    :lang(zh) body, body:lang(zh) { line-height: 1.8; line-break: strict; }
    em.dotted { font-style: normal; text-emphasis: filled dot; text-emphasis-position: under right; }
    body > * { max-width: 43.5rem; margin-inline: auto; }
    .skip { position: absolute; left: -99rem; }
    .skip:focus { left: 1rem; top: 1rem; padding: .4rem .8rem; background: var(--paper); border: 1px solid; \
    z-index: 1; }
    a { color: var(--accent); text-decoration: underline; text-decoration-thickness: 1px;
      text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); text-underline-offset: .2em; }
    a:hover { text-decoration-color: currentColor; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }

    header.title { padding: 4.5rem 0 0; }
    h1 { margin: 0; font-size: 2.35rem; line-height: 1.25; font-weight: 700; letter-spacing: -.018em; \
    text-wrap: balance; }
    :lang(zh) h1 { letter-spacing: 0; line-height: 1.35; }
    :lang(zh) :is(h1, h2, h3) { word-break: keep-all; overflow-wrap: anywhere; }
    .facts { margin: .9rem 0 0; color: var(--muted); font-size: .9375rem; }
    .facts > * + *::before { content: "·"; margin-inline: .55em; }
    .headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.4rem, 1fr)); gap: 1rem 1.2rem;
      max-width: 44rem; margin: 1.3rem 0 0; }
    .headline dt { color: var(--muted); font-size: .875rem; }
    .headline dd { margin: 0; font-variant-numeric: tabular-nums; }
    .headline strong { display: block; font-size: 1.5rem; line-height: 1.35; }
    .headline dt { line-height: 1.5; }
    .headline span { display: block; color: var(--muted); font-size: .8125rem; line-height: 1.5; text-wrap: balance; }
    .headline .better { color: var(--best); }
    .headline .worse { color: var(--bad); }
    .states { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; margin: 1.1rem 0 0; padding: 0; }
    .states :is(a, span) { display: block; padding: .15rem .7rem; border-radius: 1rem; font-size: .875rem; \
    font-weight: 600;
      text-decoration: none; color: var(--warn); background: var(--warn-soft); border: 1px solid currentColor; }
    .states .failed :is(a, span) { color: var(--bad); background: var(--bad-soft); }

    nav.contents { margin-top: 2.25rem; padding: 1rem 0; border-block: 1px solid var(--line); font-size: .9375rem; \
    line-height: 1.5; }
    nav.contents h2 { margin: 0 0 .4rem; font-size: .8125rem; font-weight: 600; color: var(--muted); \
    letter-spacing: .02em; }
    nav.contents ol { list-style: none; margin: 0; padding: 0; }
    nav.contents > ol { columns: 17rem auto; column-gap: 2.5rem; }
    nav.contents > ol > li { break-inside: avoid; }
    nav.contents ol ol { padding-left: 1.1em; }
    nav.contents li { margin: 0 0 .3rem; }
    nav.contents ol ol { margin-top: .3rem; }
    nav.contents a { color: var(--ink); text-decoration: none; }
    nav.contents ol ol a { color: var(--muted); }
    nav.contents a:hover { color: var(--accent); }

    main { padding-top: 1.25rem; }
    h2, h3, h4, h5, h6 { line-height: 1.35; font-weight: 650; margin: 2.4em 0 .7em; text-wrap: balance; }
    h2 { font-size: 1.5rem; letter-spacing: -.01em; margin-top: 2.6em; }
    h3 { font-size: 1.2rem; }
    h4, h5, h6 { font-size: 1.0625rem; }
    :lang(zh) :is(h2, h3, h4, h5, h6) { letter-spacing: 0; }
    :is(h2, h3, h4, h5, h6) + :is(h3, h4, h5, h6) { margin-top: 1.2em; }
    p, ul, ol, dl, blockquote, pre, figure, .scroll { margin: 1.05em 0; }
    p { text-wrap: pretty; }
    ul, ol { padding-left: 1.5em; }
    li { margin: .3em 0; }
    li > :is(ul, ol) { margin: .3em 0; }
    li::marker { color: var(--muted); font-variant-numeric: tabular-nums; }
    li.task { list-style: none; }
    li.task > input { margin: 0 .45em 0 -1.4em; accent-color: var(--accent); vertical-align: -.06em; }
    blockquote { padding-left: 1.1em; border-left: 3px solid var(--line); color: var(--muted); }
    hr { border: 0; border-top: 1px solid var(--line); margin: 3em auto; width: 100%; }
    img { max-width: 100%; height: auto; border-radius: 4px; }
    p.picture { text-align: center; }
    code, pre, samp, kbd { font-family: ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", \
    "DejaVu Sans Mono", Menlo, Consolas,
      "Noto Sans Mono CJK SC", monospace; font-size: .855em; font-variant-ligatures: none; \
    text-autospace: no-autospace; }
    :not(pre) > code { padding: .12em .35em; border-radius: 4px; background: var(--soft); overflow-wrap: anywhere; }
    pre { padding: .85rem 1rem; border-radius: 6px; background: var(--soft); overflow-x: auto; line-height: 1.55;
      font-size: .8125rem; tab-size: 2; }
    pre > :is(code, samp) { font-size: inherit; }
    kbd { padding: .1em .4em; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; }
    mark { background: var(--mark); color: inherit; border-radius: 2px; }
    sub, sup { line-height: 0; }
    .math { font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "DejaVu Serif", serif; \
    font-style: italic; }
    .math.display { display: block; margin: 1.2em 0; text-align: center; white-space: pre-wrap; }
    .note a { text-decoration: none; padding: 0 .15em; }
    .footnotes { margin-top: 4em; padding-top: 1em; border-top: 1px solid var(--line); font-size: .9rem; \
    color: var(--muted); }
    .footnotes p { display: inline; }
    .back { margin-left: .3em; }
    """

  /// The styles of cells, figures, tables and the footer.
  private static let parts = """
    .cell { margin: 1.4em 0; }
    summary { cursor: pointer; color: var(--muted); font-size: .8125rem; line-height: 1.6; width: fit-content;
      list-style: none; display: flex; align-items: baseline; gap: .25em; }
    summary::-webkit-details-marker { display: none; }
    summary::before { content: ""; width: .38em; height: .38em; margin-right: .35em; border: solid currentColor;
      border-width: 0 1.5px 1.5px 0; transform: translateY(-.12em) rotate(-45deg); flex: none; }
    [open] > summary::before { transform: translateY(-.22em) rotate(45deg); }
    summary:hover { color: var(--ink); }
    summary code { background: none; padding: 0 .35em; font-size: .95em; color: var(--ink); }
    summary .facts { margin: 0; font-size: inherit; font-variant-numeric: tabular-nums; }
    details.code > pre { margin: .4rem 0 1rem; }
    .k { color: var(--code-keyword); } .s { color: var(--code-string); } .n { color: var(--code-number); }
    .t { color: var(--code-type); } .a { color: var(--code-attribute); } .c { color: var(--code-comment); }
    .listing mark { display: inline-block; min-width: 100%; }
    .badge { padding: .05em .6em; border-radius: 1em; font-size: .75rem; font-weight: 600; color: var(--warn);
      background: var(--warn-soft); border: 1px solid currentColor; }

    .printed { margin: .8em 0; }
    .printed pre { margin: 0; padding: .2rem 0 .2rem 1rem; background: none; border-left: 2px solid var(--line); \
    border-radius: 0; tab-size: 8; }
    .printed.error pre { border-left-color: var(--warn); }
    .printed summary { margin: .3rem 0 .3rem 1rem; }
    .gap { margin: .2em 0 .2em 1rem; font-size: .8125rem; color: var(--muted); font-style: italic; }
    :lang(zh) .gap { font-style: normal; }
    .label { margin: 0; font-size: .8125rem; font-weight: 600; color: var(--muted); }
    .printed .label { margin: 0 0 .15rem 1rem; }
    .failure, .notice { margin: 1em 0; padding: .85rem 1.1rem; border-radius: 6px; \
    border-left: 4px solid var(--bad); background: var(--bad-soft); }
    .failure .label { color: var(--bad); }
    .failure p, .notice p { margin: .1rem 0; }
    .failure .message { font-weight: 600; white-space: pre-wrap; }
    .failure .place { font-size: .9375rem; }
    .failure code, .notice code { background: none; padding: 0; }
    .failure details { margin-top: .4rem; }
    .failure pre { margin: .3rem 0 0; padding: .2rem 0; background: none; }
    .failure.expected { border-left-color: var(--line); background: var(--soft); }
    .failure.expected .label { color: var(--muted); }
    .notice { border-left-color: var(--warn); background: var(--warn-soft); font-size: .9375rem; }
    .notice .label { color: var(--warn); }
    .missing { color: var(--warn); background: var(--warn-soft); border-radius: 3px; padding: 0 .25em; \
    font-size: .9375em; }
    .missing code { background: none; padding: 0; }
    .cell.stale { margin-left: -1.1rem; padding-left: calc(1.1rem - 2px); border-left: 2px dashed var(--warn); }

    figure { margin: 1.8em 0; }
    figcaption { margin-top: .7rem; font-size: .9rem; line-height: 1.55; color: var(--muted); text-wrap: pretty; }
    figcaption .number { font-weight: 650; color: var(--ink); margin-right: .3em; }
    .picture-link { font-size: .75rem; margin-left: .5em; color: var(--muted); }
    .reference { white-space: nowrap; }
    .scroll { overflow-x: auto; }
    figure > .scroll { margin: 0; }
    .chart :is(.wide, .narrow) { margin-inline: -.8rem; }
    .chart .scroll > .wide { margin-inline: 0; min-width: var(--width); }
    .chart .narrow { display: none; }
    .chart svg { display: block; width: 100%; height: auto; }
    figure.table figcaption { margin: 0 0 .5rem; }
    table { border-collapse: collapse; font-size: .9rem; line-height: 1.5; \
    font-variant-numeric: lining-nums tabular-nums;
      border-block: 1.5px solid var(--rule); min-width: 50%; }
    figure.table table { width: 100%; }
    th { font-weight: 600; text-align: left; }
    th, thead td { border-bottom: 1px solid var(--rule); }
    th, td { padding: .42em 1.1em .42em 0; vertical-align: top; }
    th { vertical-align: bottom; }
    :is(th, td):last-child { padding-right: 0; }
    tbody tr + tr > td { border-top: 1px solid var(--line); }
    :is(th, td).right { text-align: right; }
    td:is(.right, .short) { white-space: nowrap; }
    th { word-break: keep-all; }
    th.long { word-break: normal; min-width: 6.5em; text-wrap: balance; }
    td:not(.right, .short) { min-width: 8em; }
    :is(th, td).center { text-align: center; }
    td strong[title] { color: var(--best); font-weight: 700; }
    .pad { user-select: none; }
    .barred { display: flex; align-items: center; justify-content: flex-end; gap: .7em; }
    .barred .figure { text-align: right; }
    .bar { position: relative; flex: 0 1 5em; min-width: 2em; height: .6em; }
    .bar span { position: absolute; inset-block: 0; min-width: 1px; border-radius: 1px; background: var(--bar); }
    .bar .best { background: var(--best); }
    .shown > :first-child { margin-top: 0; }

    body > footer { margin-top: 5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .8125rem; \
    color: var(--muted); }
    footer dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; margin: .7rem 0 0; }
    footer dt { font-weight: 600; }
    footer dd { margin: 0; overflow-wrap: anywhere; }
    """

  /// Additional styles for the page that lists reports.
  package static let index = """
    .cards { list-style: none; margin: 2rem 0 0; padding: 0; }
    .cards > li { margin: 0; padding: 1.5rem 0; border-top: 1px solid var(--line); }
    .cards h2 { margin: 0; font-size: 1.25rem; }
    .cards h2 a { color: var(--ink); text-decoration: none; }
    .cards h2 a:hover { color: var(--accent); }
    .cards .facts, .cards .files { margin: .35rem 0 0; color: var(--muted); font-size: .9375rem; }
    .cards .facts > * + *::before { content: "·"; margin-inline: .55em; }
    .cards .files > * + * { margin-left: 1em; }
    .cards .files { margin-top: .8rem; font-size: .875rem; }
    .cards .states { margin-top: .7rem; }
    .cards .headline { margin-top: .9rem; }
    """

  /// The styles that differ on wide screens, phones and paper.
  private static let media = """
    @media (min-width: 78rem) {
      body { display: grid; grid-template-columns: 1fr 43.5rem 1fr; column-gap: 3rem; }
      body > * { grid-column: 2; width: 100%; }
      nav.contents { grid-column: 1; grid-row: 1 / span 4; justify-self: end; align-self: start; position: sticky; \
    top: 0;
        max-width: 15rem; max-height: 100vh; overflow-y: auto; margin: 0; padding: 5.1rem 0 2rem; border: 0; \
    font-size: .875rem; }
      nav.contents > ol { columns: auto; }
      nav.contents li { margin: 0 0 .45rem; }
    }
    @media (max-width: 34rem) {
      body { font-size: 1rem; }
      header.title { padding-top: 2.25rem; }
      h1 { font-size: 1.8rem; }
      h2 { font-size: 1.35rem; }
      .chart .narrow { display: block; }
      .chart .narrow + .wide { display: none; }
      .headline { grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); }
      footer dl { grid-template-columns: 1fr; gap: 0; }
      footer dd { margin-bottom: .5rem; }
    }
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
    @page { margin: 20mm 18mm; }
    @media print {
      body { display: block; padding: 0; font-size: 10.5pt; line-height: 1.55; }
      body > * { max-width: none; }
      header.title { padding-top: 0; }
      nav.contents { position: static; max-width: none; padding: .6rem 0; border-block: 1px solid var(--line); \
    margin-top: 1.5rem; }
      .skip, .picture-link, details.code, .back { display: none; }
      h2, h3, h4, h5, h6 { break-after: avoid; }
      figure, .failure, .notice, tr, blockquote { break-inside: avoid; }
      figure.table { break-inside: auto; }
      thead { display: table-header-group; }
      p { orphans: 3; widows: 3; }
      .scroll, pre { overflow: visible; white-space: pre-wrap; }
      .scroll { white-space: normal; }
      .chart .scroll > .wide { min-width: 0; }
      a { color: inherit; }
    }
    @media print and (prefers-color-scheme: dark) { :root { \(light) } }
    """
}
