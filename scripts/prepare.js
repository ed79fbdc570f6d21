// After `npm install`: npm prepares a Git dependency in a copy, with this variable set, and then packs it, but it does not
// run `prepack`. A clone runs its sources and needs no build.
if (process.env._PACOTE_NO_PREPARE_) {
  require('node:child_process').execSync('npm run build', { stdio: 'inherit' });
}
