// What a terminal shows of a run: events scroll, the panel below them is painted over and over, and
// no line is lost however the panel grows and shrinks.
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openScreen } from '../../src/cli/screen.ts';
import { wrappedRows } from '../../src/cli/wrapped-rows.ts';
import type { PanelLine } from '../../src/operator/live-panel.ts';

const [ROWS, COLUMNS] = [12, 40];

/** As much of a terminal as the screen uses: a cursor that the last row stops, and erasing. */
class Terminal extends Writable {
  readonly isTTY = true;
  readonly rows = ROWS;
  readonly columns = COLUMNS;
  readonly #lines: string[] = [''];
  #row = 0;
  #column = 0;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const parts = chunk.toString('utf8').match(/\u001b\[[?0-9;]*[A-Za-z]|\n|[^\u001b\n]+/g) ?? [];
    for (const part of parts) this.#take(part);
    done();
  }

  /** Everything that was ever on it, from the first line on, without what is blank below. */
  get text(): readonly string[] {
    const lines = this.#lines.map((line) => line.trimEnd());
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  }

  #take(part: string): void {
    const [, digits = '', command = ''] = /^\u001b\[([?0-9;]*)([A-Za-z])$/.exec(part) ?? [];
    const count = Number(digits || 1);
    const top = Math.max(0, this.#lines.length - ROWS);
    if (part === '\n') this.#newLine();
    else if (command === 'A') this.#row = Math.max(top, this.#row - count);
    else if (command === 'B') this.#row = Math.min(this.#lines.length - 1, this.#row + count);
    else if (command === 'G') this.#column = 0;
    else if (command === 'K') this.#put(this.#line.slice(0, digits === '2' ? 0 : this.#column));
    else if (command === '') this.#print(part);
  }

  get #line(): string {
    return this.#lines[this.#row] ?? '';
  }

  #put(line: string): void {
    this.#lines[this.#row] = line;
  }

  #newLine(): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row === this.#lines.length) this.#lines.push('');
  }

  #print(text: string): void {
    const before = this.#line.slice(0, this.#column).padEnd(this.#column);
    this.#put(before + text + this.#line.slice(this.#column + text.length));
    this.#column += text.length;
  }
}

const plain = (text: string): PanelLine => [[text, 'plain']];

test('the panel takes nothing from the lines above it when it grows or shrinks', () => {
  const terminal = new Terminal();
  const screen = openScreen({ json: false, colour: false }, terminal as never);
  const said: string[] = [];
  for (let second = 0; second < 30; second += 1) {
    const trades = Array.from({ length: (second * 2) % 5 }, (_, count) => plain(`t${count}`));
    const panel = [plain(`up ${second}`), ...trades, plain('streams'), plain('not taken')];
    screen.paint(panel);
    if (second % 3 === 0) {
      screen.say(`event ${second}`);
      said.push(`event ${second}`);
    }
    screen.paint(panel);
    const shown = panel.map(([cell]) => cell?.[0] ?? '');
    expect(terminal.text, `after ${second}`).toEqual([...said, '', ...shown]);
  }
  screen.end();
  screen.say('summary');
  expect(terminal.text.filter((line) => line !== '')).toEqual([...said, 'summary']);
});

test('a long line is broken between its words, below its own beginning', () => {
  const terminal = new Terminal();
  const screen = openScreen({ json: false, colour: false }, terminal as never);
  screen.say('a generated market with two mishaps that are scripted');
  screen.event({ tone: 'bad', text: 't1 BTC  PANIC → CLOSED  −2.11 USD (fees −1.98)' }, 17_000);
  screen.say(`short\n  replay it: node main replay /data/${'x'.repeat(20)}`);
  expect(terminal.text).toEqual([
    'a generated market with two mishaps that',
    'are scripted',
    '[00:17] t1 BTC  PANIC → CLOSED  −2.11',
    '        USD (fees −1.98)',
    'short',
    `  replay it: node main replay /data/${'x'.repeat(20)}`,
  ]);
});

test('what is wrapped stays the same words, and each row fits unless it is one word', () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  fc.assert(
    fc.property(fc.array(word), fc.integer({ min: 1, max: 30 }), (words, columnCount) => {
      const rows = wrappedRows(words.join(' '), columnCount);
      expect(rows.join(' ')).toBe(words.join(' '));
      for (const row of rows) expect(row.length <= columnCount || !row.includes(' ')).toBe(true);
    }),
  );
  expect(wrappedRows('  /a/path/that/is/long  end', 10)).toEqual(['  /a/path/that/is/long', 'end']);
});
