// npm's script `prepare`, which runs in a copy of the repository if something is installed from Git, as hooks of
// pre-commit are, and after `npm ci` in a clone: only the former needs a build.
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { relative } = require('node:path');

/** The folder that npm was called in. */
const { INIT_CWD = process.cwd(), npm_config_global, ...env } = process.env;

function npm(...args) {
  const { status } = spawnSync('npm', args, { stdio: 'inherit', env, shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

if (relative(process.cwd(), INIT_CWD).startsWith('..')) {
  // With `--global`, npm does not install what the build needs.
  if (!existsSync('node_modules/rolldown')) npm('ci', '--ignore-scripts');
  npm('run', 'build');
}
