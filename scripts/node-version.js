// Says whether this Node is new enough. Uses no syntax and no import that an old Node lacks,
// because it is the first thing that an old Node reads.
const MINIMUM = [20, 19];

export function isNodeSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

export function nodeVersionMessage(version) {
  return (
    `trinity needs Node ${MINIMUM.join('.')} or newer, this is Node ${version}. ` +
    'Install a newer one from https://nodejs.org and run the same command again.'
  );
}
