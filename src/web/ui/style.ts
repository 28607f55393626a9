/** The look of every page; light and dark follow the reader's system. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f6f5f2; --sheet: #ffffff; --ink: #1f2328; --faint: #5c6470; --line: #e2e0da;
  --page: #c42b1c; --page-sheet: #fdecea; --ticket: #8f5a00; --ticket-sheet: #fdf3dd;
  --ok: #1a7f43; --ok-sheet: #e6f4ea; --gap: #5b5bb0; --gap-sheet: #ecebfa; --accent: #d9480f; --link: #0b57b7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14161a; --sheet: #1d2025; --ink: #e8e6e1; --faint: #a0a7b1; --line: #32363d;
    --page: #ff8a7a; --page-sheet: #47201c; --ticket: #f3bd5f; --ticket-sheet: #3d2f14;
    --ok: #6fd197; --ok-sheet: #183526; --gap: #b3b1f5; --gap-sheet: #2a2a4a; --accent: #ff7a3d; --link: #86b7ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, "Segoe UI", Roboto, sans-serif; }
h2 { font-size: .8rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; color: var(--faint); margin: 1.6rem 0 .6rem; }
h3 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
p { margin: 0; }
ul { list-style: none; margin: 0; padding: 0; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: .5rem; background: var(--sheet); padding: .4rem .8rem; }
.top, main { max-width: 90rem; margin: 0 auto; padding: 0 1.25rem; }
.top { display: flex; justify-content: space-between; align-items: center; padding-top: 1rem; }
.top nav a { margin-left: .8rem; font-size: .9rem; }
.brand { display: flex; align-items: center; gap: .5rem; font-weight: 700; font-size: 1.15rem; letter-spacing: -.01em; }
.brand svg { width: 1.5rem; fill: none; stroke: var(--accent); stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
#offline { max-width: 87.5rem; margin: 1rem auto 0; padding: .6rem 1rem; border-radius: .5rem; background: var(--page-sheet); color: var(--page); font-weight: 600; }
.summary { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin-top: 1rem; }
.summary .about { margin-left: auto; text-align: right; }
.tile { display: flex; align-items: baseline; gap: .45rem; padding: .5rem 1rem; border-radius: .6rem; background: var(--sheet); border: 1px solid var(--line); }
.tile b { font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile.page { background: var(--page-sheet); color: var(--page); border-color: currentcolor; }
.tile.ticket { background: var(--ticket-sheet); color: var(--ticket); border-color: currentcolor; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 19rem; gap: 0 1.5rem; padding-bottom: 3rem; }
.about { color: var(--faint); font-size: .875rem; overflow-wrap: anywhere; }
.none, .missing { color: var(--faint); }
.problem { color: var(--page); overflow-wrap: anywhere; }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-size: .82rem; font-weight: 600; white-space: nowrap; }
.badge.page { background: var(--page-sheet); color: var(--page); }
.badge.ticket { background: var(--ticket-sheet); color: var(--ticket); }
.badge.ok { background: var(--ok-sheet); color: var(--ok); }
.badge.no-traffic { background: var(--ground); color: var(--faint); }
.badge.partial, .badge.stale, .badge.no-data { background: var(--gap-sheet); color: var(--gap); }
.card { background: var(--sheet); border: 1px solid var(--line); border-left: .3rem solid var(--ticket); border-radius: .5rem; padding: .7rem 1rem; margin-bottom: .6rem; overflow-wrap: anywhere; }
.card.page { border-left-color: var(--page); }
.card p + p { margin-top: .25rem; }
.slo { background: var(--sheet); border: 1px solid var(--line); border-radius: .6rem; margin-bottom: .9rem; overflow: hidden; scroll-margin-top: 1rem; }
.slo:target { border-color: var(--accent); }
.slo header { display: flex; justify-content: space-between; align-items: flex-start; gap: 1rem; padding: .8rem 1rem .6rem; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; padding: .45rem .55rem; border-top: 1px solid var(--line); white-space: nowrap; font-weight: 400; }
th:first-child, td:first-child { padding-left: 1rem; }
th:last-child, td:last-child { padding-right: 1rem; }
thead th { color: var(--faint); font-size: .78rem; white-space: normal; vertical-align: bottom; line-height: 1.25; }
thead th:first-child { min-width: 8rem; }
thead th:nth-child(2) { min-width: 7.2rem; }
tr.global > * { font-weight: 600; }
tr.region th { padding-left: 1.6rem; }
.figure { text-align: right; font-variant-numeric: tabular-nums; }
.over-page { color: var(--page); font-weight: 700; }
.over-ticket { color: var(--ticket); font-weight: 700; }
.budget { display: inline-flex; align-items: center; gap: .6rem; }
.bar { width: 4.5rem; height: .5rem; border-radius: .25rem; }
.bar .track { fill: var(--line); }
.bar .fill { fill: var(--ok); }
.bar.low .fill { fill: var(--ticket); }
.bar.spent .track { fill: var(--page); }
.percent { min-width: 4.2rem; text-align: right; font-variant-numeric: tabular-nums; }
.lines li { display: flex; flex-direction: column; padding: .45rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.lines li:first-child { border-top: 0; padding-top: 0; }
.message { background: var(--sheet); border: 1px solid var(--line); border-radius: .9rem .9rem .9rem .2rem; padding: .6rem .9rem; margin-bottom: .6rem; font-size: .9rem; overflow-wrap: anywhere; }
.message .text { white-space: pre-line; font-size: .85rem; }
.inbox .scroll { max-height: 40rem; overflow-y: auto; }
.message .about { display: flex; justify-content: space-between; }
.message .about span { font-weight: 600; }
.message.page .about span { color: var(--page); }
.message.ticket .about span { color: var(--ticket); }
.message.resolved .about span { color: var(--ok); }
@media (max-width: 64rem) { .columns { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 44rem) {
  .top, main { padding-left: .8rem; padding-right: .8rem; }
  .summary .about { margin-left: 0; text-align: left; flex-basis: 100%; }
  .tile { flex: 1; justify-content: center; padding: .4rem .5rem; }
  thead { position: absolute; left: -999rem; }
  tbody tr { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.2rem; padding: .7rem 1rem; border-top: 1px solid var(--line); }
  tbody th, tbody td, tr.region th { border: 0; padding: .15rem 0; }
  tbody th:first-child { padding-left: 0; font-weight: 600; }
  tbody td { display: flex; justify-content: space-between; gap: .5rem; }
  tbody td::before { content: attr(data-label); color: var(--faint); font-weight: 400; }
  tbody td[data-label="State"]::before { content: none; }
  tbody td[data-label="State"] { justify-content: flex-end; }
  tbody td[data-label^="Good"], tbody td[data-label^="Budget"] { grid-column: 1 / -1; }
}
`
