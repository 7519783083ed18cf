// An order of which nobody knows whether it arrived, rung by rung: only evidence ends that.
import { describe, expect, test } from 'vitest';
import { LegStage } from './leg-stage.ts';

describe('an order becomes unknown', () => {
  test('when the venue could not be heard', () => {
    expect(new LegStage().submit().unknown().ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.unknown  → unknown   query #1 · timer query 250 · tells leg.unknown
      "
    `);
  });

  test('when nothing is heard in time, before or after the acknowledgement', () => {
    const silent = new LegStage().submit().hear({ type: 'timer.ack' });
    const halfSilent = new LegStage().submit().accepted().hear({ type: 'timer.ack' });
    expect(silent.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      timer.ack      → unknown   query #1 · timer query 250 · tells leg.unknown
      "
    `);
    expect(halfSilent.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.accepted → working
      working   timer.ack      → unknown   query #1 · timer query 250 · tells leg.unknown
      "
    `);
  });

  test('when it ended with fills that we have not seen', () => {
    const stage = new LegStage().submit().ended('cancelled', '0.4').hear({ type: 'timer.query' });
    stage.answered({ kind: 'ended', end: 'cancelled', fills: [stage.fill('f1', '0.4')] });
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.ended    → unknown   query #1 · timer query 250 · tells leg.unknown
      unknown   timer.query    → unknown   query #1 · timer query 250
      unknown   order.answered → cancelled tells leg.filled 0.4 · tells leg.ended
      "
    `);
  });
});

describe('an order that ended with fills that we have not seen', () => {
  test('is over with the last of them, and is asked about no more', () => {
    const stage = new LegStage().submit().ended('expired', '0.4').filled('f1', '0.3');
    expect(stage.filled('f2', '0.1').ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.ended    → unknown   query #1 · timer query 250 · tells leg.unknown
      unknown   order.filled   → unknown   tells leg.filled 0.3
      unknown   order.filled   → cancelled tells leg.filled 0.1 · tells leg.ended
      "
    `);
  });
});

describe('an unknown order', () => {
  const unknown = (): LegStage => new LegStage().submit().unknown();

  test('that is found open is asked about again until it ends', () => {
    const stage = unknown();
    stage.answered({ kind: 'open', fills: [stage.fill('f1', '0.4')] });
    stage.hear({ type: 'timer.query' });
    stage.answered({ kind: 'ended', end: 'expired', fills: [stage.fill('f1', '0.4')] });
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.unknown  → unknown   query #1 · timer query 250 · tells leg.unknown
      unknown   order.answered → unknown   tells leg.filled 0.4
      unknown   timer.query    → unknown   query #1 · timer query 250
      unknown   order.answered → cancelled tells leg.filled · tells leg.ended
      "
    `);
  });

  test('that is found filled is filled by the fills, not by the word', () => {
    const stage = unknown();
    stage.answered({ kind: 'ended', end: 'filled', fills: [stage.fill('f1', '0.4')] });
    stage.hear({ type: 'timer.query' });
    const fills = [stage.fill('f1', '0.4'), stage.fill('f2', '0.6')];
    stage.answered({ kind: 'ended', end: 'filled', fills });
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.unknown  → unknown   query #1 · timer query 250 · tells leg.unknown
      unknown   order.answered → unknown   tells leg.filled 0.4
      unknown   timer.query    → unknown   query #1 · timer query 250
      unknown   order.answered → filled    tells leg.filled 0.6 · tells leg.ended
      "
    `);
  });

  test('that the venue does not know is not absent before the propagation window', () => {
    const stage = unknown();
    stage.answered({ kind: 'absent' }).wait(1996).answered({ kind: 'absent' });
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.unknown  → unknown   query #1 · timer query 250 · tells leg.unknown
      unknown   order.answered → unknown
      unknown   order.answered → unknown
      "
    `);
    expect(stage.answered({ kind: 'absent' }).ladder).toContain('tells leg.ended order.absent');
  });

  test('is settled by whatever else the venue says of it', () => {
    expect(unknown().accepted().ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.unknown  → unknown   query #1 · timer query 250 · tells leg.unknown
      unknown   order.accepted → working   timer ack 300
      "
    `);
    expect(unknown().rejected().ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.unknown  → unknown   query #1 · timer query 250 · tells leg.unknown
      unknown   order.rejected → rejected  tells leg.ended venue.price-band
      "
    `);
    expect(unknown().filled('f1', '1').ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.unknown  → unknown   query #1 · timer query 250 · tells leg.unknown
      unknown   order.filled   → filled    tells leg.filled 1 · tells leg.ended
      "
    `);
    expect(unknown().ended('cancelled', '0').ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.unknown  → unknown   query #1 · timer query 250 · tells leg.unknown
      unknown   order.ended    → cancelled tells leg.ended
      "
    `);
  });
});
