import { chartStyle } from './style-charts.ts'
import { listStyle } from './style-list.ts'

const frameStyle = `
:root {
  color-scheme: light dark;
  --ground: #f6f5f2; --sheet: #ffffff; --ink: #1f2328; --faint: #5c6470; --line: #dfdcd5; --soft: #efede8;
  --page: #b3261a; --page-sheet: #fdecea; --ticket: #8a5600; --ticket-sheet: #fdf3dd;
  --ok: #1a7a41; --ok-sheet: #e6f4ea; --gap: #5250a8; --gap-sheet: #ecebfa; --accent: #c9430b; --link: #0b57b7;
  --w0: #b3261a; --w1: #b36b00; --w2: #0b7285; --w3: #5250a8; --w4: #5c6470; --area: #b9c4d4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14161a; --sheet: #1d2025; --ink: #e8e6e1; --faint: #a0a7b1; --line: #343840; --soft: #262a30;
    --page: #ff8a7a; --page-sheet: #47201c; --ticket: #f3bd5f; --ticket-sheet: #3d2f14;
    --ok: #6fd197; --ok-sheet: #183526; --gap: #b3b1f5; --gap-sheet: #2a2a4a; --accent: #ff7a3d; --link: #86b7ff;
    --w0: #ff8a7a; --w1: #f3bd5f; --w2: #5fc9db; --w3: #b3b1f5; --w4: #a0a7b1; --area: #46536a;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: .2rem 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.6rem 0 .6rem; }
h3 { font-size: .9rem; margin: 0 0 .3rem; }
h2 .about { font-weight: 400; margin-left: .3rem; }
p { margin: 0; }
ul, ol, dl { list-style: none; margin: 0; padding: 0; }
dd { margin: 0; }
a { color: var(--link); text-underline-offset: .15em; }
code, kbd, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .85em; }
pre { background: var(--soft); padding: .8rem 1rem; border-radius: .4rem; overflow-x: auto; }
kbd { border: 1px solid var(--line); border-bottom-width: 2px; border-radius: .3rem; padding: 0 .35rem; background: var(--sheet); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
main:focus-visible { outline: none; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: .5rem; background: var(--sheet); padding: .4rem .8rem; z-index: 9; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.top, main { max-width: 104rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-bottom: 4rem; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1.4rem; padding-top: .8rem; padding-bottom: .6rem; }
.brand { display: flex; align-items: center; gap: .45rem; font-weight: 700; font-size: 1.15rem; letter-spacing: -.01em; color: inherit; text-decoration: none; }
.brand svg { width: 1.5rem; fill: none; stroke: var(--accent); stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
nav { display: flex; gap: .2rem; flex-wrap: wrap; }
nav a { padding: .3rem .65rem; border-radius: .45rem; color: var(--ink); text-decoration: none; white-space: nowrap; }
nav a:hover { background: var(--soft); }
nav a[aria-current] { background: var(--sheet); box-shadow: inset 0 0 0 1px var(--line); font-weight: 600; }
.count { display: inline-block; margin-left: .4rem; padding: 0 .4rem; border-radius: 1rem; background: var(--soft); font-size: .78rem; font-weight: 600; }
.count.loud { background: var(--page-sheet); color: var(--page); }
.engine { margin-left: auto; color: var(--faint); font-size: .85rem; }
.good { color: var(--ok); }
.problem, .bad b { color: var(--page); overflow-wrap: anywhere; }
#offline { max-width: 101rem; margin: 0 auto .6rem; padding: .6rem 1rem; border-radius: .5rem; background: var(--page-sheet); color: var(--page); font-weight: 600; }
.about { color: var(--faint); font-size: .875rem; font-weight: 400; overflow-wrap: anywhere; }
.none, .missing { color: var(--faint); }
p.none { padding: 1.2rem 0; }
.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: .6rem; }
div.sheet:not(.scroll) { padding: 1rem; }
div.sheet p + p, div.sheet pre + p { margin-top: .6rem; }
.scroll { overflow-x: auto; }
.badge { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-size: .8rem; font-weight: 600; white-space: nowrap; }
.badge.page { background: var(--page-sheet); color: var(--page); }
.badge.ticket { background: var(--ticket-sheet); color: var(--ticket); }
.badge.ok { background: var(--ok-sheet); color: var(--ok); }
.badge.no-traffic, .badge.over { background: var(--soft); color: var(--faint); }
.badge.partial, .badge.stale, .badge.no-data { background: var(--gap-sheet); color: var(--gap); }
h1 .badge { font-size: .9rem; vertical-align: .15em; }
.icon.page { color: var(--page); } .icon.ticket { color: var(--ticket); } .icon.ok { color: var(--ok); }
.icon.partial, .icon.stale, .icon.no-data { color: var(--gap); } .icon.no-traffic { color: var(--faint); }
button, .button, select, input, textarea { font: inherit; color: inherit; }
button, .button { display: inline-block; padding: .3rem .75rem; border: 1px solid var(--line); border-radius: .45rem; background: var(--sheet); cursor: pointer; text-decoration: none; white-space: nowrap; font-size: .9rem; }
button:hover, .button:hover { border-color: var(--faint); }
button[aria-pressed=true] { background: var(--ink); color: var(--ground); border-color: var(--ink); }
button.primary { background: var(--link); border-color: var(--link); color: var(--ground); font-weight: 600; }
button:disabled { opacity: .5; cursor: default; }
select, input:not([type=checkbox]), textarea { padding: .35rem .55rem; border: 1px solid var(--line); border-radius: .45rem; background: var(--sheet); min-width: 0; }
textarea { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .88rem; resize: vertical; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-top: .7rem; }
.choice { display: flex; flex-wrap: wrap; gap: .35rem; margin: .8rem 0; }
.choice button { padding: .2rem .65rem; font-size: .85rem; }
.head .crumbs { font-size: .875rem; color: var(--faint); }
.label { display: inline-block; margin-left: .5rem; padding: 0 .45rem; border-radius: .3rem; background: var(--soft); font-size: .8rem; }
.cards { display: grid; gap: .5rem; margin: .8rem 0 0; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
.card { background: var(--sheet); border: 1px solid var(--line); border-left: .3rem solid var(--ticket); border-radius: .5rem; padding: .5rem .9rem; overflow-wrap: anywhere; }
.card.page { border-left-color: var(--page); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11.5rem), 1fr)); gap: .6rem; margin: .8rem 0; }
.figuretile { background: var(--sheet); border: 1px solid var(--line); border-radius: .6rem; padding: .6rem .9rem; }
.figuretile dt { color: var(--faint); font-size: .82rem; }
.figuretile dd { display: flex; flex-direction: column; }
.figuretile b { font-size: 1.45rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.figuretile span { color: var(--faint); font-size: .82rem; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; padding: .45rem .6rem; font-weight: 400; vertical-align: top; white-space: nowrap; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
thead th { color: var(--faint); font-size: .8rem; vertical-align: bottom; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 1rem; }
th:last-child, td:last-child { padding-right: 1rem; }
tr.global > * { font-weight: 600; }
th .about, td .about { font-weight: 400; }
.figure { text-align: right; font-variant-numeric: tabular-nums; }
td.why, th.wrap { white-space: normal; overflow-wrap: anywhere; min-width: 14rem; }
th.wrap { min-width: 9rem; }
th.wrap code { display: block; }
.quiet { color: var(--gap); }
.over-page { color: var(--page); font-weight: 700; }
.over-ticket { color: var(--ticket); font-weight: 700; }
.below { color: var(--page); }
.budget { display: inline-flex; align-items: center; gap: .5rem; }
.bar { width: 4rem; height: .5rem; border-radius: .25rem; flex: none; }
.bar .track { fill: var(--line); } .bar .fill { fill: var(--ok); }
.bar.low .fill { fill: var(--ticket); } .bar.spent .track { fill: var(--page); }
.percent { min-width: 3.9rem; text-align: right; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: .5rem 1.4rem; padding: .8rem 1rem; margin-bottom: .8rem; }
.facts dt { color: var(--faint); font-size: .82rem; }
.facts dd { overflow-wrap: anywhere; }
td.act { text-align: right; }
td[data-label=What] { white-space: normal; overflow-wrap: anywhere; min-width: 16rem; }
.written { margin-top: .8rem; }
.written pre { background: var(--sheet); border: 1px solid var(--line); max-height: 32rem; overflow: auto; margin: .5rem 0; }
.lines { padding: .4rem 1rem; }
.lines li { padding: .35rem 0; overflow-wrap: anywhere; }
.lines li + li { border-top: 1px solid var(--line); }
.thirds { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 1rem; }
.thirds > div, .beside > * { min-width: 0; }
.beside { display: grid; grid-template-columns: minmax(0, 1fr) 20rem; gap: 0 1.2rem; align-items: start; }
.beside aside { margin-top: 1.6rem; }
.form { padding: 1rem; margin-top: 1.6rem; display: grid; gap: .7rem 1.2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); max-width: 62rem; }
.beside .form { margin-top: .6rem; }
.form h2, .form .actions { grid-column: 1 / -1; margin: 0; }
.field { display: flex; flex-direction: column; gap: .2rem; }
.field label { font-size: .875rem; font-weight: 600; }
dialog { border: 1px solid var(--line); border-radius: .7rem; background: var(--sheet); color: var(--ink); max-width: 28rem; padding: 1.2rem 1.4rem; }
dialog::backdrop { background: rgb(0 0 0 / .45); }
dialog h2 { margin-top: 0; }
dialog dl { display: grid; grid-template-columns: auto 1fr; gap: .4rem .9rem; margin-bottom: 1rem; }
dialog label { display: block; margin-top: .8rem; font-size: .875rem; font-weight: 600; }
dialog input { width: 100%; }
.message { background: var(--sheet); border: 1px solid var(--line); border-radius: .9rem .9rem .9rem .2rem; padding: .6rem .9rem; font-size: .9rem; overflow-wrap: anywhere; }
.inbox ul { display: grid; gap: .6rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); align-items: start; }
.text { white-space: pre-line; font-size: .87rem; }
.message .about { display: flex; justify-content: space-between; }
.message.page .about b { color: var(--page); } .message.ticket .about b { color: var(--ticket); } .message.ok .about b { color: var(--ok); }
.timeline { padding: .6rem 1rem; }
.timeline > li { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); gap: .8rem; padding: .3rem 0 .3rem .9rem; border-left: 2px solid var(--line); position: relative; overflow-wrap: anywhere; font-size: .92rem; }
.timeline > li::before { content: ''; position: absolute; left: -.36rem; top: .75rem; width: .6rem; height: .6rem; border-radius: 50%; background: var(--faint); }
.timeline time { color: var(--faint); font-variant-numeric: tabular-nums; }
.timeline .opened::before, .timeline .escalated::before, .timeline .worsened::before, .timeline .reopened::before { background: var(--page); }
.timeline .resolved::before, .timeline .cleared::before, .timeline .settling::before, .timeline .delivered::before { background: var(--ok); }
.timeline .acknowledged::before, .timeline .change::before { background: var(--link); }
.timeline .silenced::before, .timeline .muted::before, .timeline .inhibited::before, .timeline .suppressed::before, .timeline .held::before { background: var(--gap); }
.timeline .dead::before { background: var(--page); }
.attempts { font-size: .85rem; color: var(--faint); font-variant-numeric: tabular-nums; }
.update { padding: .7rem 1rem; margin-top: 1.2rem; }
summary { cursor: pointer; }
@media (max-width: 62rem) { .beside { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 44rem) {
  .top, main { padding-left: .8rem; padding-right: .8rem; }
  .top { gap: .3rem .8rem; }
  nav { order: 3; width: 100%; margin: 0 -.3rem; gap: 0; }
  nav a { padding: .25rem .5rem; font-size: .92rem; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .cardtable thead { position: absolute; left: -999rem; }
  .cardtable tbody tr { display: grid; grid-template-columns: 1fr 1fr; gap: .1rem 1.2rem; padding: .7rem 1rem; }
  .cardtable tbody tr + tr { border-top: 1px solid var(--line); }
  .cardtable tbody tr > * { border: 0; padding: .1rem 0; display: flex; justify-content: space-between; align-items: baseline; gap: .6rem; white-space: normal; min-width: 0; }
  .cardtable tbody th, .cardtable tbody .why, .cardtable tbody .act { grid-column: 1 / -1; }
  .cardtable tbody th { font-weight: 600; display: block; }
  .cardtable tbody td::before { content: attr(data-label); color: var(--faint); font-weight: 400; flex: 0 1 auto; white-space: normal; text-align: left; }
  .cardtable tbody td.figure { white-space: nowrap; }
  .cardtable tbody td.why { display: block; }
  .cardtable tbody td.why::before, .cardtable tbody td.act::before { content: none; }
  .cardtable tbody td:has(.budget), .cardtable tbody td[data-label^="Data"], .cardtable tbody td[data-label^="To"] { grid-column: 1 / -1; }
  .cardtable tbody td[data-label=What] { grid-column: 1 / -1; display: block; min-width: 0; }
  .cardtable tbody td[data-label=What]::before { content: none; }
  .timeline > li { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
`

/** The look of every page; light and dark follow the reader's system. */
export const style = `${frameStyle}${listStyle}${chartStyle}`
