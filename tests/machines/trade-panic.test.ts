// PANIC, rung by rung: everything goes, at a price that gives way, until flat or a person is
// called.
import { describe, expect, test } from 'vitest';
import { Story } from './story.ts';

const closing = (): Story => {
  const story = Story.open();
  story.signalExit();
  return story;
};
/** Only what came after the trade was open. */
const afterOpen = (story: Story): string =>
  `\n${story.ladder.slice(story.ladder.indexOf('\nOPEN ') + 1)}`;

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
      PANIC.flattening  b is ended         → PANIC.flattening  ask b
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
      PANIC.flattening  a cancelled 0.5    → PANIC.flattening  ask a
      PANIC.flattening  quote b            → PANIC.flattening  b close buy 1 @10101
      PANIC.flattening  b filled 1         → PANIC.flattening
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
      OPEN              exit.signalled       → CLOSING.quoting  timer exit 5000 · ask a · ask b
      CLOSING.quoting   position.liquidated  → PANIC.flattening  timer call 1000
                                               alert TRADE_PANIC · ask b
      PANIC.flattening  quote b              → PANIC.flattening  b close buy 1 @10051
      PANIC.flattening  b filled 1           → CLOSED  timer late 30000
      CLOSED            quote a              → CLOSED
      "
    `);
  });
});
