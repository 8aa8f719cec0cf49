/// The styles of a preview's page, in addition to the report's own.
enum PreviewStyle {
  static let text = """
    html { scroll-padding-top: 4.5rem; overflow-anchor: none; }
    body > #preview { position: fixed; inset: 0 0 auto; z-index: 5; max-width: none; margin: 0; \
    font-size: .8125rem; line-height: 1.5;
      background: color-mix(in srgb, var(--paper) 82%, transparent); border-bottom: 1px solid var(--line);
      -webkit-backdrop-filter: blur(12px) saturate(1.4); backdrop-filter: blur(12px) saturate(1.4); }
    #preview .line { display: flex; align-items: center; gap: .6rem; margin: 0; padding: .45rem 1.25rem; }
    #preview .state { font-weight: 600; font-variant-numeric: tabular-nums; overflow: hidden; \
    text-overflow: ellipsis; white-space: nowrap; }
    #preview .state a { color: inherit; text-decoration: none; }
    #preview .file { margin-left: auto; color: var(--muted); white-space: nowrap; }
    #preview .dot { width: .55rem; height: .55rem; border-radius: 50%; flex: none; background: var(--muted); }
    #preview.idle .dot { background: var(--best); }
    #preview.problem .dot { background: var(--bad); }
    #preview.problem .state { color: var(--bad); }
    #preview:is(.running, .checking) .dot { background: var(--accent); }
    #preview.ended { background: var(--soft); }
    #preview.ended :is(.state, .file) { color: var(--muted); }
    #preview > .bar { position: absolute; inset: auto 0 -1px; height: 2px; border-radius: 0; background: none; }
    #preview .problems { list-style: none; max-height: 40vh; overflow-y: auto; margin: 0; \
    padding: .15rem 1.25rem .55rem 2.4rem; }
    #preview .problems li { margin: .15rem 0; }
    #preview .problems .label { font-weight: 650; color: var(--warn); margin-right: .25em; }
    #preview .problems .error .label { color: var(--bad); }
    #preview .problems .more { color: var(--muted); }

    .bar { height: 3px; border-radius: 2px; overflow: hidden; background: var(--line); }
    .bar > div { height: 100%; border-radius: inherit; background: var(--accent); }
    .bar.unknown > div { width: 22%; }
    .live { margin: .5rem 0 1.2rem; padding: .8rem 1.1rem .9rem; border-radius: 8px; border: 1px solid var(--line); }
    .live .now { display: flex; flex-wrap: wrap; align-items: center; margin: 0 0 .6rem; font-size: .875rem; \
    line-height: 1.5;
      color: var(--muted); font-variant-numeric: tabular-nums; }
    .live .now span + span:not(.doing)::before { content: "·"; margin-inline: .5em; }
    .live .doing { font-weight: 600; color: var(--ink); }
    .spinner { width: .8em; height: .8em; margin-right: .6em; border-radius: 50%; border: 2px solid var(--line); \
    border-top-color: var(--accent); }
    .live .curve { margin: .9rem -.4rem -.3rem; }
    .live .curve svg { display: block; width: 100%; height: auto; }
    .cell:has(> .live) { margin-left: -1.1rem; padding-left: calc(1.1rem - 2px); border-left: 2px solid var(--accent); }
    .cell:has(> .live) > :not(details.code, .live) { opacity: .38; }
    .cell:has(> .live) :is(summary > .badge, .notice), .cell:has(> .live) > p:has(> .badge) { display: none; }
    @media (prefers-reduced-motion: no-preference) {
      .bar > div { transition: width .3s linear; }
      .spinner { animation: turn .9s linear infinite; }
      .bar.unknown > div { animation: pass 1.6s ease-in-out infinite alternate; }
      #preview:is(.running, .checking) .dot { animation: breathe 1.4s ease-in-out infinite alternate; }
    }
    @keyframes turn { to { transform: rotate(1turn); } }
    @keyframes pass { from { transform: translateX(-20%); } to { transform: translateX(375%); } }
    @keyframes breathe { from { opacity: 1; } to { opacity: .35; } }
    @media print { #preview, .live { display: none; } }
    """
}
