import { commandLine } from '../../lib/engines/command';
import { images, imageVersion } from '../../lib/versions/images';

test('an engine in a container has its working folder at the same path, and host networking', () => {
  const engine = {
    name: 'loki',
    version: imageVersion('loki'),
    source: 'docker',
    path: '/usr/bin/loki',
    image: images.loki,
  } as const;

  const { command, args, container } = commandLine(engine, ['-config.file=/work/loki.yaml'], '/work', ['NODE']);

  expect(container).toMatch(/^loki-alerts-loki-[0-9a-f-]{36}$/);
  expect([command, ...args].join(' ')).toBe(
    `docker run --rm --interactive --name ${container} --network host --user ${process.getuid?.()}:${process.getgid?.()} ` +
      `--env NODE --volume /work:/work --workdir /work --entrypoint /usr/bin/loki ${images.loki} -config.file=/work/loki.yaml`,
  );
});
