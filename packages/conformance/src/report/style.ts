/**
 * Style sheet of the page. Colours of backends have a contrast of 3:1 with the page in both schemes and differ for colour-blind
 * readers (after Okabe and Ito); names and order give the same information without colours.
 */
export const STYLE = `
:root{color-scheme:light dark;--text:#1c2330;--soft:#5b6472;--page:#f6f7f9;--card:#fff;--line:#dde1e7;--track:#e6e9ee;
--good:#13713f;--bad:#b3261e;--c0:#2563c9;--c1:#c2570c;--c2:#0a7f66;--c3:#a33a8c;--c4:#8a6d00;--c5:#0b7a9e;--naive:#7b8494}
@media(prefers-color-scheme:dark){:root{--text:#e4e8ee;--soft:#a0a9b8;--page:#14171c;--card:#1c2027;--line:#323843;
--track:#303641;--good:#5fce8f;--bad:#ff8a80;--c0:#7aabff;--c1:#ff9d57;--c2:#4fd1b0;--c3:#f08ad8;--c4:#e3c34f;--c5:#5cc8ea;
--naive:#8d97a8}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,sans-serif}
main{max-width:78rem;margin:auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.5rem;margin:0 0 .25rem}
h2{font-size:1.15rem;margin:0 0 .4rem}
p{margin:0 0 .7rem;max-width:75ch}
.lead{color:var(--soft);margin-bottom:1.25rem}
section{margin:0 0 2.25rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr));gap:1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.1rem;min-width:0}
.card h2{display:flex;align-items:center;gap:.5rem;overflow-wrap:anywhere}
.verdict{margin-bottom:.6rem}
.good{color:var(--good)}.bad{color:var(--bad)}
.muted,small,.note{color:var(--soft)}
.note{font-size:.85rem;margin:.5rem 0 0}
dl{display:grid;grid-template-columns:auto 1fr;gap:.15rem .9rem;margin:.6rem 0 0;font-size:.9rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.swatch{display:inline-block;width:.75rem;height:.75rem;border-radius:.2rem;background:currentColor;flex:none}
.share{display:block;border-radius:.25rem;background:var(--track)}
.key{display:flex;flex-wrap:wrap;gap:.1rem .9rem;list-style:none;margin:.4rem 0 0;padding:0;font-size:.85rem}
.key .swatch{width:.6rem;height:.6rem;margin-right:.35rem}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.5rem;margin:0 0 1rem}
table{border-collapse:collapse;width:100%;font-size:.88rem}
caption{text-align:left;padding:.6rem .75rem;color:var(--soft);font-size:.82rem}
th,td{padding:.32rem .75rem;text-align:left;vertical-align:top;border-top:1px solid var(--line);font-weight:400}
thead th{color:var(--soft);font-size:.8rem;vertical-align:bottom;max-width:12rem}
thead tr+tr th{border-top:0;padding-top:0}
tbody th{font-weight:600}
tbody th code{font-weight:400;display:inline-block;min-width:15rem}
th small{display:block;font-weight:400;max-width:20rem;line-height:1.35}
.lanes tbody tr+tr>*{border-top:0}
.lanes tbody th[scope=row]{font-weight:400;min-width:7.5rem}
.lanes tbody th[scope=rowgroup]{min-width:13rem}
.lanes tbody tr>*{padding-top:0;padding-bottom:0;vertical-align:middle}
.lanes tbody th[scope=rowgroup]{vertical-align:top}
.lanes tbody tr:first-child>*{padding-top:.3rem}
.lanes tbody tr:last-child>*,.lanes tbody th[scope=rowgroup]{padding-bottom:.3rem}
.lanes .strip{padding:0 .75rem;vertical-align:middle}
.lanes .swatch{width:.6rem;height:.6rem}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code,pre{font:.92em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{overflow-wrap:anywhere}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;min-width:22rem}
.measure{display:flex;align-items:center;gap:.5rem;white-space:nowrap;font-variant-numeric:tabular-nums}
.measure svg{flex:none;border-radius:.2rem}
.ulps{min-width:3.2rem;text-align:right}
details{margin:0 0 .4rem}
summary{cursor:pointer;font-weight:600;padding:.2rem 0}
summary .muted{font-weight:400}
.plot{display:block}
.plot text{font:10.5px system-ui,sans-serif;fill:var(--soft)}
.plot path{fill:none;stroke:currentColor}
.plot .dots{stroke-width:4.5;stroke-linecap:round;opacity:.4}
.plot .worst{stroke-width:2}
.plot .grid{stroke:var(--line);stroke-width:1}
.plot .bound{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3}
rect{fill:currentColor}
.track{color:var(--track)}.failing{color:var(--bad)}
.path-fused{color:var(--c2)}.path-composed{color:var(--c4)}.path-empty{color:var(--naive)}.path-none{color:var(--track)}
.naive{color:var(--naive)}
.c0{color:var(--c0)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}
@media print{body{background:none}.scroll{overflow:visible}}
`;
