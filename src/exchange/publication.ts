// What the venue says at one instant, and what the faults of an order make of it on the way out.
import type { VenueReport } from '../domain/index.ts';
import type { Fault, FaultKind } from './fault-plan.ts';

export interface Publication {
  readonly reports: readonly VenueReport[];
  /** Of the order that it is about; none for money and positions. */
  readonly faults: readonly Fault[];
  /** The answer to the placement, with the fills that came at once. */
  readonly isFirstAnswer: boolean;
}

export interface Outgoing {
  readonly report: VenueReport;
  /** On top of the way that everything takes. */
  readonly delayMs: number;
}

/** In the order of leaving. */
export function outgoing({ reports, faults, isFirstAnswer }: Publication): readonly Outgoing[] {
  const has = (kind: FaultKind): boolean => faults.some((fault) => fault.kind === kind);
  if (isFirstAnswer && has('ack-lost')) return [];
  const answerDelayMs = isFirstAnswer ? delayMs(faults, 'answer-late') : 0;
  const fillDelayMs = answerDelayMs + delayMs(faults, 'fill-late');
  const fills = reports
    .filter(({ type }) => type === 'order.filled')
    .flatMap((report) => (has('fill-duplicated') ? [report, report] : [report]))
    .map((report) => ({ report, delayMs: fillDelayMs }));
  const rest = reports
    .filter(({ type }) => type !== 'order.filled')
    .map((report) => ({ report, delayMs: answerDelayMs }));
  if (has('report-reordered')) return [...fills, ...rest];
  const before = rest.filter(({ report }) => report.type !== 'order.ended');
  const after = rest.filter(({ report }) => report.type === 'order.ended');
  return [...before, ...fills, ...after];
}

const delayMs = (faults: readonly Fault[], kind: 'answer-late' | 'fill-late'): number =>
  faults.reduce((sum, fault) => (fault.kind === kind ? sum + fault.delayMs : sum), 0);
