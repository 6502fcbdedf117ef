/** The report's style sheet. Colours are those of the application: one per meaning. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --text: #1b1f26; --dim: #565d6b; --line: #d5d8df; --grid: #e7e9ee;
  --sunken: #f5f6f8; --good: #00694b; --bad: #b3300b; --bad-fill: #fce8e1; --accent: #3850ad;
  --measured: #1b1f26; --hatch: #6b7280;
  --fp32: #3f2a94; --fp16: #7556d6; --int8: #a286ee;
  --way-1: #10736f; --way-2: #a01f58; --way-3: #6d6412; --way-4: #a44c0c; --way-5: #1c69ab;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1115; --text: #dfe2e9; --dim: #9ba2af; --line: #3a414e; --grid: #262b34;
    --sunken: #171a20; --good: #3ecf9b; --bad: #ff8a5c; --bad-fill: #331a10; --accent: #8ea1df;
    --measured: #f2f4f8; --hatch: #9aa1ad;
    --fp32: #d3c8ff; --fp16: #a38af2; --int8: #7459c8;
    --way-1: #4fc4ba; --way-2: #ee86b7; --way-3: #cfc45a; --way-4: #f0a065; --way-5: #77b3ea;
  }
}
@media print {
  :root {
    color-scheme: light;
    --ground: #ffffff; --text: #1b1f26; --dim: #565d6b; --line: #d5d8df; --grid: #e7e9ee;
    --sunken: #f5f6f8; --good: #00694b; --bad: #b3300b; --bad-fill: #fce8e1; --accent: #3850ad;
    --measured: #1b1f26; --hatch: #6b7280;
    --fp32: #3f2a94; --fp16: #7556d6; --int8: #a286ee;
    --way-1: #10736f; --way-2: #a01f58; --way-3: #6d6412; --way-4: #a44c0c; --way-5: #1c69ab;
  }
}
* { box-sizing: border-box; }
body {
  max-width: 920px; margin: 0 auto; padding: 36px 28px 48px;
  font: 14px/1.5 Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC",
    "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  font-variant-numeric: tabular-nums; color: var(--text); background: var(--ground);
}
h1 { margin: 0 0 14px; font-size: 14px; font-weight: 500; color: var(--dim); overflow-wrap: anywhere; }
h2 { margin: 36px 0 10px; font-size: 16px; font-weight: 600; break-after: avoid; }
p { margin: 6px 0; max-width: 76ch; overflow-wrap: anywhere; }
.headline { margin: 0 0 6px; font-size: 24px; font-weight: 650; line-height: 1.25; letter-spacing: -0.012em; }
.verdicts { margin: 0; padding: 0; list-style: none; color: var(--dim); }
.warning {
  margin: 12px 0; padding: 9px 14px; font-weight: 600; color: var(--bad);
  background: var(--bad-fill); border-left: 3px solid var(--bad); border-radius: 4px;
}
.facts {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 8px 24px;
  margin: 22px 0 0; padding: 16px 18px; background: var(--sunken); border-radius: 8px;
}
dt { font-size: 12px; color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; unicode-bidi: isolate; }
.scroller { overflow-x: auto; }
.scroller + .scroller { margin-top: 18px; }
table { width: 100%; border-collapse: collapse; font-size: 13px; line-height: 1.35; }
th, td { padding: 6px 12px 6px 0; text-align: left; vertical-align: bottom; unicode-bidi: isolate; }
thead th { font-size: 12px; font-weight: 500; color: var(--dim); border-bottom: 1px solid var(--text); }
tbody th { font-weight: 600; min-width: 9em; }
tbody th, tbody td { border-bottom: 1px solid var(--line); }
tr { break-inside: avoid; }
th.figure, td.figure { text-align: right; padding: 6px 0 6px 14px; }
td.figure { white-space: nowrap; }
figure { margin: 26px 0 0; break-inside: avoid; }
figcaption { margin-bottom: 8px; font-weight: 600; }
[data-check="wrong"] { color: var(--bad); font-weight: 600; white-space: normal; }
td[data-check="right"]::after, figure[data-check="right"] figcaption::after, code[data-check="right"]::after {
  content: "\\2713"; margin-left: 4px; font-size: 10px; font-weight: 400; color: var(--good);
}
td[data-check="wrong"], li[data-check="wrong"], .headline[data-check="wrong"] { background: var(--bad-fill); }
figure[data-check="wrong"] { outline: 2px solid var(--bad); outline-offset: 6px; }
figure[data-check="wrong"] figcaption::after { content: " \\2717"; }
#check-result { font-weight: 600; }
#check-result[data-result="passed"] { color: var(--good); }
#check-result[data-result="passed"]::before { content: "\\2713\\00a0"; }
#check-result[data-result="failed"] { color: var(--bad); }
#check-result[data-result="failed"]::before { content: "\\2717\\00a0"; }
#mismatches { margin: 0; padding-left: 20px; color: var(--bad); }
code { font: 12px ui-monospace, "SF Mono", "Cascadia Code", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
button {
  margin-top: 6px; padding: 5px 12px; font: inherit; color: var(--text); background: var(--sunken);
  border: 1px solid var(--line); border-radius: 5px; cursor: pointer;
}
footer { margin-top: 36px; padding-top: 10px; font-size: 12px; color: var(--dim); border-top: 1px solid var(--line); }
.defs { position: absolute; }
.chart { display: block; width: 100%; height: auto; font-size: 12px; fill: var(--text); }
.chart .axis, .chart .legend, .chart .step-name { fill: var(--dim); font-size: 11px; }
.chart .grid { stroke: var(--grid); stroke-width: 1; }
.term-weightsBytes { fill: #0072b2; }
.term-gradientsBytes { fill: #e69f00; }
.term-optimizerStatesBytes { fill: #009e73; }
.term-activationsBytes { fill: #cc79a7; }
.term-temporaryBytes { fill: #56b4e9; }
.term-kvCacheBytes { fill: #f0e442; }
.term-runtimeOverheadBytes { fill: #7f7f7f; }
.term-processBefore { fill: var(--line); }
.term-unexplained { fill: url(#hatch); stroke: var(--hatch); stroke-width: 0.5; }
.hatch-ground { fill: var(--ground); }
.hatch-line { fill: var(--hatch); }
.key-measured { fill: var(--measured); }
.gap { fill: url(#hatch); opacity: 0.35; }
path.measured { fill: none; stroke: var(--measured); stroke-width: 1.5; stroke-linejoin: round; }
line.measured { stroke: var(--measured); stroke-width: 2; }
.precision-fp32 { --precision: var(--fp32); }
.precision-fp16, .precision-bf16 { --precision: var(--fp16); }
.precision-int8 { --precision: var(--int8); }
.variant-1 { --precision: var(--way-1); }
.variant-2 { --precision: var(--way-2); }
.variant-3 { --precision: var(--way-3); }
.variant-4 { --precision: var(--way-4); }
.variant-5 { --precision: var(--way-5); }
.sample { stroke: var(--precision); stroke-width: 1; opacity: 0.16; }
.interval { fill: var(--precision); }
.training-loss { fill: none; stroke: var(--precision); stroke-width: 1; opacity: 0.35; }
.validation-loss { fill: none; stroke: var(--precision); stroke-width: 1.75; }
.precision-fp16 .validation-loss, .precision-bf16 .validation-loss { stroke-dasharray: 6 3; }
.precision-int8 .validation-loss { stroke-dasharray: 1.5 3; }
.median { stroke: var(--text); stroke-width: 2; }
.bubble { fill: var(--precision); fill-opacity: 0.35; stroke: var(--precision); stroke-width: 2; }
.precision-fp16 .bubble, .precision-bf16 .bubble { stroke-dasharray: 5 3; }
.precision-int8 .bubble { stroke-dasharray: 1.5 3; }
@page { size: A4; margin: 14mm 14mm 16mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  h2 { margin-top: 20pt; }
  table { font-size: 8pt; }
  thead th { font-size: 7.5pt; }
  th, td { padding-right: 6pt; }
  th.figure, td.figure { padding-left: 4pt; padding-right: 0; }
  .facts { grid-template-columns: repeat(3, 1fr); padding: 9pt 11pt; print-color-adjust: exact; }
  .scroller { overflow: visible; }
  .chart, .warning { print-color-adjust: exact; }
  button { display: none; }
}
`
