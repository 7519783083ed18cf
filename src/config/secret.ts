// A value that never prints: in JSON, in templates, in errors and in a debugger's view it is `***`.
// Only `reveal` gives it out, so that a search for that word finds every place that may leak it.
import { inspect } from 'node:util';

const MASK = '***';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** For the one place that signs or sends it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** Names under which people keep what must not be shown. */
export const isSecretName = (name: string): boolean =>
  /(key|secret|token|password|passphrase|private)$/i.test(name.replaceAll(/[-_]/g, ''));
