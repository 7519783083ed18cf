// I18: the venue charges its own rate to the last digit, its entries sum to its balance, and the
// engine books exactly what was charged and paid, never a rounded figure.
import type { Execution, InstrumentEvidence, VenueEvidence, Violation } from '../evidence.ts';
import { exact, product, sum, toText } from './exact.ts';
import { textAt } from './json.ts';
import { shown } from './journal-reading.ts';
import { paymentKey } from './run-reading.ts';
import type { Run } from './run-reading.ts';

export const checkMoney = (run: Run): readonly Violation[] => [
  ...run.evidence.venues.flatMap((venue) => [
    ...ledgerFaults(venue, run.evidence.endedAtMs),
    ...venue.executions.flatMap((fill) => feeFaults(fill, run.evidence.instruments)),
    ...fundingFaults(venue),
  ]),
  ...bookedFees(run),
  ...bookedPayments(run),
];

const fault = (atMs: number, text: string, evidence: readonly string[]): Violation => ({
  invariant: 'I18',
  atMs,
  text,
  evidence,
});

function ledgerFaults(venue: VenueEvidence, endedAtMs: number): readonly Violation[] {
  const { venueId, ledger, balanceUsd, executions, fundings, transfers } = venue;
  let balance = 0n;
  const steps = ledger.flatMap((line) => {
    balance += exact(line.amountUsd);
    return balance === exact(line.balanceUsd)
      ? []
      : [
          fault(line.atMs, `entry ${line.ordinal} at ${venueId} does not add up`, [
            JSON.stringify(line),
          ]),
        ];
  });
  const totals = [
    ['balance', exact(balanceUsd), balance],
    ['fee', -sum(executions.map(({ feeUsd }) => exact(feeUsd))), entriesOf(venue, 'fee')],
    ['funding', sum(fundings.map((each) => exact(each.amountUsd))), entriesOf(venue, 'funding')],
    ...TRANSFERS.map((kind) => {
      const made = transfers.filter((each) => each.kind === kind);
      return [
        kind,
        sum(made.map((each) => exact(each.amountUsd))),
        entriesOf(venue, kind),
      ] as const;
    }),
  ] as const;
  const sums = totals
    .filter(([, due, found]) => due !== found)
    .map(([what, due, found]) =>
      fault(
        endedAtMs,
        `the ${what} of ${venueId} is ${toText(due)}, its entries make ${toText(found)}`,
        [],
      ),
    );
  return [...steps, ...sums];
}

const TRANSFERS = ['deposit', 'withdrawal', 'insurance'] as const;

/** The first entry opens the account. */
const entriesOf = ({ ledger }: VenueEvidence, kind: string): bigint =>
  sum(
    ledger
      .filter((line) => line.kind === kind && line.ordinal > 1)
      .map(({ amountUsd }) => exact(amountUsd)),
  );

function feeFaults(
  fill: Execution,
  instruments: readonly InstrumentEvidence[],
): readonly Violation[] {
  const instrument = instruments.find(({ instrumentId }) => instrumentId === fill.instrumentId);
  if (instrument === undefined) return [];
  const { takerFeeRate, makerFeeRate } = instrument;
  const rate = fill.liquidity === 'taker' ? takerFeeRate : makerFeeRate;
  const due = product(product(exact(fill.price), exact(fill.qty)), exact(rate));
  if (due === exact(fill.feeUsd)) return [];
  const text = `fill ${fill.fillId} costs ${toText(due)} and was charged ${fill.feeUsd}`;
  return [fault(fill.filledAtMs, text, [JSON.stringify(fill)])];
}

const fundingFaults = ({ venueId, fundings }: VenueEvidence): readonly Violation[] =>
  fundings.flatMap((payment) => {
    const value = product(exact(payment.markPrice), exact(payment.positionQty));
    const due = -product(value, exact(payment.fundingRate));
    if (due === exact(payment.amountUsd)) return [];
    const text = `funding at ${venueId} is ${toText(due)} and ${payment.amountUsd} was paid`;
    return [fault(payment.paidAtMs, text, [JSON.stringify(payment)])];
  });

function bookedFees({ evidence, heardFills }: Run): readonly Violation[] {
  const charged = new Map(
    evidence.venues.flatMap(({ executions }) =>
      executions.map((fill) => [fill.fillId, fill.feeUsd] as const),
    ),
  );
  return heardFills.flatMap(({ fillId, feeUsd, record }) => {
    const due = charged.get(fillId);
    if (due === undefined || due === feeUsd) return [];
    const text = `fill ${fillId} is booked with a fee of ${feeUsd}, the venue charged ${due}`;
    return [fault(record.atMs, text, [shown(record)])];
  });
}

function bookedPayments({ evidence, records }: Run): readonly Violation[] {
  const paid = new Map<string, string>(
    evidence.venues.flatMap(({ fundings }) =>
      fundings.map((each) => [`${each.instrumentId} ${each.fundingAtMs}`, each.amountUsd] as const),
    ),
  );
  return records
    .filter(({ inputType }) => inputType === 'funding.paid')
    .flatMap((record) => {
      const key = paymentKey(record.input);
      const amount = textAt(record.input, 'payment', 'amountUsd');
      const due = paid.get(key);
      if (due === amount) return [];
      const text = `funding of ${key} is booked as ${amount}, the venue paid ${due ?? 'none'}`;
      return [fault(record.atMs, text, [shown(record)])];
    });
}
