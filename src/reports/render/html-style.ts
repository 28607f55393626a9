/** The style of a report: readable on a phone, in the dark and in grey print. `accent` was checked to be a colour. */
export function htmlStyle(accent: string): string {
  return `:root{--accent:${accent};--ink:#1b1f24;--quiet:#57606a;--line:#c9d1d9;--paper:#fff;--good:#e3f1e6;--warn:#f0cd78;--bad:#8f1d1d;--onbad:#fff;--area:#e8ecf1}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1.25rem;font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.6rem;text-wrap:balance;line-height:1.25;margin:0;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.25rem 0 .5rem;padding-bottom:.25rem;border-bottom:2px solid var(--accent)}
header p{margin:.25rem 0 1rem}
.quiet,small,caption,figcaption,footer{color:var(--quiet);font-size:.85rem}
.verdict{font-size:1.25rem;line-height:1.4;margin:1rem 0;padding:.75rem 1rem;border-left:6px solid var(--quiet);background:var(--area)}
.verdict.good{border-color:#2b7a3f}.verdict.bad{border-color:var(--bad)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:1rem 0}
.tiles>div{border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem}
.tiles dt{color:var(--quiet);font-size:.85rem}.tiles dd{margin:0;font-size:1.45rem;font-weight:600;font-variant-numeric:tabular-nums}.tiles dd.quiet{font-size:.85rem;font-weight:400}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.25rem 0;caption-side:top}
th,td{padding:.4rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;text-align:left}
th.right,td.right{text-align:right}
thead th{font-size:.85rem;color:var(--quiet);font-weight:600;border-bottom:2px solid var(--line);vertical-align:bottom}
tbody th{font-weight:600;overflow-wrap:anywhere}
small{display:block;font-weight:400}
.heat td{border:2px solid var(--paper)}
td.good{background:var(--good)}td.warn{background:var(--warn);font-weight:600}td.bad{background:var(--bad);color:var(--onbad);font-weight:600}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));gap:1rem}
figure{margin:0;break-inside:avoid}figcaption{overflow-wrap:anywhere;line-height:1.35}figcaption b{color:var(--ink)}
figure svg{width:100%;height:auto}
svg text{font-size:9px;fill:var(--quiet)}
svg .ink{stroke:var(--ink)}svg .guide{stroke:var(--quiet)}svg .accent{stroke:var(--accent)}svg .spent{stroke:var(--bad)}svg .area{fill:var(--area)}
svg .dot{stroke:none}svg .dot.ink{fill:var(--ink)}svg .dot.spent{fill:var(--bad)}
.list dt{font-weight:600;margin-top:.75rem}.list dd{margin:0 0 0 1rem}
footer{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:.5rem}
a{color:inherit}
@media (max-width:40rem){body{padding:.9rem}.tiles{grid-template-columns:1fr 1fr}.tiles dd{font-size:1.2rem}
table.plain thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.plain,table.plain tbody,table.plain tr,table.plain th,table.plain td,table.plain caption{display:block}
table.plain tr{border:1px solid var(--line);border-radius:.4rem;margin:.6rem 0;padding:.4rem .7rem}
table.plain th,table.plain td{border:0;padding:.2rem 0;text-align:left}
table.plain td{display:flex;justify-content:space-between;gap:1rem}
table.plain td.good,table.plain td.warn,table.plain td.bad{margin:.1rem -.3rem;padding:.2rem .3rem;border-radius:.25rem}
table.plain td::before{content:attr(data-title);color:var(--quiet);font-weight:400;flex:none}
table.plain td.bad::before{color:inherit}
table.plain td>span{text-align:right;min-width:0;overflow-wrap:anywhere}
table.heat thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.heat,table.heat tbody,table.heat caption{display:block}
table.heat tr{display:grid;grid-template-columns:repeat(auto-fit,minmax(6.4rem,1fr));margin-bottom:.6rem}
table.heat th{grid-column:1/-1;border:0;padding:.2rem 0}table.heat td{padding:.25rem .4rem;text-align:left}
table.heat td::before{content:attr(data-title);display:block;font-size:.75rem;font-weight:400;opacity:.85}}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--quiet:#9da7b3;--line:#3d444d;--paper:#0d1117;--good:#173a22;--warn:#5c4508;--bad:#f4a6a0;--onbad:#2b0b0b;--area:#1a212a}}
@media print{:root{color-scheme:light;--ink:#000;--quiet:#444;--line:#999;--paper:#fff;--good:#f0f0f0;--warn:#cfcfcf;--bad:#333;--onbad:#fff;--area:#eee}
body{max-width:none;padding:0;font-size:10pt}h2.starts{break-before:page}tr,.tiles>div,dt{break-inside:avoid}h2,dt{break-after:avoid}td,.verdict{print-color-adjust:exact;-webkit-print-color-adjust:exact}
@page{margin:16mm}}
`
}
