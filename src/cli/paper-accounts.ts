// The accounts of paper runs in real time: one file per venue below `paper/` of the data folder,
// apart for live prices and for the sandbox, because a position in one market is nothing in the
// other. What happened on an account carries over to the next run; an account on which nothing
// happened is opened anew.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Config } from '../config/index.ts';
import { enabledVenues } from '../config/index.ts';
import type { Ms, VenueId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { AccountEntry, AccountState } from '../exchange/index.ts';
import { keptAccount } from '../exchange/index.ts';
import { AccountFile } from './account-file.ts';

export type PaperFeed = 'live' | 'sandbox';

export const paperFolder = ({ run }: Config, feed: PaperFeed): string =>
  join(run.dataFolder, 'paper', feed);

/** Opens the file of this venue's account; virtual time keeps none, so that a seed decides all. */
export function openPaperAccount(
  place: { readonly config: Config; readonly feed: PaperFeed; readonly venueId: VenueId },
  onFailure: (error: Error) => void,
): AccountFile | undefined {
  const { config, feed, venueId } = place;
  if (config.run.clock === 'virtual') return undefined;
  const path = accountPath(paperFolder(config, feed), venueId);
  const file = new AccountFile({ path, venueId, onFailure });
  if (file.kept.length === 0 || file.kept.some(isTouching)) return file;
  rmSync(path);
  return new AccountFile({ path, venueId, onFailure });
}

export const accountPath = (folder: string, venueId: VenueId): string =>
  join(folder, `${venueId}.account`);

export interface HeldAccounts {
  /** The newest fact of any of them: no later run may stand before it. */
  readonly lastAtMs: Ms;
  /** For people. */
  readonly text: string;
  /** What a run that begins on them must be told of; undefined where they hold no position. */
  readonly strangeText: string | undefined;
}

/** What the accounts hold before a run; undefined when all are fresh. */
export function heldAccounts(config: Config, feed: PaperFeed): HeldAccounts | undefined {
  const touched = touchedAccounts(config, feed);
  if (touched.length === 0) return undefined;
  const held = touched.map(([venueId, state]) => heldText(venueId, state)).join(', ');
  const reset = `delete ${paperFolder(config, feed)} to reset`;
  return {
    lastAtMs: toMs(Math.max(...touched.map(([, { lastAtMs }]) => lastAtMs))),
    text: `paper accounts go on: ${held} (${reset})`,
    strangeText: touched.some(([, { positions }]) => positions.length > 0)
      ? 'a new run does not know the positions on these accounts, and halts once two reports ' +
        `have shown them: go on with the run that opened them, or ${reset}`
      : undefined,
  };
}

function touchedAccounts(
  config: Config,
  feed: PaperFeed,
): readonly (readonly [VenueId, AccountState])[] {
  if (config.run.clock === 'virtual') return [];
  return enabledVenues(config).flatMap(({ venueId }) => {
    const path = accountPath(paperFolder(config, feed), venueId);
    if (!existsSync(path)) return [];
    const file = new AccountFile({ path, venueId, onFailure: () => undefined });
    const state = file.kept.some(isTouching) ? keptAccount(file) : undefined;
    return state === undefined ? [] : [[venueId, state] as const];
  });
}

/** A state replaces many facts. */
const isTouching = (entry: AccountEntry): boolean =>
  'state' in entry || entry.changes.some(({ type }) => type !== 'account.opened');

function heldText(venueId: VenueId, { balanceUsd, positions, open }: AccountState): string {
  const held = [
    `${venueId} ${Number(balanceUsd).toFixed(2)} USD`,
    ...counted(positions.length, 'position'),
    ...counted(open.length, 'open order'),
  ];
  return held.join(' with ');
}

const counted = (count: number, what: string): readonly string[] =>
  count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`];
