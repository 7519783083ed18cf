// Where alerts go: a terminal, a log, later a chat. Slow or dead ones never delay the engine.
import type { Effect, Ms } from '../domain/index.ts';

export type Alert = Extract<Effect, { type: 'alert.raise' }>;

export interface Notifier {
  notify(alert: Alert, atMs: Ms): void;
}
