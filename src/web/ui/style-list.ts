/** The look of the list of objectives. Every row is equally high, so that what is not drawn can be reckoned. */
export const listStyle = `
.strip { display: flex; flex-wrap: wrap; gap: .5rem; align-items: stretch; margin: .2rem 0 0; }
.tile { display: flex; flex-direction: column; align-items: flex-start; padding: .35rem .85rem; border-radius: .6rem; background: var(--sheet); border: 1px solid var(--line); color: var(--ink); text-align: left; }
.tile b { font-size: 1.35rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { font-size: .82rem; color: var(--faint); }
.tile.page:not(.none) { background: var(--page-sheet); border-color: var(--page); }
.tile.ticket:not(.none) { background: var(--ticket-sheet); border-color: var(--ticket); }
.tile.none b { color: var(--faint); font-weight: 400; }
.tile[aria-pressed=true] { background: var(--sheet); color: var(--ink); border-color: var(--ink); box-shadow: inset 0 0 0 1px var(--ink); }
.freshness { display: flex; flex-wrap: wrap; gap: .1rem 1rem; align-content: center; margin-left: auto; font-size: .85rem; color: var(--faint); max-width: 34rem; }
.freshness b { color: var(--ink); font-variant-numeric: tabular-nums; }
.freshness .late, .freshness .late b { color: var(--gap); }
.toolbar { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: 1rem 0 .6rem; font-size: .92rem; }
.searchbox { position: relative; flex: 1 1 14rem; max-width: 26rem; }
.searchbox input { width: 100%; padding-right: 2rem; }
.searchbox kbd { position: absolute; right: .5rem; top: .42rem; font-size: .75rem; color: var(--faint); }
.searchbox input:focus + kbd, .searchbox input:not(:placeholder-shown) + kbd { display: none; }
.toolbar select { max-width: 15rem; }
.shown { margin-left: auto; color: var(--faint); }
.held { padding: 0 .5rem; border-radius: 1rem; background: var(--gap-sheet); color: var(--gap); font-size: .8rem; }
.columns { position: relative; }
.columns summary { padding: .3rem .75rem; border: 1px solid var(--line); border-radius: .45rem; background: var(--sheet); list-style: none; }
.columns .sheet { position: absolute; z-index: 5; right: 0; margin-top: .3rem; display: grid; gap: .3rem; min-width: 13rem; box-shadow: 0 .5rem 1.5rem rgb(0 0 0 / .18); }
.columns label { display: flex; gap: .5rem; white-space: nowrap; }
.list { table-layout: fixed; background: var(--sheet); border: 1px solid var(--line); border-radius: .6rem; border-collapse: separate; border-spacing: 0; }
.list thead th { position: sticky; top: 0; background: var(--sheet); z-index: 2; padding: .5rem; line-height: 1.2; white-space: normal; border-radius: .6rem .6rem 0 0; }
.list thead button { border: 0; background: none; padding: 0; font-size: inherit; color: inherit; white-space: normal; text-align: inherit; font-weight: inherit; }
.list thead th[aria-sort=ascending] button, .list thead th[aria-sort=descending] button { color: var(--ink); font-weight: 600; }
.list thead button:hover { color: var(--ink); text-decoration: underline; }
.list tbody tr.row > *, .list tbody tr.group > * { height: 3.25rem; padding: .3rem .5rem; border-top: 1px solid var(--line); vertical-align: middle; overflow: hidden; text-overflow: ellipsis; line-height: 1.25; }
.list tbody tr.group > * { font-weight: 600; background: var(--soft); }
.list tbody tr.group > th { overflow: visible; position: relative; }
.list tbody tr.spacer td { padding: 0; border: 0; }
.list tbody tr.row:hover > *, .list tbody tr.row:focus-within > * { background: var(--soft); }
.list tbody tr.row.page > :first-child { box-shadow: inset .25rem 0 var(--page); }
.list tbody tr.row.ticket > :first-child { box-shadow: inset .25rem 0 var(--ticket); }
.list thead th:first-child, .list tbody tr.row > :first-child { padding-left: .9rem; }
.list a { font-weight: 600; color: var(--ink); text-decoration: none; }
.list a:hover, .list a:focus { color: var(--link); text-decoration: underline; }
.under { display: block; color: var(--faint); font-size: .78rem; font-weight: 400; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-height: 1.2em; }
.list .bar { width: 3rem; }
.list .percent { min-width: 3.7rem; }
.list .c-state { white-space: normal; }
.marks { display: inline-flex; gap: .15rem; font-size: .78rem; }
.trend { width: 100%; height: 1.6rem; display: block; }
.trend .under { fill: var(--area); } .trend .over { fill: var(--page); }
.trend .one { stroke: var(--faint); stroke-width: .5; stroke-dasharray: 2 2; vector-effect: non-scaling-stroke; }
.w-state { width: 8.1rem; } .w-service { width: 7rem; } .w-objective { width: 5.9rem; } .w-sli { width: 6.4rem; }
.w-budget { width: 8.8rem; } .w-lasts { width: 6.4rem; } .w-burn { width: 5.1rem; } .w-since { width: 5.6rem; } .w-regions { width: 6.8rem; } .w-trend { width: 7rem; }
@media (max-width: 100rem) { .list .w-since, .list .c-since { display: none; } }
@media (max-width: 88rem) { .list .w-trend, .list .c-trend { display: none; } }
@media (max-width: 82rem) { .list .w-objective, .list .c-objective { display: none; } }
@media (max-width: 74rem) { .list .w-service, .list .c-service { display: none; } }
@media (max-width: 68rem) { .list .inner { display: none; } }
@media (max-width: 58rem) { .list .w-sli, .list .c-sli, .list .w-regions, .list .c-regions { display: none; } }
@media (max-width: 44rem) {
  .strip { gap: .4rem; }
  .tile { padding: .2rem .6rem; flex: 1 1 auto; }
  .tile b { font-size: 1.1rem; }
  .tile.none { display: none; }
  .freshness { margin-left: 0; max-width: none; }
  .columns, .toolbar > button { display: none; }
  .toolbar select { flex: 1 1 9rem; max-width: none; }
  .list, .list tbody { display: block; }
  .list colgroup, .list thead { display: none; }
  .list tbody tr.group { display: block; background: var(--soft); }
  .list tbody tr.group > th { display: block; padding: .9rem 1rem; }
  .list tbody tr.group > td { display: none; }
  .list tbody tr.spacer { display: block; }
  .list tbody tr.spacer td { display: block; }
  .list tbody tr.row { display: grid; height: 8.2rem; overflow: hidden; padding: .5rem .8rem; border-top: 1px solid var(--line); grid-template-columns: repeat(3, 1fr); grid-template-rows: 2.6rem 2.3rem 2.3rem; gap: 0 .6rem; align-items: center; }
  .list tbody tr.row > * { display: block; height: auto; padding: 0; border: 0; text-align: left; }
  .list tbody tr.row > :first-child { padding-left: 0; }
  .list tbody tr.row:hover > *, .list tbody tr.row:focus-within > * { background: none; }
  .list tbody tr.row.page > :first-child, .list tbody tr.row.ticket > :first-child { box-shadow: none; }
  .list tbody tr.row.page { box-shadow: inset .25rem 0 var(--page); } .list tbody tr.row.ticket { box-shadow: inset .25rem 0 var(--ticket); }
  .list tbody .c-slo { grid-area: 1 / 1 / 2 / 3; } .list tbody .c-state { grid-area: 1 / 3; text-align: right; }
  .list tbody .c-budget { grid-area: 2 / 1 / 3 / 3; } .list tbody .c-lasts { grid-area: 2 / 3; text-align: right; }
  .list tbody .c-sli { grid-area: 3 / 1; } .list tbody .c-regions { grid-area: 3 / 3; text-align: right; }
  .list tbody td[class*=c-burn] { grid-area: 3 / 2; } .list tbody td[class*=c-burn]::after { content: attr(data-label); display: block; color: var(--faint); font-size: .78rem; font-weight: 400; }
  .list tbody tr.row > td[class*=c-burn] ~ td[class*=c-burn] { display: none; }
  .list tbody tr.row > .c-trend, .list tbody tr.row > .c-since, .list tbody tr.row > .c-service, .list tbody tr.row > .c-objective { display: none; }
}
`
