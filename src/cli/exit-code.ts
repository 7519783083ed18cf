// What each exit code means, once; the documentation's table is tested against it.

export const EXIT_CODES = {
  success: { code: 0, meaning: 'success, or a clean stop' },
  unexpected: { code: 1, meaning: 'unexpected failure: a fault of the program or of the machine' },
  usage: { code: 2, meaning: 'usage error, or the thing that was named does not exist' },
  locked: { code: 3, meaning: 'the data folder or the lease is in use by another engine' },
  configuration: { code: 4, meaning: 'the configuration was refused' },
  data: {
    code: 5,
    meaning: 'journal, data folder or database damaged, foreign or of another version',
  },
  exposed: {
    code: 7,
    meaning: 'the process ended with open positions, or before every venue was heard',
  },
  diverged: { code: 8, meaning: 'a replay differs from its record' },
  venue: { code: 9, meaning: 'no venue can be reached, or it was lost for good' },
  unexplained: { code: 10, meaning: 'there is money in the ledger that nothing explains' },
  superseded: { code: 11, meaning: 'another engine has the lease now; nothing was placed since' },
  violated: { code: 12, meaning: 'a simulated seed broke an invariant' },
  interrupted: { code: 130, meaning: 'stopped at once by a second Ctrl-C' },
} as const;

export type ExitName = keyof typeof EXIT_CODES;

/** A failure that a person can do something about: what happened, and the way out. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exit: ExitName;

  constructor(exit: ExitName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
  }
}
