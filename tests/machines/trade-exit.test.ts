// The ways out, rung by rung: closing in good order, PANIC, and what comes after CLOSED.
import { describe, expect, test } from 'vitest';
import { Story } from './story.ts';

const closing = (): Story => {
  const story = Story.open();
  story.signalExit();
  return story;
};
const closed = (): Story => {
  const story = closing();
  story.quote('a', ['10020', '10021']);
  story.quote('b', ['10030', '10031']);
  story.fillWhole('a');
  story.fillWhole('b');
  return story;
};
/** Only what came after the trade was open. */
const afterOpen = (story: Story): string =>
  `\n${story.ladder.slice(story.ladder.indexOf('\nOPEN ') + 1)}`;

describe('closing in good order', () => {
  test('goes on without a quote, at the last fill price and the widest bound', () => {
    const story = closing();
    story.quote('a', null);
    story.quote('b', null);
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.leaving  timer exit 5000 · ask a · ask b
      CLOSING.leaving  quote a none       → CLOSING.leaving  a close sell 1 @9709.7
      CLOSING.leaving  quote b none       → CLOSING.leaving  b close buy 1 @10341.2
      "
    `);
  });

  test('chases what fell short, a step further each time, then panics', () => {
    const story = closing();
    for (const [bid, ask] of [
      ['10020', '10021'],
      ['10010', '10011'],
      ['10000', '10001'],
    ] as const) {
      story.quote('a', [bid, ask]);
      story.quote('b', [bid, ask]);
      story.end('a', 'cancelled', '0');
      story.end('b', 'cancelled', '0');
    }
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.leaving  timer exit 5000 · ask a · ask b
      CLOSING.leaving  quote a            → CLOSING.leaving  a close sell 1 @10010
      CLOSING.leaving  quote b            → CLOSING.leaving  b close buy 1 @10031
      CLOSING.leaving  a cancelled 0      → CLOSING.leaving
      CLOSING.leaving  b cancelled 0      → CLOSING.leaving  ask a · ask b
      CLOSING.leaving  quote a            → CLOSING.leaving  a close sell 1 @9990
      CLOSING.leaving  quote b            → CLOSING.leaving  b close buy 1 @10031
      CLOSING.leaving  a cancelled 0      → CLOSING.leaving
      CLOSING.leaving  b cancelled 0      → CLOSING.leaving  ask a · ask b
      CLOSING.leaving  quote a            → CLOSING.leaving  a close sell 1 @9970
      CLOSING.leaving  quote b            → CLOSING.leaving  b close buy 1 @10031
      CLOSING.leaving  a cancelled 0      → CLOSING.leaving
      CLOSING.leaving  b cancelled 0      → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
                                            ask a · ask b
      "
    `);
  });

  test('chases the leg that lags while the other is home', () => {
    const story = closing();
    story.quote('a', ['10020', '10021']);
    story.quote('b', ['10020', '10021']);
    story.fillWhole('a');
    story.fill('b', '0.3');
    story.end('b', 'cancelled', '0.3');
    story.quote('b', ['10020', '10021']);
    story.fillWhole('b');
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.leaving  timer exit 5000 · ask a · ask b
      CLOSING.leaving  quote a            → CLOSING.leaving  a close sell 1 @10010
      CLOSING.leaving  quote b            → CLOSING.leaving  b close buy 1 @10031
      CLOSING.leaving  a filled 1         → CLOSING.uneven  timer orphan 450
      CLOSING.uneven   b filled 0.3       → CLOSING.uneven
      CLOSING.uneven   b cancelled 0.3    → CLOSING.chasing  ask b · timer orphan 448
      CLOSING.chasing  quote b            → CLOSING.chasing  b close buy 0.7 @10041
      CLOSING.chasing  b filled 0.7       → CLOSED  timer late 30000
      "
    `);
  });

  test('panics when one leg is home and the other stays for too long', () => {
    const story = closing();
    story.quote('a', ['10020', '10021']);
    story.quote('b', ['10020', '10021']);
    story.fillWhole('a');
    story.accept('b');
    story.wait(450);
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.leaving  timer exit 5000 · ask a · ask b
      CLOSING.leaving  quote a            → CLOSING.leaving  a close sell 1 @10010
      CLOSING.leaving  quote b            → CLOSING.leaving  b close buy 1 @10031
      CLOSING.leaving  a filled 1         → CLOSING.uneven  timer orphan 450
      CLOSING.uneven   timer t1.b ack     → CLOSING.uneven  query b
      CLOSING.uneven   timer orphan       → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
      "
    `);
  });

  test('panics when it takes too long, though the legs still cover each other', () => {
    const story = closing();
    story.wait(5000);
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN             exit.signalled     → CLOSING.leaving  timer exit 5000 · ask a · ask b
      CLOSING.leaving  timer exit         → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
                                            ask a · ask b
      "
    `);
  });

  test('is also what an unwind does, and the end of the holding time', () => {
    const unwound = Story.open();
    unwound.tell({ type: 'operator.stop', reason: 'maintenance' });
    expect(afterOpen(unwound)).toMatchInlineSnapshot(`
      "
      OPEN             operator.stop      → CLOSING.leaving  timer exit 5000 · ask a · ask b
      "
    `);
    const held = Story.open();
    held.wait(8 * 3_600_000);
    expect(afterOpen(held)).toContain('timer hold         → CLOSING.leaving');
  });
});

describe('PANIC', () => {
  const panicked = (): Story => {
    const story = Story.opening();
    story.fillWhole('a');
    story.accept('b');
    story.wait(400);
    return story;
  };
  const inPanic = (story: Story): string =>
    `\n${story.ladder.slice(story.ladder.indexOf('\nPANIC') + 1)}`;

  test('gives way further each time, and calls a person when it does not end', () => {
    const story = panicked();
    story.end('b', 'cancelled', '0');
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      story.quote('a', ['10000', '10001']);
      story.end('a', 'cancelled', '0');
      story.wait(200);
    }
    expect(inPanic(story)).toMatchInlineSnapshot(`
      "
      PANIC.flattening  b cancelled 0      → PANIC.flattening
      PANIC.flattening  quote a            → PANIC.flattening  a close sell 1 @9950
      PANIC.flattening  a cancelled 0      → PANIC.waiting  timer retry 200
      PANIC.waiting     timer retry        → PANIC.flattening  ask a
      PANIC.flattening  quote a            → PANIC.flattening  a close sell 1 @9900
      PANIC.flattening  a cancelled 0      → PANIC.waiting  timer retry 200
      PANIC.waiting     timer retry        → PANIC.flattening  ask a
      PANIC.flattening  quote a            → PANIC.flattening  a close sell 1 @9800
      PANIC.flattening  a cancelled 0      → PANIC.waiting  timer retry 200
      PANIC.waiting     timer retry        → PANIC.flattening  ask a
      PANIC.flattening  quote a            → PANIC.flattening  a close sell 1 @9700
      PANIC.flattening  a cancelled 0      → PANIC.waiting  timer retry 200
      PANIC.waiting     timer retry        → PANIC.flattening  ask a
      PANIC.flattening  quote a            → PANIC.flattening  a close sell 1 @9700
      PANIC.flattening  a cancelled 0      → PANIC.waiting  timer retry 200
      PANIC.waiting     timer call         → PANIC.waiting  alert STRANDED_LEG · timer call 1000
      PANIC.waiting     timer retry        → PANIC.flattening  ask a
      "
    `);
  });

  test('goes on without a quote in every attempt', () => {
    const story = panicked();
    story.end('b', 'cancelled', '0');
    story.quote('a', null);
    story.end('a', 'cancelled', '0');
    story.wait(200);
    story.quote('a', null);
    story.fillWhole('a');
    expect(inPanic(story)).toMatchInlineSnapshot(`
      "
      PANIC.flattening  b cancelled 0      → PANIC.flattening
      PANIC.flattening  quote a none       → PANIC.flattening  a close sell 1 @9709.7
      PANIC.flattening  a cancelled 0      → PANIC.waiting  timer retry 200
      PANIC.waiting     timer retry        → PANIC.flattening  ask a
      PANIC.flattening  quote a none       → PANIC.flattening  a close sell 1 @9709.7
      PANIC.flattening  a filled 1         → CLOSED  timer late 30000
      "
    `);
  });

  test('does not forget an unknown leg: when it turns out filled, that goes too', () => {
    const story = panicked();
    const unknown = story.order('b');
    story.quote('a', ['10000', '10001']);
    story.fillWhole('a');
    story.answer('b', { kind: 'ended', end: 'filled', fills: [story.fillOf(unknown, '1')] });
    story.wait(200);
    story.quote('b', ['10000', '10001']);
    story.fillWhole('b');
    expect(inPanic(story)).toMatchInlineSnapshot(`
      "
      PANIC.flattening  quote a            → PANIC.flattening  a close sell 1 @9950
      PANIC.flattening  a filled 1         → PANIC.flattening
      PANIC.flattening  b is ended         → PANIC.waiting  timer retry 200
      PANIC.waiting     timer retry        → PANIC.flattening  ask b
      PANIC.flattening  quote b            → PANIC.flattening  b close buy 1 @10101
      PANIC.flattening  b filled 1         → CLOSED  timer late 30000
      "
    `);
  });

  test('takes an answer that comes while another leg already waits for its next attempt', () => {
    const story = Story.opening();
    story.fill('a', '0.5');
    story.fill('b', '1');
    story.tell({ type: 'operator.kill', reason: 'drill' });
    story.end('a', 'cancelled', '0.5');
    story.quote('b', ['10000', '10001']);
    story.fillWhole('b');
    story.wait(200);
    story.quote('a', ['10000', '10001']);
    story.fillWhole('a');
    expect(inPanic(story)).toMatchInlineSnapshot(`
      "
      PANIC.flattening  a cancelled 0.5    → PANIC.waiting  timer retry 200
      PANIC.waiting     quote b            → PANIC.waiting  b close buy 1 @10051
      PANIC.waiting     b filled 1         → PANIC.waiting
      PANIC.waiting     timer retry        → PANIC.flattening  ask a
      PANIC.flattening  quote a            → PANIC.flattening  a close sell 0.5 @9900
      PANIC.flattening  a filled 0.5       → CLOSED  timer late 30000
      "
    `);
  });

  test('closes the other leg when the venue liquidates one, and counts the loss once', () => {
    const story = Story.open();
    const seen = story.fillOf(story.order('a'), '1');
    const fill = { ...seen, side: 'sell' as const, clientOrderId: 'autoclose-1' as never };
    story.tell({ type: 'position.liquidated', fill });
    story.tell({ type: 'position.liquidated', fill });
    story.quote('b', ['10000', '10001']);
    story.fillWhole('b');
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN              position.liquidated  → PANIC.flattening  timer call 1000
                                               alert TRADE_PANIC · ask b
      PANIC.flattening  position.liquidated  → PANIC.flattening
      PANIC.flattening  quote b              → PANIC.flattening  b close buy 1 @10051
      PANIC.flattening  b filled 1           → CLOSED  timer late 30000
      "
    `);
    expect(story.alerts).toEqual(['TRADE_PANIC']);
  });

  test('sends nothing for a leg that a liquidation emptied before the quote came', () => {
    const story = closing();
    const seen = story.fillOf(story.order('a'), '1');
    const fill = { ...seen, side: 'sell' as const, clientOrderId: 'autoclose-1' as never };
    story.tell({ type: 'position.liquidated', fill });
    story.quote('b', ['10000', '10001']);
    story.fillWhole('b');
    story.quote('a', ['10000', '10001']);
    expect(story.placed.filter(({ legId }) => legId === 'a')).toHaveLength(1);
    expect(story.kernel.trade('t1')?.legs).toMatchObject({ a: { positionQty: '0' } });
    expect(afterOpen(story)).toMatchInlineSnapshot(`
      "
      OPEN              exit.signalled       → CLOSING.leaving  timer exit 5000 · ask a · ask b
      CLOSING.leaving   position.liquidated  → PANIC.flattening  timer call 1000
                                               alert TRADE_PANIC · ask b
      PANIC.flattening  quote b              → PANIC.flattening  b close buy 1 @10051
      PANIC.flattening  b filled 1           → CLOSED  timer late 30000
      CLOSED            quote a              → CLOSED
      "
    `);
  });
});

describe('after CLOSED', () => {
  const afterClose = (story: Story): string =>
    `\n${story.ladder.slice(story.ladder.indexOf('\nCLOSED') + 1)}`;

  test('a late fill opens the trade again, and it goes home again', () => {
    const story = Story.opening();
    const late = story.order('a');
    story.reject('a');
    story.reject('b');
    story.fill('a', '1', late);
    expect(scannerHolds(story)).toEqual(['t1']);
    story.quote('a', ['10000', '10001']);
    story.fillWhole('a');
    expect(scannerHolds(story)).toEqual([]);
    expect(afterClose(story)).toMatchInlineSnapshot(`
      "
      CLOSED            a filled 1         → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
                                             ask a
      PANIC.flattening  quote a            → PANIC.flattening  a close sell 1 @9950
      PANIC.flattening  a filled 1         → CLOSED  timer late 30000
      "
    `);
  });

  test('a kill is nothing to a trade that is flat', () => {
    const story = closed();
    const before = story.ladder;
    story.tell({ type: 'operator.kill', reason: 'drill' });
    expect(story.ladder).toBe(before);
  });

  test('the trade is forgotten when no fill can come any more, and its actors are let go', () => {
    const story = closed();
    story.wait(30_000);
    expect(story.kernel.trade('t1')).toBeUndefined();
    const machines = JSON.stringify(story.kernel.snapshot().machines);
    expect(machines).not.toContain('"t1.a"');
    const late = story.fillOf(story.order('a'), '1');
    const record = story.tell({ type: 'order.filled', fill: late });
    expect(record.transitions[0]).toEqual({
      actor: 't1.a',
      from: '-',
      event: 'order.filled',
      to: '-',
      changed: {},
    });
  });

  test('the instruments cool down before the next trade', () => {
    const story = closed();
    story.propose(story.trade.plan);
    const last = story.records.at(-1)?.transitions.find(({ actor }) => actor === 'scanner');
    expect(last?.changed).toMatchObject({
      lastRefusal: { gate: 'cooldown', found: '59999', limit: '0', unit: 'ms' },
    });
  });
});

function scannerHolds(story: Story): readonly string[] {
  const changed = story.records
    .flatMap(({ transitions }) => transitions)
    .findLast(({ actor, changed: keys }) => actor === 'scanner' && 'openTrades' in keys)?.changed;
  return Object.keys(changed?.['openTrades'] ?? {});
}
