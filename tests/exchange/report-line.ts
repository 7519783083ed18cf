// A report as the one line that tests compare.
import type { Fill, VenueReport } from '../../src/domain/index.ts';

export function line(report: VenueReport): string {
  switch (report.type) {
    case 'order.accepted':
      return 'accepted';
    case 'order.rejected':
      return `rejected ${report.code}`;
    case 'order.unknown':
      return 'unknown';
    case 'order.filled':
      return `filled ${fillLine(report.fill)}`;
    case 'order.ended':
      return `${report.end} with ${report.filledQty}`;
    case 'order.answered':
      return `answered ${evidenceLine(report.evidence)}`;
    case 'account.reported':
      return `account ${report.report.equityUsd}`;
    case 'account.unavailable':
      return 'account unavailable';
    case 'funding.paid':
      return `funding ${report.payment.amountUsd}`;
    case 'transfer.made':
      return `${report.transfer.kind} ${report.transfer.amountUsd}`;
    case 'position.liquidated':
      return `liquidated ${fillLine(report.fill)}`;
    case 'activity.reported':
      return 'activity reported';
  }
}

const fillLine = ({ side, qty, price, liquidity, feeUsd }: Fill): string =>
  `${side} ${qty} at ${price} ${liquidity} fee ${feeUsd}`;

function evidenceLine(
  evidence: Extract<VenueReport, { type: 'order.answered' }>['evidence'],
): string {
  switch (evidence.kind) {
    case 'absent':
      return 'absent';
    case 'open':
      return `open ${evidence.fills.length}`;
    case 'ended':
      return `${evidence.end} ${evidence.fills.length}`;
  }
}
