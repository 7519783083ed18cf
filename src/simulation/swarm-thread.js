// The door of a thread that runs scenarios: registers the TypeScript loader, which a thread does
// not inherit, and hands over.
import { registerTypeScript } from '../../scripts/loader.js';

registerTypeScript();
await import('./swarm-work.ts');
