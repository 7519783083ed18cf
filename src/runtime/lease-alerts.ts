// What becomes of a lease, in the words of an alert. No machine raises these, and no journal has
// them: what they lead to, a refused order or the end of the run, is journaled.
import type { AlertSeverity } from '../domain/index.ts';
import type { LeaseNews } from './lease-keeper.ts';
import { holderText } from './order-gate.ts';

export interface ShellAlert {
  readonly severity: AlertSeverity;
  readonly code: string;
  readonly key: string;
  readonly text: string;
}

export function leaseAlert(news: LeaseNews): ShellAlert {
  switch (news.kind) {
    case 'unreachable':
      return alert(
        'warning',
        'LEASE_UNREACHABLE',
        `the lease cannot be renewed (${news.cause}): nothing is entered, hedges and exits go on`,
      );
    case 'recovered':
      return alert('info', 'LEASE_RECOVERED', `the lease is renewed again after ${news.awayMs} ms`);
    case 'forgotten':
      return alert(
        'warning',
        'LEASE_FORGOTTEN',
        `redis knew nothing of our lease any more; taken again as fence ${news.fence}`,
      );
    case 'superseded':
      return alert('critical', 'LEASE_LOST', `${holderText(news.holder)} has the lease now`);
  }
}

const alert = (severity: AlertSeverity, code: string, text: string): ShellAlert => ({
  severity,
  code,
  key: 'lease',
  text,
});
