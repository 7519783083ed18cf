// The right to place orders, which one engine at a time has. A lease is answered for at once, from
// what was heard last; who is in doubt asks its authority, a record that all engines reach. A
// growing number, the fence, tells one tenure from the next.
import type { LeaseHolder, LeaseReport } from '../domain/index.ts';

export type LeaseStanding =
  /** Nobody else can have it at this instant. */
  | { readonly kind: 'held' }
  /** It was ours when the authority last answered, and that is too long ago. */
  | { readonly kind: 'doubtful' }
  /** The authority was asked a moment ago and did not answer. */
  | { readonly kind: 'unreachable'; readonly cause: string }
  /** Somebody has it, or had it since: it never comes back to this process. */
  | { readonly kind: 'superseded'; readonly holder: LeaseHolder };

export interface Lease {
  /** At once, without asking anybody; sees a pause of this process. */
  standing(): LeaseStanding;
  /** Asks the authority and calls back once, soon, whatever it says or does not say. */
  ask(then: () => void): void;
  /** Called for whatever becomes of it, in order; at once for what became of it before. */
  onReport(then: (report: LeaseReport) => void): void;
  /** The engine has recorded how it began: from here on it is the one whose death counts. */
  confirm(): void;
  /** Hands it back, so that the next engine need not wait; never throws. */
  release(): Promise<void>;
}

export type LeaseAnswer =
  | {
      readonly kind: 'held';
      readonly fence: number;
      /** A tenure began with this answer. */
      readonly isNew: boolean;
      /** The one before ended by handing it back: nobody can still believe in it. */
      readonly isHandedOver: boolean;
      /**
       * Of a tenure that began: who had it last, worked with it and did not hand it back. Whoever
       * took it over in between and never confirmed is not told of.
       */
      readonly from: LeaseHolder | undefined;
    }
  /** A holder of another protocol has it until it hands it back, whatever its time. */
  | {
      readonly kind: 'other';
      readonly holder: LeaseHolder;
      /** By the authority's clock: moves while the holder lives. */
      readonly renewedAtMs: number;
    }
  | { readonly kind: 'unreachable'; readonly cause: string };

export interface LeaseAuthority {
  /**
   * Takes a free lease, keeps our own, or names the holder; calls back once, within the time.
   * `fenceSeen` is the fence of our tenure, 0 before it: whoever came after it supersedes us.
   */
  claim(fenceSeen: number, withinMs: number, then: (answer: LeaseAnswer) => void): void;
  /** Our engine works; told with the next claim, or with the release. */
  confirm(): void;
  release(): Promise<void>;
}
