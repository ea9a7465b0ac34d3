import { hex, THEMES, type Theme } from '../color.js';

const defaults = (theme: Theme): string => {
  const { background, text, faint } = THEMES[theme];
  return `--_background:${hex(background)};--_text:${hex(text)};--_faint:${hex(faint)}`;
};

/**
 * A page sets --heatmap-background, --heatmap-text, --heatmap-faint and --heatmap-accent; without, the map is light or dark
 * as the system says. The cursor is drawn light on dark, so that it shows on every colour of the palette.
 */
export const STYLE = `
:host{display:block;min-width:0;${defaults('light')}}
@media(prefers-color-scheme:dark){:host{${defaults('dark')}}}
:host([hidden]){display:none}
.frame{overflow:auto;outline-offset:2px;border-radius:4px;background:var(--heatmap-background,var(--_background))}
.frame:focus-visible{outline:2px solid var(--heatmap-accent,#2563eb)}
.stage{position:relative}
svg{display:block}
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--heatmap-text,var(--_text))}
text.heed-axis{fill:var(--heatmap-faint,var(--_faint))}
text.heed-title{font-weight:bold}
canvas,.band,.cursor{position:absolute;pointer-events:none}
canvas{image-rendering:pixelated}
.band{outline:1px solid #fff;box-shadow:0 0 0 2px #0008,inset 0 0 0 1px #0008}
.cursor{outline:2px solid #fff;box-shadow:0 0 0 3px #000}
.readout{margin:.25rem 0 0;min-height:1.4em;font:13px/1.4 system-ui,sans-serif;color:var(--heatmap-faint,var(--_faint))}
.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;margin:0}
.frame,.table{color:var(--heatmap-text,var(--_text))}
.table{overflow:auto;max-height:28rem;font:13px/1.4 system-ui,sans-serif}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.25rem 0}
th,td{padding:.15rem .5rem;text-align:right;border:1px solid #8886}
[hidden]{display:none!important}
`;
