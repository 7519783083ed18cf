// The right to place orders, as the decision plane hears of it: who holds it, and what becomes of
// ours. How it is kept and asked for is the business of the shell.
import type { Ms } from './brand.ts';

/** Of the record that engines share; grows when its meaning changes. Records without it are 1. */
export const LEASE_PROTOCOL = 2;

/** What decides how an engine trades. */
export interface EngineIdentity {
  /** Empty in a record of protocol 1, like the hash. */
  readonly engineVersion: string;
  readonly configHash: string;
}

export interface LeaseHolder extends EngineIdentity {
  /** Tells one tenure from the next: a growing number. */
  readonly fence: number;
  readonly host: string;
  readonly pid: number;
  readonly dataFolder: string;
  readonly protocol: number;
}

export type LeaseReport =
  /** It could not be renewed: nothing is entered meanwhile, and hedges and exits go on. */
  | { readonly type: 'lease.unreachable'; readonly cause: string }
  | { readonly type: 'lease.recovered'; readonly awayMs: Ms }
  /** The authority knew nothing of our tenure any more and began another for us. */
  | { readonly type: 'lease.forgotten'; readonly fence: number }
  /** Taken over from an engine of another version or configuration that died with it. */
  | {
      readonly type: 'lease.inherited';
      readonly from: LeaseHolder;
      readonly ours: EngineIdentity;
    }
  /** Somebody else has it, or had it: the last input of this process. */
  | { readonly type: 'lease.superseded'; readonly holder: LeaseHolder };

export const isSameEngine = (left: EngineIdentity, right: EngineIdentity): boolean =>
  left.engineVersion === right.engineVersion && left.configHash === right.configHash;

export function holderText(holder: LeaseHolder): string {
  const { host, pid, dataFolder, fence, protocol, engineVersion } = holder;
  const version = engineVersion === '' ? 'version unknown' : `version ${engineVersion}`;
  const foreign = protocol === LEASE_PROTOCOL ? '' : `, lease protocol ${protocol}`;
  const tenure = `data folder ${dataFolder}, fence ${fence}, ${version}${foreign}`;
  return `process ${pid} on ${host} (${tenure})`;
}

/** `version 0.1.0 with config 6f1c0a2e`. */
export const identityText = ({ engineVersion, configHash }: EngineIdentity): string =>
  `version ${engineVersion} with config ${configHash.slice(0, 8)}`;
