// Random numbers that a seed decides: for generated markets, faults and tests, never for a
// decision. The algorithm is sfc32 (Chris Doty-Humphrey, PractRand), seeded through a string hash.

export interface SeededRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number in [0, count). */
  below(count: number): number;
  /** Mean 0, deviation 1. */
  normal(): number;
  /** An independent stream with a name: adding a draw to one does not move another. */
  fork(name: string): SeededRandom;
}

export function seededRandom(seed: string): SeededRandom {
  const word = hashWords(seed);
  let [a, b, c] = [word(), word(), word()];
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 12; warmUp += 1) next();
  const between = (low: number, high: number): number => low + (high - low) * next();
  return {
    next,
    between,
    below: (count) => Math.floor(next() * count),
    // Irwin–Hall: the sum of twelve uniforms. No logarithm, so that every machine draws the same
    // digits.
    normal: () => {
      let sum = -6;
      for (let draw = 0; draw < 12; draw += 1) sum += next();
      return sum;
    },
    fork: (name) => seededRandom(`${seed}/${name}`),
  };
}

/** FNV-1a with an avalanche: a stream of 32-bit words from a text. */
function hashWords(text: string): () => number {
  let hash = 2166136261;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
    hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
    hash ^= hash >>> 16;
    return hash | 0;
  };
}
