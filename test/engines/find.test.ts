import { ensureEngines, findEngine } from '../../lib/engines';
import { images, imageVersion } from '../../lib/versions/images';
import { useEmptyMachine, versionScript } from './fake';

const LOKI = imageVersion('loki');

const machine = useEmptyMachine();

test('the environment variable goes before PATH', async () => {
  const named = machine.addProgram('elsewhere/my-loki', versionScript('loki', LOKI));
  machine.addProgram('bin/loki', versionScript('loki', '3.7.9'));
  process.env.LOKI_BIN = named;

  expect(await findEngine('loki')).toEqual({ name: 'loki', version: LOKI, source: 'environment', path: named });
});

test("Debian's name of Alertmanager is found on PATH", async () => {
  const path = machine.addProgram('bin/prometheus-alertmanager', versionScript('alertmanager', '0.33.1'));

  expect(await findEngine('alertmanager')).toEqual({ name: 'alertmanager', version: '0.33.1', source: 'path', path });
});

test('a program without a version is taken, and that is said', async () => {
  machine.addProgram('bin/promtail', versionScript('promtail', ''));
  const said: string[] = [];

  const engine = await findEngine('promtail', { progress: (message) => said.push(message) });

  expect(engine.version).toBe('unknown');
  expect(said).toEqual([expect.stringContaining('does not know its version')]);
});

test('another program of the same name on PATH is passed over', async () => {
  machine.addProgram('bin/loki', 'echo "Loki, a game engine"');

  await expect(findEngine('loki')).rejects.toThrow('bin/loki --version does not answer as loki does');
});

test('nothing found: one error with every way and why it is closed', async () => {
  machine.addProgram('bin/promtool', versionScript('promtool', '2.42.0+ds'));

  const error = await findEngine('promtool').catch((reason) => reason);

  const message = error.message
    .replaceAll(machine.dir, '<dir>')
    .replaceAll(images.prometheus, '<image>')
    .replaceAll(imageVersion('prometheus'), '<version>');
  expect(message).toMatchInlineSnapshot(`
"promtool is not on this machine. Any one of these helps:
  - set PROMTOOL_BIN to the program (not set)
  - put promtool on PATH (<dir>/bin/promtool is 2.42.0+ds; at least 3.0.0 is needed: Loki's ruler embeds the rule engine of Prometheus 3)
  - run a Docker daemon that can get <image> (docker is not on PATH)
  - install Go 1.21 or newer, to build promtool <version> (go is not on PATH)
  - have apt on this machine, to unpack the package of Debian (apt-get and dpkg are not on PATH)"
`);
});

test('all missing engines are told at once', async () => {
  await expect(ensureEngines(['loki', 'promtail'])).rejects.toThrow(/loki is not on.*promtail is not on/s);
});

test.each([
  [
    'a missing program',
    () => `${machine.dir}/nope`,
    /LOKI_BIN=\S+nope: no such program\. Correct it, or unset LOKI_BIN\./,
  ],
  [
    'an old version',
    () => machine.addProgram('old', versionScript('loki', '2.9.3')),
    /LOKI_BIN=\S+old is version 2\.9\.3, and at least 3\.7\.0 is needed: .+unset LOKI_BIN/,
  ],
  ['another program', () => machine.addProgram('other', 'exit 1'), /LOKI_BIN=\S+other.*does not answer as loki does/],
])('a variable that names %s is an error, not a reason to run another', async (_, program, message) => {
  machine.addProgram('bin/loki', versionScript('loki', LOKI));
  process.env.LOKI_BIN = program();

  await expect(findEngine('loki')).rejects.toThrow(message);
});

test('a Docker daemon that answers offers the pinned image', async () => {
  machine.addProgram(
    'bin/docker',
    `case "$1 $2" in
       "image inspect") exit 1;;
       "pull --quiet") exit 0;;
       "run --rm") ${versionScript('loki', LOKI)};;
     esac`,
  );
  const said: string[] = [];

  expect(await findEngine('loki', { progress: (message) => said.push(message) })).toEqual({
    name: 'loki',
    version: LOKI,
    source: 'docker',
    path: '/usr/bin/loki',
    image: images.loki,
  });
  expect(said).toEqual([`pulling ${images.loki}`]);
});

test('a Docker daemon that does not answer is told with its own words', async () => {
  machine.addProgram('bin/docker', 'echo "Cannot connect to the Docker daemon." >&2; exit 1');

  await expect(findEngine('loki')).rejects.toThrow('(docker info: Cannot connect to the Docker daemon.)');
});
