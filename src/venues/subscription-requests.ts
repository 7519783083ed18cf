// Subscriptions to more than one request holds: no venue takes a request of any length.

/** Bybit allows 21,000 characters in one request, OKX 64 kB: both take so many. */
const TOPICS_PER_REQUEST = 100;

/** One request for every hundred topics, in their order. */
export function subscriptionRequests<Topic>(
  topics: readonly Topic[],
  toText: (some: readonly Topic[]) => string,
): readonly string[] {
  const requests: string[] = [];
  for (let at = 0; at < topics.length; at += TOPICS_PER_REQUEST) {
    requests.push(toText(topics.slice(at, at + TOPICS_PER_REQUEST)));
  }
  return requests;
}
