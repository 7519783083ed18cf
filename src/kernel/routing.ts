// Which actors hear an input, in which order, and under which name. The risk-guard hears a fill for
// itself, and before the leg: the fill that brings the last trade home ends the run.
import type { ClientOrderId, Input, Ms } from '../domain/index.ts';
import { orderOrigin } from '../domain/index.ts';
import { streamActorId } from '../../machines/index.ts';

export interface Delivery {
  readonly actor: string;
  readonly event: { readonly type: string; readonly atMs: Ms };
}

export interface RouteContext {
  readonly runTag: string;
  hasActor(actor: string): boolean;
  /** Every actor that lives, in an order that is the same in every replay. */
  actors(): readonly string[];
}

export function route(input: Input, atMs: Ms, context: RouteContext): readonly Delivery[] {
  const to = (...actors: string[]): readonly Delivery[] =>
    actors.map((actor) => ({ actor, event: { ...input, atMs } }));
  switch (input.type) {
    case 'run.resumed':
      return to(...context.actors());
    case 'run.started':
    case 'operator.halt':
    case 'operator.resume':
    case 'operator.kill':
    case 'operator.stop':
    case 'operator.leave':
    case 'lease.forgotten':
    case 'lease.inherited':
    case 'lease.superseded':
      return to('engine');
    case 'lease.unreachable':
    case 'lease.recovered':
      return to('scanner', 'engine');
    case 'opportunity.found':
    case 'candidate.refused':
      return to('scanner');
    case 'exit.signalled':
    case 'quote.answered':
      return to(input.tradeId);
    case 'order.accepted':
    case 'order.rejected':
    case 'order.unknown':
    case 'order.ended':
      return to(legOf(input.clientOrderId, context));
    case 'order.answered':
      return [...fillsFound(input, atMs), ...to(legOf(input.clientOrderId, context))];
    case 'order.filled':
      return toFilled(input, atMs, context);
    case 'position.liquidated':
      return to('risk-guard');
    case 'funding.paid':
      return to('risk-guard', 'scanner');
    case 'transfer.made':
      return to('scanner');
    case 'account.reported':
      return to('scanner', 'risk-guard', 'engine');
    case 'activity.reported':
      return to('engine');
    case 'account.unavailable':
      return to('risk-guard', 'engine');
    case 'timer.fired':
      return [{ actor: input.actor, event: { type: `timer.${input.timer}`, atMs } }];
    case 'stream.connected':
    case 'stream.disconnected':
    case 'stream.synced':
    case 'stream.gapped':
    case 'stream.stale':
    case 'stream.fresh':
    case 'stream.crossed':
    case 'stream.uncrossed':
    case 'stream.clock':
      return toStream(input, atMs, context);
  }
}

/** One of ours whose leg is not there is the scanner's business. */
function toFilled(
  { fill }: Extract<Input, { readonly type: 'order.filled' }>,
  atMs: Ms,
  context: RouteContext,
): readonly Delivery[] {
  const origin = orderOrigin(fill.clientOrderId, context.runTag);
  const leg = legOf(fill.clientOrderId, context);
  if (origin !== undefined && !context.hasActor(leg)) {
    const hasTrade = context.hasActor(origin.tradeId);
    const event = { type: 'fill.unclaimed', fill, hasTrade, atMs };
    return [{ actor: 'scanner', event }];
  }
  const event = { type: 'order.filled', fill, atMs };
  return ['risk-guard', leg].map((actor) => ({ actor, event }));
}

/** Fills that only a question brought to light count for the risk-guard like any other. */
function fillsFound(
  { evidence }: Extract<Input, { readonly type: 'order.answered' }>,
  atMs: Ms,
): readonly Delivery[] {
  const fills = evidence.kind === 'absent' ? [] : evidence.fills;
  return fills.map((fill) => {
    const event = { type: 'order.filled', fill, atMs };
    return { actor: 'risk-guard', event };
  });
}

type StreamInput = Extract<Input, { readonly type: `stream.${string}` }>;

/** The engine spawns the actor of a stream at its first word. */
function toStream(input: StreamInput, atMs: Ms, context: RouteContext): readonly Delivery[] {
  const actor = streamActorId(input.instrumentId);
  if (context.hasActor(actor)) return [{ actor, event: { ...input, atMs } }];
  const event = { type: 'stream.appeared', report: input, atMs };
  return [{ actor: 'engine', event }];
}

/** The leg that sent the order; an order of nobody's goes nowhere, and the record says so. */
function legOf(clientOrderId: ClientOrderId, { runTag }: RouteContext): string {
  const origin = orderOrigin(clientOrderId, runTag);
  return origin === undefined ? `order:${clientOrderId}` : `${origin.tradeId}.${origin.legId}`;
}
