import { hex, THEMES, type Theme } from './color.js';
import { clean } from './text.js';
import { escapeXml } from './xml.js';

interface Page {
  /** Title of the document and its heading, untrusted. */
  readonly heading: string;
  /** Language tag of what the page says by itself. */
  readonly language: string;
  /** Rules beside those of every page. */
  readonly style: string;
  /** HTML of its sections. */
  readonly sections: readonly string[];
}

/** Page that needs no other file: its policy forbids scripts and requests. It is light or dark as the reader's system is. */
export function page({ heading, language, style, sections }: Page): string {
  const title = escapeXml(clean(heading));
  return `<!doctype html>
<html lang="${escapeXml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

const colors = (theme: Theme): string => `color:${hex(THEMES[theme].text)};background:${hex(THEMES[theme].background)}`;

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0;${colors('light')}}
main{max-width:80rem;margin:auto;padding:1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font:14px ui-monospace,monospace}
caption{text-align:left;padding:.5rem 0}
th,td{padding:.15rem .5rem;text-align:right;border:1px solid #8884}
summary{cursor:pointer}
@media(prefers-color-scheme:dark){body{${colors('dark')}}}
`;
