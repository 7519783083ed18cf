// The health of a stream, rung by rung, and what the scanner hears of it.
import { describe, expect, test } from 'vitest';
import type { Input, StreamReport } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import { OKX, perpetual, runStarted } from './carry-plan.ts';
import { Story } from './story.ts';

const STREAM = { instrumentId: perpetual(OKX), venueId: OKX };
const ACTOR = `stream:${STREAM.instrumentId}`;
type Word = StreamReport['type'] | readonly ['stream.clock', offsetMs: number] | number;

/** Tells a new stream the words in turn; a number lets so many milliseconds pass. */
function told(...words: readonly Word[]): string {
  const story = new Story();
  story.tell(runStarted());
  for (const word of words) {
    if (typeof word === 'number') story.wait(word);
    else story.tell(report(word));
  }
  const rungs = story.records.flatMap(({ input, transitions, effects }) => {
    const moves = transitions.filter(({ actor }) => actor === ACTOR);
    const [first, last] = [moves[0], moves.at(-1)];
    if (first === undefined || last === undefined) return [];
    const gates = transitions
      .filter(({ actor, event }) => actor === 'scanner' && event.startsWith('gate.'))
      .map(({ event }) => event);
    const timers = effects.flatMap((effect) =>
      effect.type === 'timer.set' ? [`timer ${effect.timer} ${effect.delayMs}`] : [],
    );
    const said = [...gates, ...timers].join(' · ');
    const name = input.type === 'timer.fired' ? `timer ${input.timer}` : input.type;
    return [
      `${first.from.padEnd(13)} ${name.padEnd(20)} → ${last.to.padEnd(13)} ${said}`.trimEnd(),
    ];
  });
  return `\n${rungs.join('\n')}\n`;
}

function report(word: Exclude<Word, number>): Input {
  if (typeof word !== 'string') {
    return { type: 'stream.clock', ...STREAM, offsetMs: toMs(word[1]), doubtMs: toMs(20) };
  }
  switch (word) {
    case 'stream.clock':
      return { type: word, ...STREAM, offsetMs: toMs(0), doubtMs: toMs(20) };
    case 'stream.stale':
      return { type: word, ...STREAM, ageMs: toMs(600) };
    case 'stream.disconnected':
    case 'stream.gapped':
      return { type: word, ...STREAM, cause: 'test' };
    default:
      return { type: word, ...STREAM };
  }
}

describe('a stream', () => {
  test('opens its gate when it is synced, and closes it when it is not', () => {
    expect(told('stream.connected', 'stream.synced', 'stream.disconnected', 'stream.connected'))
      .toMatchInlineSnapshot(`
        "
        -             stream.connected     → syncing
        syncing       stream.synced        → healthy       gate.opened
        healthy       stream.disconnected  → connecting    gate.closed
        connecting    stream.connected     → syncing
        "
      `);
  });

  test('recovers from stale, gap and cross, each by its own opposite only', () => {
    expect(
      told(
        ...(['stream.connected', 'stream.synced', 'stream.stale', 'stream.uncrossed'] as const),
        ...(['stream.fresh', 'stream.gapped', 'stream.fresh', 'stream.synced'] as const),
        10_000,
        ...(['stream.crossed', 'stream.synced', 'stream.uncrossed'] as const),
      ),
    ).toMatchInlineSnapshot(`
      "
      -             stream.connected     → syncing
      syncing       stream.synced        → healthy       gate.opened
      healthy       stream.stale         → stale.plain   gate.closed
      stale.plain   stream.uncrossed     → stale.plain
      stale.plain   stream.fresh         → healthy       gate.opened
      healthy       stream.gapped        → gapped        gate.closed
      gapped        stream.fresh         → gapped
      gapped        stream.synced        → healthy       gate.opened
      healthy       stream.crossed       → crossed       gate.closed
      crossed       stream.synced        → crossed
      crossed       stream.uncrossed     → healthy       gate.opened
      "
    `);
  });

  test('that is crossed and stale is healthy only when it is neither', () => {
    expect(
      told(
        ...(['stream.connected', 'stream.synced', 'stream.crossed', 'stream.stale'] as const),
        ...(['stream.fresh', 'stream.uncrossed', 'stream.stale', 'stream.crossed'] as const),
        ...(['stream.uncrossed', 'stream.fresh'] as const),
      ),
    ).toMatchInlineSnapshot(`
      "
      -             stream.connected     → syncing
      syncing       stream.synced        → healthy       gate.opened
      healthy       stream.crossed       → crossed       gate.closed
      crossed       stream.stale         → stale.crossed
      stale.crossed stream.fresh         → crossed
      crossed       stream.uncrossed     → healthy       gate.opened
      healthy       stream.stale         → stale.plain   gate.closed
      stale.plain   stream.crossed       → stale.crossed
      stale.crossed stream.uncrossed     → stale.plain
      stale.plain   stream.fresh         → healthy       gate.opened
      "
    `);
  });

  test('that falls three times within the window is held back, and heard again after', () => {
    const falls = ['stream.stale', 'stream.fresh', 'stream.stale', 'stream.fresh'] as const;
    expect(
      told('stream.connected', 'stream.synced', ...falls, 'stream.stale', 'stream.fresh', 5000),
    ).toMatchInlineSnapshot(`
      "
      -             stream.connected     → syncing
      syncing       stream.synced        → healthy       gate.opened
      healthy       stream.stale         → stale.plain   gate.closed
      stale.plain   stream.fresh         → healthy       gate.opened
      healthy       stream.stale         → stale.plain   gate.closed
      stale.plain   stream.fresh         → healthy       gate.opened
      healthy       stream.stale         → stale.plain   gate.closed
      stale.plain   stream.fresh         → flapping      timer hold 5000
      flapping      timer hold           → healthy       gate.opened
      "
    `);
  });

  test('that falls while it is held back is not let through by the end of the hold', () => {
    const falls = ['stream.stale', 'stream.fresh', 'stream.stale', 'stream.fresh'] as const;
    expect(
      told(
        ...(['stream.connected', 'stream.synced', ...falls, 'stream.stale'] as const),
        ...(['stream.fresh', 'stream.gapped'] as const),
        5000,
      )
        .split('\n')
        .slice(-4),
    ).toMatchInlineSnapshot(`
      [
        "stale.plain   stream.fresh         → flapping      timer hold 5000",
        "flapping      stream.gapped        → gapped",
        "gapped        timer hold           → gapped",
        "",
      ]
    `);
  });

  test('with a clock too far off waits for the clock, and for the data if that fell too', () => {
    expect(
      told(
        ...(['stream.connected', 'stream.synced'] as const),
        ['stream.clock', 300],
        ['stream.clock', 10],
        ['stream.clock', -231],
        'stream.gapped',
        ['stream.clock', 10],
        'stream.synced',
      ),
    ).toMatchInlineSnapshot(`
      "
      -             stream.connected     → syncing
      syncing       stream.synced        → healthy       gate.opened
      healthy       stream.clock         → skewed.fit    gate.closed
      skewed.fit    stream.clock         → healthy       gate.opened
      healthy       stream.clock         → skewed.fit    gate.closed
      skewed.fit    stream.gapped        → skewed.unfit
      skewed.unfit  stream.clock         → syncing
      syncing       stream.synced        → healthy       gate.opened
      "
    `);
  });

  test('does not forget it over a lost connection', () => {
    expect(
      told(
        ...(['stream.connected', 'stream.synced'] as const),
        ['stream.clock', 300],
        ...(['stream.disconnected', 'stream.connected', 'stream.synced'] as const),
        ['stream.clock', 10],
      ),
    ).toMatchInlineSnapshot(`
      "
      -             stream.connected     → syncing
      syncing       stream.synced        → healthy       gate.opened
      healthy       stream.clock         → skewed.fit    gate.closed
      skewed.fit    stream.disconnected  → connecting
      connecting    stream.connected     → syncing
      syncing       stream.synced        → skewed.fit
      skewed.fit    stream.clock         → healthy       gate.opened
      "
    `);
  });

  test('comes back from a clock too far off as fit as its data became meanwhile', () => {
    expect(
      told(
        ...(['stream.connected'] as const),
        ['stream.clock', 300],
        'stream.synced',
        'stream.stale',
        'stream.fresh',
        ['stream.clock', 10],
      ),
    ).toMatchInlineSnapshot(`
      "
      -             stream.connected     → syncing
      syncing       stream.clock         → skewed.unfit
      skewed.unfit  stream.synced        → skewed.fit
      skewed.fit    stream.stale         → skewed.unfit
      skewed.unfit  stream.fresh         → skewed.fit
      skewed.fit    stream.clock         → healthy       gate.opened
      "
    `);
  });
});
