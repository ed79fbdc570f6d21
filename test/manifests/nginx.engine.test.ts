import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../lib/engines/ports';
import { EVERYTHING, synthObjects } from './synth';

/** Every nginx config of the stack. */
const configs = [...synthObjects(), ...synthObjects(EVERYTHING)].flatMap(({ metadata, data }) =>
  data?.['default.conf'] ? [[metadata.name, data['default.conf']] as const] : [],
);

// From a distribution's package; skipped in CI and on machines without it.
const hasNginx = spawnSync('nginx', ['-v']).status === 0;

test('there are configs', () => {
  expect(configs.map(([name]) => name).sort()).toEqual([
    'loki-gateway-config',
    'slack-inbox-config',
    'webservice-config',
  ]);
});

(hasNginx ? test : test.skip).each(configs)('nginx with %s answers probes by IPv4 and by IPv6', async (_, config) => {
  const dir = mkdtempSync(join(tmpdir(), 'nginx-test-'));
  const [port, inner] = await freePorts(2);
  const local = config
    .replaceAll('listen 8080;', `listen 127.0.0.1:${port};`)
    .replaceAll('listen [::]:8080;', `listen [::1]:${port};`)
    .replaceAll('127.0.0.1:8081', `127.0.0.1:${inner}`)
    // Names in the cluster, which nginx resolves at startup.
    .replaceAll(/http:\/\/[\w.-]+\.svc:\d+/g, 'http://127.0.0.1:9');
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${dir}/${kind};`);
  writeFileSync(
    join(dir, 'nginx.conf'),
    `daemon off; pid ${dir}/pid; error_log stderr; events {} http { access_log off; ${temp.join(' ')}\n${local}}`,
  );
  const nginx = spawn('nginx', ['-c', join(dir, 'nginx.conf'), '-p', dir], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  nginx.stderr.on('data', (text) => {
    log += text;
  });
  try {
    for (const host of ['127.0.0.1', '[::1]']) {
      const answer = () => fetch(`http://${host}:${port}/healthz`).catch(() => undefined);
      const deadline = Date.now() + 5000;
      while (!(await answer()) && nginx.exitCode === null && Date.now() < deadline) await sleep(50);
      expect({ log, host, status: (await answer())?.status }).toEqual({ log, host, status: 200 });
    }
  } finally {
    const ended = new Promise((resolve) => nginx.once('exit', resolve));
    if (nginx.exitCode === null && nginx.kill('SIGTERM')) await ended;
    rmSync(dir, { recursive: true });
  }
});
