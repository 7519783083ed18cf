// I1: nothing leaves for a venue before the record that asks for it is safe on the disk, and it
// leaves as recorded. I2: an order is placed once, over all restarts, whatever became of it.
import type { RunEvidence, SentMessage, Violation } from '../evidence.ts';
import { textAt } from './json.ts';
import type { ReadRecord } from './journal-reading.ts';
import { shown } from './journal-reading.ts';
import type { Placement, Run } from './run-reading.ts';

const KIND_OF_EFFECT: Readonly<Record<string, SentMessage['kind']>> = {
  'order.place': 'place',
  'order.cancel': 'cancel',
  'order.query': 'query',
  'account.ask': 'account',
  'activity.ask': 'activity',
};

export const checkIntents = (run: Run): readonly Violation[] => [
  ...effectsWithoutIntent(run),
  ...ordersChangedOnTheWay(run),
  ...ordersThatWereNeverSent(run.evidence),
  ...placementsTwice(run),
];

/** The k-th message of a kind about a thing needs k safe records that ask for it. */
function effectsWithoutIntent({ evidence, records }: Run): readonly Violation[] {
  const intents = new Map<string, ReadRecord[]>();
  for (const record of records) {
    for (const effect of record.effects) {
      const kind = KIND_OF_EFFECT[textAt(effect, 'type')];
      if (kind === undefined) continue;
      const venueId = textAt(effect, 'order', 'venueId') || textAt(effect, 'venueId');
      const key = keyOf(kind, venueId, textAt(effect, 'order', 'clientOrderId'));
      intents.set(key, [...(intents.get(key) ?? []), record]);
    }
  }
  const used = new Map<string, number>();
  return evidence.sent.flatMap((message) => {
    const key = keyOf(message.kind, message.venueId, message.clientOrderId);
    const index = used.get(key) ?? 0;
    used.set(key, index + 1);
    // A second placement is I2's to judge: there is no second intent to look for.
    const intent = (intents.get(key) ?? [])[message.kind === 'place' ? 0 : index];
    return judged(message, intent);
  });
}

function judged(message: SentMessage, intent: ReadRecord | undefined): readonly Violation[] {
  const about = `${message.kind} ${message.clientOrderId} to ${message.venueId}`;
  const violation = (text: string): Violation => ({
    invariant: 'I1',
    atMs: message.atMs,
    text,
    evidence: [JSON.stringify(message), ...(intent === undefined ? [] : [shown(intent)])],
  });
  if (intent === undefined) return [violation(`${about} left and no record asks for it`)];
  if (intent.durableAtMs === null) {
    return [violation(`${about} left and its record was never safe on the disk`)];
  }
  const earlyMs = intent.durableAtMs - message.atMs;
  return earlyMs <= 0
    ? []
    : [violation(`${about} left ${earlyMs} ms before its record was safe on the disk`)];
}

const keyOf = (kind: string, venueId: string, clientOrderId: string): string =>
  `${kind} ${venueId} ${clientOrderId}`;

function ordersChangedOnTheWay({ evidence, placementOf }: Run): readonly Violation[] {
  return evidence.sent.flatMap((message): readonly Violation[] => {
    const intent = placementOf.get(message.clientOrderId);
    if (message.kind !== 'place' || intent === undefined) return [];
    if (termsOf(message) === termsOf(intent)) return [];
    return [
      {
        invariant: 'I1',
        atMs: message.atMs,
        text:
          `order ${message.clientOrderId} left as ${termsOf(message)} ` +
          `and was recorded as ${termsOf(intent)}`,
        evidence: [JSON.stringify(message), shown(intent.record)],
      },
    ];
  });
}

const termsOf = (order: SentMessage | Placement): string =>
  `${order.side} ${order.qty} ${order.instrumentId} at ${order.limitPrice}` +
  (order.reduceOnly ? ', reducing only' : '');

/** The venue's own log and the wire must tell the same story. */
function ordersThatWereNeverSent({ venues, sent }: RunEvidence): readonly Violation[] {
  const placed = new Set(sent.filter(isPlacement).map(({ clientOrderId }) => clientOrderId));
  return venues.flatMap(({ venueId, requests }) =>
    requests
      .filter((request) => isPlacement(request) && request.life > 0)
      .filter(({ clientOrderId }) => !placed.has(clientOrderId))
      .map((request) => ({
        invariant: 'I1',
        atMs: request.atMs,
        text: `${venueId} got order ${request.clientOrderId} that the wire never carried`,
        evidence: [JSON.stringify(request)],
      })),
  );
}

const isPlacement = ({ kind }: { readonly kind: string }): boolean => kind === 'place';

function placementsTwice({ evidence, placements }: Run): readonly Violation[] {
  const accepted = evidence.venues.flatMap(({ orders }) =>
    orders.filter(({ isForeign }) => !isForeign),
  );
  return [
    ...repeated(evidence.sent.filter(isPlacement), 'was sent', ({ atMs }) => atMs),
    ...repeated(accepted, 'was taken by the venue', ({ acceptedAtMs }) => acceptedAtMs),
    ...repeated(placements, 'was asked for by the journal', ({ record }) => record.atMs),
  ];
}

function repeated<T extends { readonly clientOrderId: string }>(
  items: readonly T[],
  what: string,
  atMsOf: (item: T) => number,
): readonly Violation[] {
  const seen = new Set<string>();
  return items.flatMap((item): readonly Violation[] => {
    const { clientOrderId } = item;
    if (!seen.has(clientOrderId)) {
      seen.add(clientOrderId);
      return [];
    }
    const text = `order ${clientOrderId} ${what} a second time`;
    const evidence = items
      .filter((other) => other.clientOrderId === clientOrderId)
      .map((other) => JSON.stringify(other).slice(0, 300));
    return [{ invariant: 'I2', atMs: atMsOf(item), text, evidence }];
  });
}
