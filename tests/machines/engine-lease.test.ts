// What the engine makes of news about its lease: each is an alert in its record, and only what was
// taken over from another engine changes what it does.
import { describe, expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import type { Input } from '../../src/domain/index.ts';
import { account, BYBIT, carryPlan, OKX, runStarted } from './carry-plan.ts';
import { HOLDER } from './lease-holder.ts';
import { Story } from './story.ts';

const INHERITED: Input = {
  type: 'lease.inherited',
  from: HOLDER,
  ours: { engineVersion: '1.0.0', configHash: '0123456789abcdef' },
};
const SUPERSEDED: Input = { type: 'lease.superseded', holder: HOLDER };

const NEWS: readonly [Input, string, string][] = [
  [
    { type: 'lease.unreachable', cause: 'line cut' },
    'warning LEASE_UNREACHABLE',
    'the lease cannot be renewed (line cut): nothing is entered, hedges and exits go on',
  ],
  [
    { type: 'lease.recovered', awayMs: toMs(70) },
    'info LEASE_RECOVERED',
    'the lease is renewed again after 70 ms',
  ],
  [
    { type: 'lease.forgotten', fence: 9 },
    'warning LEASE_FORGOTTEN',
    'redis knew nothing of our lease any more; taken again as fence 9',
  ],
  [
    SUPERSEDED,
    'critical LEASE_LOST',
    'process 7 on two (data folder /two, fence 2, version 0.9.0) has the lease now',
  ],
];

describe('a lease that cannot be renewed', () => {
  const refusal = (story: Story) =>
    story.propose(carryPlan()).transitions.flatMap(({ changed }) => changed['lastRefusal'] ?? []);

  test('lets no trade begin until it is renewed again', () => {
    const story = Story.running();
    story.tell({ type: 'lease.unreachable', cause: 'line cut' });
    expect(refusal(story)).toMatchObject([{ gate: 'lease', found: 'unreachable' }]);
    story.tell({ type: 'lease.recovered', awayMs: toMs(70) });
    expect(refusal(story)).toEqual([]);
    expect(story.trade.plan.key).toBe(carryPlan().key);
  });
});

describe('news of the lease', () => {
  test.each(NEWS)('is an alert of its record and changes nothing: %o', (input, head, text) => {
    const story = Story.running();
    const { effects, transitions } = story.tell(input);
    const [severity, code] = head.split(' ');
    expect(effects).toEqual([{ type: 'alert.raise', severity, code, key: 'lease', text }]);
    expect(transitions.filter(({ from, to }) => from !== to)).toEqual([]);
    expect(story.kernel.engineState).toBe('running');
  });

  test('of another protocol or of an engine that left no version says so', () => {
    const story = Story.running();
    const holder = { ...HOLDER, protocol: 1, engineVersion: '', configHash: '' };
    expect(story.tell({ type: 'lease.superseded', holder }).effects).toMatchObject([
      { text: expect.stringContaining('fence 2, version unknown, lease protocol 1)') },
    ]);
  });
});

describe('a lost lease', () => {
  test.each(['operator.halt', 'operator.kill'] as const)(
    'keeps what was commanded by %s through the next start',
    (type) => {
      const story = Story.open();
      story.tell({ type, reason: 'x' });
      const before = story.kernel.engineState;
      story.tell(SUPERSEDED);
      story.restart();
      expect(story.kernel.engineState).toBe(before);
    },
  );

  test('of an engine that runs lets the next start reconcile and run', () => {
    const story = Story.running();
    story.tell(SUPERSEDED);
    story.restart();
    expect(story.kernel.engineState).toBe('reconciling');
  });
});

describe('a lease inherited from an engine with other limits', () => {
  const showAccounts = (story: Story): void => {
    for (const venueId of [OKX, BYBIT]) story.tell(account(venueId));
  };

  test('enters nothing until an operator resumes, and names both (P14)', () => {
    const story = new Story();
    story.tell(runStarted());
    expect(story.tell(INHERITED).effects).toMatchObject([
      {
        ...{ severity: 'warning', code: 'LEASE_INHERITED', key: 'lease' },
        text:
          'process 7 on two (data folder /two, fence 2, version 0.9.0) died with the lease; it ' +
          'was version 0.9.0 with config abcdef01, this is version 1.0.0 with config 01234567: ' +
          'nothing is entered until `node main resume`',
      },
    ]);
    showAccounts(story);
    expect(story.kernel.engineState).toBe('halted');
    story.propose(carryPlan());
    expect(story.placed).toEqual([]);
    story.tell({ type: 'operator.resume' });
    expect(story.kernel.engineState).toBe('reconciling');
    showAccounts(story);
    expect(story.kernel.engineState).toBe('running');
  });

  test('manages what the run that goes on has open, and asks its venues', () => {
    const story = Story.open();
    const asked = story.restart().effects.filter(({ type }) => type === 'activity.ask');
    expect(asked).toHaveLength(2);
    story.tell(INHERITED);
    expect(story.kernel.engineState).toBe('halted');
    story.signalExit();
    for (const leg of ['a', 'b']) story.quote(leg, ['10020', '10021']);
    for (const leg of ['a', 'b']) story.fillWhole(leg);
    expect(story.ladder).toContain('CLOSED');
  });

  test.each(['operator.kill', 'operator.stop', 'operator.leave'] as const)(
    'leaves %s as it is',
    (type) => {
      const story = Story.open();
      story.tell({ type, reason: 'x' });
      const before = story.kernel.engineState;
      story.tell(INHERITED);
      expect(story.kernel.engineState).toBe(before);
      expect(story.alerts.at(-1)).toBe('LEASE_INHERITED');
    },
  );
});
