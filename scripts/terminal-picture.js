// Turns what a terminal shows into an SVG for the documentation: ANSI text on stdin, SVG on stdout.
//   tmux capture-pane -e -p | node scripts/terminal-picture.js > docs/images/first-minute.svg
// Knows bold, dim and the eight colours, which is all that the screen uses.
const CELL = { width: 8.4, height: 18, margin: 16 };
const COLOURS = [
  '#1f2430',
  '#f28779',
  '#a6d189',
  '#e5c07b',
  '#73b8f1',
  '#d4a5ff',
  '#8bd5ca',
  '#d7dae0',
];
const PLAIN = { fill: '#d7dae0', bold: false, dim: false };

/** Text runs of one line with the style that was in force. */
function runsOf(line, start) {
  const runs = [];
  let style = start;
  let column = 0;
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    const codes = /^\u001b\[([0-9;]*)m$/.exec(part);
    if (codes) style = codes[1].split(';').map(Number).reduce(styled, style);
    else if (part !== '') {
      runs.push({ text: part, column, style });
      column += [...part].length;
    }
  }
  return { runs, style };
}

function styled(style, code) {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, fill: PLAIN.fill };
  if (code >= 30 && code <= 37) return { ...style, fill: COLOURS[code - 30] };
  return style;
}

const escaped = (text) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    // Several spaces in a row would be drawn as one.
    .replaceAll(' ', '\u00a0');

function textOf({ text, column, style }, row) {
  const x = (CELL.margin + column * CELL.width).toFixed(1);
  const y = CELL.margin + (row + 1) * CELL.height - 5;
  const length = ([...text].length * CELL.width).toFixed(1);
  const weight = style.bold ? ' font-weight="bold"' : '';
  const opacity = style.dim ? ' opacity="0.6"' : '';
  const place = `x="${x}" y="${y}" textLength="${length}" fill="${style.fill}"`;
  return `<text ${place}${weight}${opacity}>${escaped(text)}</text>`;
}

/** A whole picture of these lines. */
export function terminalPicture(ansi) {
  const lines = ansi.replace(/\s+$/, '').split('\n');
  let style = PLAIN;
  const texts = [];
  let columns = 0;
  for (const [row, line] of lines.entries()) {
    const read = runsOf(line, style);
    style = read.style;
    for (const run of read.runs) {
      columns = Math.max(columns, run.column + [...run.text.trimEnd()].length);
      if (run.text.trim() !== '') texts.push(textOf({ ...run, text: run.text.trimEnd() }, row));
    }
  }
  const width = Math.ceil(columns * CELL.width + 2 * CELL.margin);
  const height = lines.length * CELL.height + 2 * CELL.margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">`,
    `<rect width="100%" height="100%" rx="8" fill="#1f2430"/>`,
    ...texts,
    '</svg>',
    '',
  ].join('\n');
}

if (process.argv[1]?.endsWith('terminal-picture.js')) {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  process.stdout.write(terminalPicture(Buffer.concat(chunks).toString('utf8')));
}
