// The door of the thread in which a run's database is filled: registers the TypeScript loader,
// which a thread does not inherit, and hands over.
import { registerTypeScript } from '../../scripts/loader.js';

registerTypeScript();
await import('./store-thread.ts');
