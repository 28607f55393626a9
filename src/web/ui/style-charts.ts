/** The look of charts. Lines differ in dashes as well as in colour. */
export const chartStyle = `
.charts { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 32rem), 1fr)); }
.charts.one { grid-template-columns: minmax(0, 46rem); }
figure { margin: 0; background: var(--sheet); border: 1px solid var(--line); border-radius: .6rem; padding: .7rem .8rem .3rem; min-width: 0; }
figcaption { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; }
.keys { display: flex; flex-wrap: wrap; gap: 0 .9rem; font-size: .82rem; color: var(--faint); font-variant-numeric: tabular-nums; }
.keys b { color: var(--ink); }
.keys i, .legend i { display: inline-block; width: .9rem; height: .18rem; vertical-align: .25em; background: var(--faint); }
.legend { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .82rem; color: var(--faint); margin-top: .4rem; }
.legend i { height: .7rem; vertical-align: -.08em; border-radius: .15rem; }
.legend .page { background: var(--page-sheet); outline: 1px solid var(--page); } .legend .ticket { background: var(--ticket-sheet); outline: 1px solid var(--ticket); }
.legend .excluded { background: var(--area); }
.legend .change { width: .18rem; background: var(--link); } .legend .unseen { background: var(--gap-sheet); outline: 1px solid var(--gap); }
.chart { display: block; width: 100%; height: auto; touch-action: pan-y; }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .tick { fill: var(--faint); font-size: 11px; font-variant-numeric: tabular-nums; }
.chart .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.line.even { stroke: var(--faint); stroke-dasharray: 3 4; stroke-width: 1.2; } .key.even i { background: var(--faint); }
.key.budget { display: inline; } .key.expected i { background: repeating-linear-gradient(90deg, var(--ok) 0 .3rem, transparent .3rem .45rem); }
.line.expected { stroke: var(--ok); stroke-dasharray: 5 4; } .range { fill: var(--ok); opacity: .14; } .now { stroke: var(--faint); stroke-width: 1; stroke-dasharray: 1 3; }
.line.budget, .line.good { stroke: var(--ok); } .line.below { stroke: var(--page); stroke-width: 2.6; }
.key.budget i, .key.good i { background: var(--ok); } .key.below i { background: var(--page); }
.line.w0 { stroke: var(--w0); } .line.w1 { stroke: var(--w1); stroke-dasharray: 6 2; } .line.w2 { stroke: var(--w2); stroke-dasharray: 2 2.5; } .line.w3 { stroke: var(--w3); stroke-dasharray: 8 3 2 3; } .line.w4 { stroke: var(--w4); }
.key.w0 i { background: var(--w0); } .key.w1 i { background: var(--w1); } .key.w2 i { background: var(--w2); } .key.w3 i { background: var(--w3); } .key.w4 i { background: var(--w4); }
.column.total { fill: var(--area); } .column.bad { fill: var(--page); }
.key.total i { background: var(--area); } .key.bad i { background: var(--page); }
.level { stroke-width: 1; stroke-dasharray: 4 3; stroke: var(--faint); } .level.page { stroke: var(--page); } .level.ticket { stroke: var(--ticket); } .level.limit { stroke: var(--ink); }
.levelname { font-size: 10.5px; fill: var(--faint); } .levelname.page { fill: var(--page); } .levelname.ticket { fill: var(--ticket); }
.span { fill: var(--page); opacity: .13; } .span.ticket { fill: var(--ticket); } .span.change { fill: var(--link); opacity: .9; } .span.unseen { fill: var(--gap); } .span.excluded { fill: var(--faint); opacity: .25; }
.cross { stroke: var(--ink); stroke-width: 1; opacity: .7; }
.values { margin-top: .6rem; font-size: .9rem; }
.values .scroll { max-height: 22rem; overflow: auto; margin-top: .5rem; }
.weeks { width: 100%; height: 9rem; display: block; }
.weeks .page { fill: var(--page); } .weeks .ticket { fill: var(--ticket); opacity: .75; } .weeks .base { fill: var(--line); }
@media (max-width: 44rem) { .chart .tick { font-size: 16px; } .levelname { font-size: 15px; } .charts { grid-template-columns: minmax(0, 1fr); } }
`
