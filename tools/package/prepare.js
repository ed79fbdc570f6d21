// npm's script `prepare`, which runs in a copy of the repository if a project installs it from Git, and after `npm ci` in
// a clone: only the former needs a build.
const { spawnSync } = require('node:child_process');
const { relative } = require('node:path');

/** The folder that npm was called in. */
const { INIT_CWD = process.cwd() } = process.env;

if (relative(process.cwd(), INIT_CWD).startsWith('..')) {
  const { status } = spawnSync('npm', ['run', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' });
  process.exitCode = status ?? 1;
}
