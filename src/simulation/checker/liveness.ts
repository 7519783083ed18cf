// I9 and I15: after a start and after the last fault the engine comes to rest: no order whose fate
// it does not know, none left open, no leg alone, no trade stuck half-way, and able to trade again
// unless an operator or a contradiction forbids it.
import type { Violation } from '../evidence.ts';
import { ActorView, finalView, isLeg, isTrade } from './actor-view.ts';
import { exact, product, size, toText } from './exact.ts';
import { heldAt } from './conservation.ts';
import { numberAt, textAt } from './json.ts';
import { wantedState } from './last-word.ts';
import { excuses, trueMoves } from './exposure.ts';
import { isQuietEnd } from './run-reading.ts';
import type { Run } from './run-reading.ts';
import { lengthMs, without } from './windows.ts';

const SAFE_WITHIN_MS = 5_000;
/** Faults that may keep an answer from a starting engine; it needs no prices to be safe. */
const HOLDS_UP_WORDS = /^(request|answer|ack|line|all-venues|ban|account|denies|fill-late|kill)/;
const AT_REST: readonly string[] = ['-', 'OPEN', 'CLOSED'];
const UNDER_WAY: readonly string[] = ['unknown', 'sent', 'working', 'partial'];
/** What an engine says that ends itself because its disk failed, and the fault that explains it. */
const DISK_FAILURES: Readonly<Record<string, string>> = {
  'failed: journal: disk full': 'disk-full',
  'failed: journal: sync failed': 'sync-error',
};

export const checkLiveness = (run: Run): readonly Violation[] => [
  ...unsafeStarts(run),
  ...failedLives(run),
  ...deadAtTheEnd(run),
  ...(isQuietEnd(run)
    ? [
        ...unfinished(run),
        ...aloneAtTheEnd(run),
        ...unable(run),
        ...unwatched(run),
        ...notHome(run),
      ]
    : []),
];

const fault = (
  invariant: string,
  atMs: number,
  text: string,
  evidence: readonly string[] = [],
): Violation => ({ invariant, atMs, text, evidence });

/** After the first 5 s of a life in which nothing is in the way, every fate is known. */
function unsafeStarts({ evidence, records }: Run): readonly Violation[] {
  const everywhere = evidence.venues.map(({ venueId }) => venueId);
  const words = evidence.faults.filter(({ kind }) => HOLDS_UP_WORDS.test(kind));
  const holes = [...excuses({ ...evidence, lives: [] }, everywhere), ...words];
  return evidence.lives.slice(1).flatMap(({ life, startedAtMs, endedAtMs }) => {
    const whole = { fromAtMs: startedAtMs, toAtMs: endedAtMs ?? evidence.endedAtMs };
    const clear = without(whole, holes).find((piece) => lengthMs(piece) > SAFE_WITHIN_MS);
    if (clear === undefined) return [];
    const dueAtMs = clear.fromAtMs + SAFE_WITHIN_MS;
    // What a power loss took from the journal of this life cannot tell when it was safe.
    if (!records.some((record) => record.life === life && record.atMs >= dueAtMs)) return [];
    const view = new ActorView();
    for (const record of records) if (record.atMs <= dueAtMs) view.follow(record);
    return [...unsafe(view)].map((what) =>
      fault('I9', dueAtMs, `life ${life}, ${SAFE_WITHIN_MS} ms with nothing in its way: ${what}`),
    );
  });
}

/** A restart hides a crash from all other checks: no engine ends itself while its disk is well. */
function failedLives({ evidence: { lives, faults } }: Run): readonly Violation[] {
  return lives.flatMap(({ life, cause, startedAtMs, endedAtMs }) => {
    if (endedAtMs === null || !cause.startsWith('failed')) return [];
    const isExplained = faults.some(
      ({ kind, fromAtMs, toAtMs }) =>
        kind === DISK_FAILURES[cause] && fromAtMs <= endedAtMs && startedAtMs <= toAtMs,
    );
    if (isExplained) return [];
    return [fault('I15', endedAtMs, `life ${life} ended by itself: ${cause}`)];
  });
}

/** Something starts the engine again whenever it dies; one that cannot live is no engine. */
function deadAtTheEnd({ evidence, records }: Run): readonly Violation[] {
  const { lives, endedAtMs, healedAtMs } = evidence;
  const last = lives.at(-1);
  const isStopped = records.some(({ inputType }) => inputType === 'operator.stop');
  const isOver = endedAtMs - healedAtMs >= 60_000;
  if (!isOver || isStopped || last === undefined) return [];
  if (lives.some((life) => life.endedAtMs === null)) return [];
  const text = `no engine runs at the end; life ${last.life} ended because it was ${last.cause}`;
  return [fault('I15', endedAtMs, text)];
}

function* unsafe(view: ActorView): Iterable<string> {
  for (const actor of view.keys()) {
    const state = view.state(actor);
    if (isLeg(actor) && state === 'unknown') {
      yield `${actor} does not know the fate of ${orderOf(view, actor)}`;
    }
    if (actor.endsWith('/engine') && state === 'reconciling') yield `${actor} still reconciles`;
  }
}

const orderOf = (view: ActorView, leg: string): string =>
  textAt(view.value(leg, 'order'), 'clientOrderId');

function unfinished({ evidence, records }: Run): readonly Violation[] {
  const view = finalView(records);
  const atMs = evidence.endedAtMs;
  const legs = view
    .keys()
    .filter((actor) => isLeg(actor) && UNDER_WAY.includes(view.state(actor)))
    .map((leg) =>
      fault('I15', atMs, `${leg} is ${view.state(leg)} with ${orderOf(view, leg)} at the end`),
    );
  const trades = view
    .keys()
    .filter((actor) => isTrade(actor) && !AT_REST.includes(view.state(actor)))
    .map((trade) => fault('I15', atMs, `${trade} is ${view.state(trade)} at the end`));
  const orders = evidence.venues.flatMap((venue) =>
    venue.orders
      .filter(({ isForeign, fate }) => !isForeign && fate === 'open')
      .map((order) =>
        fault('I15', atMs, `order ${order.clientOrderId} is left open at ${venue.venueId}`, [
          JSON.stringify(order),
        ]),
      ),
  );
  // A leg or a trade may be in the middle of its work as long as that began just now.
  const begun = new Set(
    records
      .filter((record) => record.atMs > atMs - 2 * SAFE_WITHIN_MS)
      .flatMap(({ chain, transitions }) =>
        transitions
          .filter(({ from, to }) => from !== to && from !== 'unknown')
          .map(({ actor }) => `${chain}/${actor}`),
      ),
  );
  const isBegun = ({ text }: Violation): boolean => begun.has(text.slice(0, text.indexOf(' ')));
  return [...legs, ...trades, ...orders].filter((violation) => !isBegun(violation));
}

function aloneAtTheEnd(run: Run): readonly Violation[] {
  const { evidence } = run;
  const dust = exact(evidence.limits.orphanUsdMin);
  const held = new Map<string, { qty: bigint; price: bigint; atMs: number }>();
  for (const { tradeKey, qty, price, atMs } of trueMoves(run)) {
    const before = held.get(tradeKey)?.qty ?? 0n;
    held.set(tradeKey, { qty: before + qty, price, atMs });
  }
  return [...held].flatMap(([tradeKey, { qty, price, atMs }]) => {
    const isNew = atMs > evidence.endedAtMs - SAFE_WITHIN_MS;
    if (isNew || product(size(qty), price) <= dust) return [];
    const text = `${tradeKey} leaves ${toText(qty)} alone at the venues`;
    return [fault('I15', evidence.endedAtMs, text)];
  });
}

/** An engine is what its operator said last, or runs; and its eyes are open. */
function unable({ evidence, records }: Run): readonly Violation[] {
  const view = finalView(records);
  const chain = records.at(-1)?.chain;
  const wanted = wantedState(records.filter((record) => record.chain === chain));
  if (wanted === undefined || chain === undefined) return [];
  const state = view.state(`${chain}/engine`);
  const streams = view.keys().filter((actor) => actor.startsWith(`${chain}/stream:`));
  const closed = streams.filter((actor) => view.state(actor) !== 'healthy');
  const atMs = evidence.endedAtMs;
  return [
    ...(state === wanted ? [] : [fault('I15', atMs, `the engine is ${state}, not ${wanted}`)]),
    ...closed.map((actor) => fault('I15', atMs, `${actor} is ${view.state(actor)} at the end`)),
  ];
}

/** Whoever is told to stop brings everything home first, and then ends. */
function notHome({ evidence, records }: Run): readonly Violation[] {
  const { commands, lives, venues, healedAtMs, endedAtMs: atMs } = evidence;
  const isTold = commands.some((said) => said.type === 'operator.stop' && said.atMs >= healedAtMs);
  if (!isTold) return [];
  const state = finalView(records).state(`${records.at(-1)?.chain ?? ''}/engine`);
  const cause = lives.at(-1)?.cause;
  const isOver = cause === 'stopped' && state === 'stopped';
  const held = venues.flatMap((venue) =>
    venue.positions
      .filter(({ instrumentId }) => heldAt(venue, instrumentId) !== 0n)
      .map(({ instrumentId, qty }) => `${qty} of ${instrumentId} is left after a stop`),
  );
  return [
    ...(isOver ? [] : [fault('I15', atMs, `told to stop, the engine is ${state} at the end`)]),
    ...held.map((text) => fault('I15', atMs, text)),
  ];
}

/** Accounts are looked at for ever, as often as the limits say. */
function unwatched({ evidence, records }: Run): readonly Violation[] {
  const started = records.find(({ inputType }) => inputType === 'run.started');
  const everyMs = numberAt(started?.input, 'limits', 'accountEveryMs');
  const { endedAtMs, sent } = evidence;
  const isStopped = records.some(({ inputType }) => inputType === 'operator.stop');
  if (!Number.isFinite(everyMs) || isStopped) return [];
  return evidence.venues
    .filter(({ venueId }) => {
      const asked = sent.filter((each) => each.kind === 'account' && each.venueId === venueId);
      return endedAtMs - (asked.at(-1)?.atMs ?? -Infinity) > 3 * everyMs;
    })
    .map(({ venueId }) =>
      fault('I15', endedAtMs, `the account at ${venueId} was not asked for in ${3 * everyMs} ms`),
    );
}
