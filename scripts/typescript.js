// Lets `require` load TypeScript: tsx, but packages stay Node's own business. tsx would search each of their files for
// ESM syntax, and Node, which tsx tells to heed source maps, would read the megabytes of them that packages carry:
// together a quarter of a synthesis.
if (Number.parseInt(process.versions.node, 10) < 20) {
  console.error(`error: Node ${process.version} is not supported: use Node 20 or newer`);
  process.exit(1);
}

const { _extensions: loaders } = require('node:module');
const { sep } = require('node:path');

const loadPackage = loaders['.js'];
require('tsx/cjs');
const loadSource = loaders['.js'];

loaders['.js'] = (module, file) => {
  if (!file.includes(`${sep}node_modules${sep}`)) return loadSource(module, file);
  process.setSourceMapsEnabled(false);
  try {
    loadPackage(module, file);
  } finally {
    process.setSourceMapsEnabled(true);
  }
};
