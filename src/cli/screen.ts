// Where a run is shown: a live panel with the events scrolling above it on a terminal, plain lines
// when piped, nothing but the result on stdout with `--json`. Colour only where it is wanted.
import { createLogUpdate } from 'log-update';

import { clockText } from '../operator/clock-text.ts';
import type { PanelLine, Tone } from '../operator/live-panel.ts';
import type { StepLine } from '../operator/step-lines.ts';
import { isTerminal, paintsFor } from './paints.ts';
import { wrappedRows } from './wrapped-rows.ts';

export interface Screen {
  /** One line of what happened, at a time of the run. */
  event(line: StepLine, atMs: number): void;
  /** A line without a time; several are left as they are. */
  say(text: string): void;
  /** Paints the steady picture; does nothing where there is no terminal. */
  paint(panel: readonly PanelLine[]): void;
  /** Takes the steady picture away; what is said afterwards stays. */
  end(): void;
}

export interface ScreenOptions {
  readonly json: boolean;
  readonly colour: boolean | undefined;
}

/** Node's types promise `isTTY` of a pipe as well, which has none. */
type Output = Omit<NodeJS.WriteStream, 'isTTY'> & { readonly isTTY?: boolean };

export function openScreen(
  { json, colour }: ScreenOptions,
  output: Output = json ? process.stderr : process.stdout,
): Screen {
  const paints = paintsFor(output, colour);
  const ink: Record<Tone | StepLine['tone'], (text: string) => string> = {
    title: paints.bold,
    plain: (text) => text,
    good: paints.green,
    bad: paints.yellow,
    critical: (text) => paints.bold(paints.red(text)),
    warn: paints.yellow,
    quiet: paints.dim,
  };
  const panel = isTerminal(output) && !json ? createLogUpdate(output) : undefined;
  /** What is piped is one line each, whoever reads it. */
  const columnCount = (): number => (panel === undefined ? Infinity : output.columns);
  let painted: string | undefined;
  const write = (text: string): void => {
    panel?.clear();
    output.write(`${text}\n`);
    if (painted !== undefined) panel?.(painted);
  };
  return {
    event: (line, atMs) => {
      const stamp = `[${clockText(atMs)}]`;
      const indent = stamp.length + 1;
      const rows = wrappedRows(line.text, columnCount() - indent).map(ink[line.tone]);
      write(`${paints.dim(stamp)} ${rows.join(`\n${' '.repeat(indent)}`)}`);
    },
    say: (text) => write(text.includes('\n') ? text : wrappedRows(text, columnCount()).join('\n')),
    paint: (lines) => {
      if (panel === undefined) return;
      const rows = lines.map((line) =>
        fitted(line, output.columns)
          .map(([text, tone]) => ink[tone](text))
          .join(''),
      );
      const next = `\n${rows.join('\n')}`;
      // A picture of another height is painted anew: log-update would tear it, and the line above.
      if (painted !== undefined && lineCount(painted) !== lineCount(next)) panel.clear();
      painted = next;
      panel(painted);
    },
    end: () => {
      panel?.clear();
      painted = undefined;
    },
  };
}

const lineCount = (text: string): number => text.split('\n').length;

/** Cuts what would wrap: a wrapped line tears the picture. */
function fitted(line: PanelLine, columnCount: number): PanelLine {
  let left = columnCount;
  return line.map(([text, tone]) => {
    const room = Math.max(left, 0);
    const kept =
      text.length <= room ? text : `${text.slice(0, Math.max(room - 1, 0))}…`.slice(0, room);
    left -= text.length;
    return [kept, tone] as const;
  });
}
