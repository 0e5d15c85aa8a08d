/** The style of a page: light or dark as the reader's system is, and on paper. */
export const STYLE = `
:root { --back: #fff; --text: #1c1e21; --soft: #62676e; --rule: #d9dce0; --good: #1a7f37; --bad: #c4242b; --unsure: #8a5a00;
  --s0: #c4242b; --s1: #d08700; --s2: #8250df; --s3: #0969da; --s4: #1a7f37; --s5: #bf3989; --s6: #57606a; --s7: #0a7f8c; --s8: #9a5b13; --s9: #3d3fb8; }
@media (prefers-color-scheme: dark) { :root { --back: #14171a; --text: #e3e6e9; --soft: #99a1a9; --rule: #343a40; --good: #4ac26b;
  --bad: #ff7b72; --unsure: #e0a93e; --s0: #ff7b72; --s1: #e3b341; --s2: #bc8cff; --s3: #58a6ff; --s4: #4ac26b; --s5: #ff80c0;
  --s6: #99a1a9; --s7: #39c5cf; --s8: #d8a35d; --s9: #8d90ff; } }
body { margin: 2rem auto; max-width: 52rem; padding: 0 1rem; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid var(--rule); }
a { color: inherit; } code, pre { font: 12.5px/1.4 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { overflow-x: auto; padding: 1rem; border: 1px solid var(--rule); border-radius: 6px; }
.file { margin: 0 0 1rem; color: var(--soft); } .badge { font-size: 0.8em; font-weight: 600; white-space: nowrap; }
.passed, .good { color: var(--good); } .failed, .bad { color: var(--bad); } .undecided, .unsure { color: var(--unsure); }
figure { margin: 1rem 0; } figcaption { color: var(--soft); font-size: 0.85rem; } svg { display: block; max-width: 100%; height: auto; }
svg text { fill: var(--text); font: 13px system-ui, sans-serif; } svg .tick { fill: var(--soft); font-size: 11px; }
svg line, svg polyline { stroke: var(--text); fill: none; } svg .grid { stroke: var(--rule); } svg .start { stroke: var(--rule); stroke-dasharray: 2 3; }
svg .control { stroke: var(--s0); fill: var(--s0); stroke-width: 2.5; } svg .fix { stroke: var(--s3); fill: var(--s3); stroke-width: 2.5; }
svg polyline.control, svg polyline.fix { fill: none; stroke-width: 2; } svg .part { stroke-width: 1.2; } svg polyline.strips { stroke: var(--soft); } svg .whisker { stroke: var(--soft); }
svg .trip { fill: var(--soft); } svg .s0 { fill: var(--s0); stroke: var(--s0); } svg .s1 { fill: var(--s1); stroke: var(--s1); }
svg .s2 { fill: var(--s2); stroke: var(--s2); } svg .s3 { fill: var(--s3); stroke: var(--s3); } svg .s4 { fill: var(--s4); stroke: var(--s4); }
svg .s5 { fill: var(--s5); stroke: var(--s5); } svg .s6 { fill: var(--s6); stroke: var(--s6); } svg .s7 { fill: var(--s7); stroke: var(--s7); }
svg .s8 { fill: var(--s8); stroke: var(--s8); } svg .s9 { fill: var(--s9); stroke: var(--s9); }
svg .out { fill: none; } @media print { body { max-width: none; margin: 0; } pre { white-space: pre-wrap; } }
`;
