import { ensureEngines, findEngine } from '../../lib/engines';
import { images, imageVersion } from '../../lib/versions/images';
import { useEmptyMachine, versionScript } from './fake';

const LOKI = imageVersion('loki');

const machine = useEmptyMachine();

test('the environment variable takes precedence over PATH', async () => {
  const named = machine.addProgram('elsewhere/my-loki', versionScript('loki', LOKI));
  machine.addProgram('bin/loki', versionScript('loki', '3.7.9'));
  process.env.LOKI_BIN = named;

  expect(await findEngine('loki')).toEqual({ name: 'loki', version: LOKI, source: 'environment', path: named });
});

test("finds Alertmanager on PATH by Debian's name", async () => {
  const path = machine.addProgram('bin/prometheus-alertmanager', versionScript('alertmanager', '0.33.1'));

  expect(await findEngine('alertmanager')).toEqual({ name: 'alertmanager', version: '0.33.1', source: 'path', path });
});

test('accepts a program without a version and reports it', async () => {
  machine.addProgram('bin/promtail', versionScript('promtail', ''));
  const messages: string[] = [];

  const engine = await findEngine('promtail', { progress: (message) => messages.push(message) });

  expect(engine.version).toBe('unknown');
  expect(messages).toEqual([expect.stringContaining('reports no version')]);
});

test('skips another program of the same name on PATH', async () => {
  machine.addProgram('bin/loki', 'echo "Loki, a game engine"');

  await expect(findEngine('loki')).rejects.toThrow('bin/loki is not loki: unexpected output of --version');
});

test('lists every source in one error if none has the engine', async () => {
  machine.addProgram('bin/promtool', versionScript('promtool', '2.42.0+ds'));

  const error = await findEngine('promtool').catch((reason) => reason);

  const message = error.message
    .replaceAll(machine.dir, '<dir>')
    .replaceAll(images.prometheus, '<image>')
    .replaceAll(imageVersion('prometheus'), '<version>');
  expect(message).toMatchInlineSnapshot(`
"promtool not found. Do one of the following:
  - set PROMTOOL_BIN to the path of the program (not set)
  - put promtool on PATH (<dir>/bin/promtool is version 2.42.0+ds, but 3.0.0 or newer is required: Loki's ruler embeds the rule engine of Prometheus 3)
  - run a Docker daemon that can pull <image> (docker is not on PATH)
  - install Go 1.21 or newer to build promtool <version> (go is not on PATH)
  - use a Debian machine with apt-get and dpkg (apt-get or dpkg is not on PATH)"
`);
});

test('reports all missing engines at once', async () => {
  await expect(ensureEngines(['loki', 'promtail'])).rejects.toThrow(/loki not found.*promtail not found/s);
});

test.each([
  ['a missing program', () => `${machine.dir}/nope`, /LOKI_BIN=\S+nope: no such program\. Correct or unset LOKI_BIN\./],
  [
    'an old version',
    () => machine.addProgram('old', versionScript('loki', '2.9.3')),
    /LOKI_BIN=\S+old is version 2\.9\.3, but 3\.7\.0 or newer is required: .+unset LOKI_BIN/,
  ],
  [
    'another program',
    () => machine.addProgram('other', 'exit 1'),
    /LOKI_BIN: \S+other is not loki: unexpected output of --version/,
  ],
])('rejects a variable that names %s instead of running another engine', async (_, program, message) => {
  machine.addProgram('bin/loki', versionScript('loki', LOKI));
  process.env.LOKI_BIN = program();

  await expect(findEngine('loki')).rejects.toThrow(message);
});

test('uses the pinned image if a Docker daemon answers', async () => {
  machine.addProgram(
    'bin/docker',
    `case "$1 $2" in
       "image inspect") exit 1;;
       "pull --quiet") exit 0;;
       "run --rm") ${versionScript('loki', LOKI)};;
     esac`,
  );
  const messages: string[] = [];

  expect(await findEngine('loki', { progress: (message) => messages.push(message) })).toEqual({
    name: 'loki',
    version: LOKI,
    source: 'docker',
    path: '/usr/bin/loki',
    image: images.loki,
  });
  expect(messages).toEqual([`pulling ${images.loki}`]);
});

test("reports Docker's error if the daemon does not answer", async () => {
  machine.addProgram('bin/docker', 'echo "Cannot connect to the Docker daemon." >&2; exit 1');

  await expect(findEngine('loki')).rejects.toThrow('(docker info: Cannot connect to the Docker daemon.)');
});
