// I4: no leg stands alone for longer than a second while the venue that holds it takes orders and
// the engine runs, by the venues' own executions; and what stands alone is noticed within the
// limit, by the engine's own words.
import type { Execution, RunEvidence, Violation, Window } from '../evidence.ts';
import { ActorView } from './actor-view.ts';
import { exact, product, signed, size, toText } from './exact.ts';
import { ownersOf } from './holdings.ts';
import { textAt } from './json.ts';
import type { ReadRecord } from './journal-reading.ts';
import { firstHeard } from './run-reading.ts';
import type { Placement, Run } from './run-reading.ts';
import { correctionChanges } from './corrections.ts';
import { lengthMs, within, without } from './windows.ts';
import { withheldLosses } from './withheld-losses.ts';

const UNHEDGED_MS_MAX = 1_000;
/** A started engine must be safe by then; what it found alone counts from there. */
const SAFE_WITHIN_MS = 5_000;
/** Faults of the machine that hold up everything that the engine does. */
const HOLDS_UP: readonly string[] = ['stall', 'disk-slow', 'disk-full', 'sync-error', 'clock-jump'];

/** What a book gave nothing of is asked for again after this. */
const PAUSE_MS = 600;

export interface AloneWindow extends Window {
  readonly tradeKey: string;
  /** Signed, what no other leg covers. */
  readonly delta: string;
  /** Where it is held. */
  readonly venueIds: readonly string[];
}

interface Move {
  readonly atMs: number;
  readonly tradeKey: string;
  readonly instrumentId: string;
  readonly qty: bigint;
  readonly price: bigint;
}

/** Nobody told the price of what was taken over from a report. */
type KnownMove = Omit<Move, 'price'> & { readonly price: bigint | null };

export const checkExposure = (run: Run): readonly Violation[] => [
  ...aloneTooLong(run),
  ...aloneUnnoticed(run),
  ...beyondPlan(run),
];

function aloneTooLong(run: Run): readonly Violation[] {
  const { evidence } = run;
  const owners = ownersOf(run);
  return aloneWindows(run, trueMoves(run), evidence.endedAtMs).flatMap((alone) => {
    const isOurs = ({ fillId }: Execution): boolean => owners.get(fillId) === alone.tradeKey;
    return without(alone, [
      ...excuses(evidence, alone.venueIds),
      ...untoldLosses(run, isOurs),
      ...withheldLosses(run, isOurs),
    ])
      .filter((piece) => lengthMs(piece) > UNHEDGED_MS_MAX)
      .slice(0, 1)
      .map((piece) => ({
        invariant: 'I4',
        atMs: piece.fromAtMs,
        text:
          `${alone.tradeKey} held ${alone.delta} alone at ${alone.venueIds.join(', ')} for ` +
          `${lengthMs(piece)} ms while orders were taken, limit ${UNHEDGED_MS_MAX} ms`,
        evidence: [JSON.stringify(alone), JSON.stringify(piece)],
      }));
  });
}

/** Nobody can know of what a venue took away before it can be asked. */
function untoldLosses(run: Run, isOurs: (loss: Execution) => boolean): readonly Window[] {
  const heard = firstHeard(run);
  const { venues, endedAtMs } = run.evidence;
  return venues.flatMap(({ executions, impaired }) =>
    executions
      .filter((fill) => fill.kind === 'liquidation' && isOurs(fill))
      .flatMap(({ fillId, filledAtMs }) => {
        const toAtMs = heard.get(fillId)?.record.atMs ?? endedAtMs;
        return within({ fromAtMs: filledAtMs, toAtMs }, impaired);
      }),
  );
}

/** When nothing could be done about it: the venues away, the engine dead, or its machine stuck. */
export function excuses(evidence: RunEvidence, venueIds: readonly string[]): readonly Window[] {
  const impaired = evidence.venues
    .filter(({ venueId }) => venueIds.includes(venueId))
    .flatMap((venue) => venue.impaired);
  const stuck = evidence.faults.filter(({ kind }) => HOLDS_UP.includes(kind));
  const thin = evidence.faults
    .filter(({ kind, venueId }) => kind === 'partial' && venueIds.includes(venueId ?? ''))
    .map(({ fromAtMs }) => ({ fromAtMs, toAtMs: fromAtMs + PAUSE_MS }));
  return [...impaired, ...stuck, ...thin, ...deadWindows(evidence)];
}

export const deadWindows = ({ lives, endedAtMs }: RunEvidence): readonly Window[] =>
  lives.flatMap((life, index) => {
    if (life.endedAtMs === null) return [];
    const next = lives.slice(index + 1).find(({ engineId }) => engineId === life.engineId);
    const toAtMs = next === undefined ? endedAtMs : next.startedAtMs + SAFE_WITHIN_MS;
    return [{ fromAtMs: life.endedAtMs, toAtMs }];
  });

/** What the venues executed for each trade. */
export const trueMoves = (run: Run): readonly Move[] =>
  movesOf(
    ownersOf(run),
    run.evidence.venues
      .flatMap(({ executions }) => executions.filter(({ kind }) => kind !== 'foreign'))
      .map((fill) => ({ ...fill, atMs: fill.filledAtMs }))
      .sort((left, right) => left.atMs - right.atMs),
  );

/** The same over the engine's words: from the first word of each fill, or of a venue's report. */
const heardMoves = (run: Run): readonly KnownMove[] => {
  const owners = ownersOf(run);
  const heard = [...firstHeard(run).values()].map((fill) => ({ ...fill, atMs: fill.record.atMs }));
  const corrected = correctionChanges(run, owners).map(
    ({ record, tradeKey, instrumentId, byQty }) => ({
      ...{ atMs: record.atMs, tradeKey, instrumentId, qty: byQty, price: null },
    }),
  );
  return [...movesOf(owners, heard), ...corrected].sort((left, right) => left.atMs - right.atMs);
};

type TimedFill = Pick<Execution, 'fillId' | 'instrumentId' | 'side' | 'qty' | 'price'> & {
  readonly atMs: number;
};

function movesOf(
  owners: ReadonlyMap<string, string>,
  fills: readonly TimedFill[],
): readonly Move[] {
  return fills.flatMap((fill) => {
    const tradeKey = owners.get(fill.fillId);
    if (tradeKey === undefined) return [];
    const { atMs, instrumentId, side, qty, price } = fill;
    return [{ atMs, tradeKey, instrumentId, qty: signed(side, qty), price: exact(price) }];
  });
}

function aloneWindows(
  { evidence }: Run,
  moves: readonly KnownMove[],
  endedAtMs: number,
): readonly AloneWindow[] {
  const dust = exact(evidence.limits.orphanUsdMin);
  return [...new Set(moves.map(({ tradeKey }) => tradeKey))].flatMap((tradeKey) => {
    const own = moves.filter((move) => move.tradeKey === tradeKey);
    const held = new Map<string, bigint>();
    const windows: AloneWindow[] = [];
    let open:
      { readonly fromAtMs: number; delta: bigint; readonly venues: Set<string> } | undefined;
    const close = (toAtMs: number): void => {
      if (open === undefined) return;
      const { fromAtMs, delta, venues } = open;
      windows.push({ tradeKey, fromAtMs, toAtMs, delta: toText(delta), venueIds: [...venues] });
      open = undefined;
    };
    let lastPrice = 0n;
    for (const { atMs, instrumentId, qty, price } of own) {
      lastPrice = price ?? lastPrice;
      held.set(instrumentId, (held.get(instrumentId) ?? 0n) + qty);
      const delta = [...held.values()].reduce((total, each) => total + each, 0n);
      const isAlone = product(size(delta), lastPrice) > dust;
      if (!isAlone) {
        close(atMs);
        continue;
      }
      open ??= { fromAtMs: atMs, delta, venues: new Set() };
      open.delta = delta;
      for (const [place, has] of held) if (has !== 0n) open.venues.add(venueOf(place));
    }
    close(endedAtMs);
    return windows;
  });
}

const venueOf = (instrumentId: string): string => instrumentId.slice(0, instrumentId.indexOf(':'));

/** A trade that has known a leg alone for the limit is in PANIC, or the leg is covered. */
function aloneUnnoticed(run: Run): readonly Violation[] {
  const { evidence, records } = run;
  const { orphanMsMax, watchEveryMs } = evidence.limits;
  return aloneWindows(run, heardMoves(run), evidence.endedAtMs).flatMap((alone) => {
    const holes = [...evidence.faults.filter(({ kind }) => HOLDS_UP.includes(kind))];
    const pieces = without(alone, [...holes, ...deadWindows(evidence)]);
    const late = pieces.find((piece) => lengthMs(piece) > orphanMsMax + watchEveryMs);
    if (late === undefined) return [];
    const dueAtMs = late.fromAtMs + orphanMsMax + watchEveryMs;
    // What a power loss took from the journal cannot tell what was noticed.
    const before = records.findLast(({ atMs }) => atMs <= dueAtMs);
    if (!records.some(({ life, atMs }) => life === before?.life && atMs >= dueAtMs)) return [];
    const state = stateAt(records, alone.tradeKey, dueAtMs);
    if (state.startsWith('PANIC')) return [];
    const text =
      `${alone.tradeKey} knew ${alone.delta} alone at ${alone.fromAtMs} and was ${state} ` +
      `${dueAtMs - late.fromAtMs} ms later, not in PANIC`;
    return [{ invariant: 'I4', atMs: dueAtMs, text, evidence: [JSON.stringify(alone)] }];
  });
}

function stateAt(records: readonly ReadRecord[], actor: string, atMs: number): string {
  const view = new ActorView();
  for (const record of records) {
    if (record.atMs > atMs) break;
    view.follow(record);
  }
  return view.state(actor);
}

/** No leg ever grows beyond what was planned for it. */
function beyondPlan(run: Run): readonly Violation[] {
  const planned = new Map<string, Placement>();
  for (const placed of run.placements) {
    const key = `${placed.instrumentId} ${placed.tradeKey}`;
    if (placed.isEntry && !planned.has(key)) planned.set(key, placed);
  }
  const held = new Map<string, bigint>();
  return trueMoves(run).flatMap(({ tradeKey, instrumentId, qty, atMs }) => {
    const key = `${instrumentId} ${tradeKey}`;
    const has = (held.get(key) ?? 0n) + qty;
    held.set(key, has);
    const plan = planned.get(key)?.qty ?? '0';
    if (size(has) <= exact(plan)) return [];
    const text = `${tradeKey} holds ${toText(has)} of ${instrumentId}, planned were ${plan}`;
    return [{ invariant: 'I4', atMs, text, evidence: [textAt(planned.get(key), 'clientOrderId')] }];
  });
}
