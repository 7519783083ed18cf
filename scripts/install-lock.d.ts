// Types of install-lock.js, which has to run before any TypeScript can.
export function withInstallLock<T>(
  lock: {
    readonly root: string;
    readonly say: (line: string) => void;
    readonly waitMsMax?: number;
  },
  task: () => Promise<T>,
): Promise<T>;
