import { hex, THEMES, type Theme } from '../color.js';
import { panelStyle } from '../panel.js';

const defaults = (theme: Theme): string => {
  const { background, text, faint } = THEMES[theme];
  return `--_background:${hex(background)};--_text:${hex(text)};--_faint:${hex(faint)}`;
};

const FAINT = 'var(--heatmap-faint,var(--_faint))';
const BACKGROUND = 'var(--heatmap-background,var(--_background))';

/** Colours of an element, light or dark as the system is, and its being hidden. */
export const colorRules = `:host{${defaults('light')}}
@media(prefers-color-scheme:dark){:host{${defaults('dark')}}}
:host([hidden]){display:none}`;

/** What is said to screen readers only. */
export const HEARD =
  '.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;margin:0}';

export const TABLE_RULES = `.table{overflow:auto;max-height:28rem;font:13px/1.4 system-ui,sans-serif}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.25rem 0}
th,td{padding:.15rem .5rem;text-align:right;border:1px solid #8886}`;

/**
 * Style of the element. A page may set --heatmap-background, --heatmap-text, --heatmap-faint and --heatmap-accent; without them
 * the map is light or dark as the system is. The cursor is drawn light on dark, so that it is visible on every colour.
 *
 * The sizer has the width that the map needs, so that the page's layout can provide it; no other part asks for width.
 */
export const STYLE = `
:host{display:block;min-width:0;max-width:100%}
${colorRules}
.sizer{max-width:100%}
.box,.readout{width:0;min-width:100%}
.box{position:relative}
.frame{overflow:auto;outline-offset:2px;border-radius:4px;background:${BACKGROUND};scrollbar-width:thin}
.frame:focus-visible{outline:2px solid var(--heatmap-accent,#2563eb)}
.stage{position:relative}
svg{display:block}
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--heatmap-text,var(--_text))}
text.heed-axis{fill:${FAINT}}
${panelStyle('', FAINT)}
canvas,.band,.cursor,.more{position:absolute;pointer-events:none}
canvas{image-rendering:pixelated;background:repeating-linear-gradient(135deg,transparent 0 4px,${FAINT} 4px 5px)}
.band{outline:1px solid #fff;box-shadow:0 0 0 2px #0008,inset 0 0 0 1px #0008}
.cursor{outline:2px solid #fff;box-shadow:0 0 0 3px #000}
.more{display:none;color:#fff;font:600 15px/20px system-ui,sans-serif;text-align:center}
.more::after{position:absolute;width:20px;height:20px;border-radius:50%;background:#000a;box-shadow:0 0 0 1px #fff8}
.left,.right{top:0;height:var(--_height);width:28px}
.top,.bottom{left:0;width:var(--_width);height:28px}
.left::after,.right::after{top:calc(50% - 10px)}
.top::after,.bottom::after{left:calc(50% - 10px)}
.left{left:0;background:linear-gradient(90deg,#0006,transparent)}
.right{left:calc(var(--_width) - 28px);background:linear-gradient(-90deg,#0006,transparent)}
.top{top:0;background:linear-gradient(#0006,transparent)}
.bottom{top:calc(var(--_height) - 28px);background:linear-gradient(0deg,#0006,transparent)}
.left::after{content:"‹";left:3px}
.right::after{content:"›";right:3px}
.top::after{content:"⌃";top:3px}
.bottom::after{content:"⌄";bottom:3px}
.box[data-more~=left] .left,.box[data-more~=right] .right,.box[data-more~=top] .top,.box[data-more~=bottom] .bottom{display:block}
.readout{margin:.25rem 0 0;min-height:1.4em;font:13px/1.4 system-ui,sans-serif;color:${FAINT}}
${HEARD}
.frame,.table{color:var(--heatmap-text,var(--_text))}
${TABLE_RULES}
td.masked{font-style:italic;color:${FAINT}}
[hidden]{display:none!important}
`;
