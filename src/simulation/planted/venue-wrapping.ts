// A venue between the engine and the real one: each call goes through unless it is replaced.
import type { VenueReport } from '../../domain/index.ts';
import type { Venue } from '../../ports/index.ts';

type Sink = (report: VenueReport) => void;

export const wrapped = (venue: Venue, replaced: Partial<Venue>): Venue => ({
  venueId: venue.venueId,
  start: (sink) => venue.start(sink),
  place: (order) => venue.place(order),
  cancel: (order) => venue.cancel(order),
  query: (order) => venue.query(order),
  reportAccount: () => venue.reportAccount(),
  reportActivity: (sinceAtMs) => venue.reportActivity(sinceAtMs),
  stop: () => venue.stop(),
  ...replaced,
});

/** Every report passes through `hear`, which may drop it or change it. */
export const heardThrough = (
  venue: Venue,
  hear: (report: VenueReport) => VenueReport | undefined,
): Venue =>
  wrapped(venue, {
    start: (sink: Sink) =>
      venue.start((report) => {
        const told = hear(report);
        if (told !== undefined) sink(told);
      }),
  });
