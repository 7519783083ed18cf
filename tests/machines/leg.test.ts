// One order at a time, rung by rung: what each word of a venue means to a leg, in whatever order it comes.
import { describe, expect, test } from 'vitest';
import { LegStage } from './leg-stage.ts';

describe('an order that the venue answers', () => {
  test('is sent, accepted, filled in parts and ends whole', () => {
    const stage = new LegStage().submit().accepted().filled('f1', '0.4').filled('f2', '0.6');
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.accepted → working
      working   order.filled   → partial   tells leg.filled 0.4
      partial   order.filled   → filled    tells leg.filled 0.6 · tells leg.ended
      "
    `);
  });

  test('ends with a part, and the next order has the next number', () => {
    const stage = new LegStage().submit().filled('f1', '0.4').ended('cancelled', '0.4').submit();
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.filled   → partial   tells leg.filled 0.4
      partial   order.ended    → cancelled tells leg.ended
      cancelled leg.submit     → sent      place #2 · timer ack 300
      "
    `);
  });

  test('is rejected with the code of the venue', () => {
    expect(new LegStage().submit().rejected().ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.rejected → rejected  tells leg.ended venue.price-band
      "
    `);
  });
});

describe('a fill counts once', () => {
  test('when it comes before the acknowledgement', () => {
    const stage = new LegStage().submit().filled('f1', '1').accepted();
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.filled   → filled    tells leg.filled 1 · tells leg.ended
      filled    order.accepted → filled
      "
    `);
  });

  test('when it comes after the cancel', () => {
    const stage = new LegStage().submit().ended('cancelled', '0').filled('f1', '1');
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.ended    → cancelled tells leg.ended
      cancelled order.filled   → cancelled tells leg.filled 1
      "
    `);
  });

  test('when it is told twice, and once more by an answer', () => {
    const stage = new LegStage().submit().filled('f1', '0.4').filled('f1', '0.4').unknown();
    stage.answered({
      kind: 'ended',
      end: 'cancelled',
      fills: [stage.fill('f1', '0.4'), stage.fill('f2', '0.1'), stage.fill('f2', '0.1')],
    });
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.filled   → partial   tells leg.filled 0.4
      partial   order.filled   → partial
      partial   order.unknown  → unknown   query #1 · timer query 250 · tells leg.unknown
      unknown   order.answered → cancelled tells leg.filled 0.1 · tells leg.ended
      "
    `);
  });

  test('when it belongs to an earlier order: the current one does not count it as its own', () => {
    const stage = new LegStage().submit().ended('cancelled', '0').submit().filled('f1', '1', 1);
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.ended    → cancelled tells leg.ended
      cancelled leg.submit     → sent      place #2 · timer ack 300
      sent      order.filled   → partial   tells leg.filled 1
      "
    `);
  });

  test('when an answer brings it after the end', () => {
    const stage = new LegStage().submit().ended('cancelled', '0');
    stage.answered({ kind: 'ended', end: 'cancelled', fills: [stage.fill('f1', '0.2')] });
    stage.answered({ kind: 'ended', end: 'cancelled', fills: [stage.fill('f1', '0.2')] });
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.ended    → cancelled tells leg.ended
      cancelled order.answered → cancelled tells leg.filled 0.2
      cancelled order.answered → cancelled
      "
    `);
  });
});

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

test('words about an earlier order do not move the current one', () => {
  const stage = new LegStage().submit().rejected().submit();
  stage.rejected(1).unknown(1).ended('cancelled', '0', 1).answered({ kind: 'absent' }, 1);
  expect(stage.ladder).toMatchInlineSnapshot(`
    "
    idle      leg.submit     → sent      place #1 · timer ack 300
    sent      order.rejected → rejected  tells leg.ended venue.price-band
    rejected  leg.submit     → sent      place #2 · timer ack 300
    sent      order.rejected → sent
    sent      order.unknown  → sent
    sent      order.ended    → sent
    sent      order.answered → sent
    "
  `);
});

test('a second order is not taken while one is out', () => {
  const stage = new LegStage().submit().submit();
  expect(stage.ladder).toMatchInlineSnapshot(`
    "
    idle      leg.submit     → sent      place #1 · timer ack 300
    sent      leg.submit     → sent
    "
  `);
});
