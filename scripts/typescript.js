// Makes `require` load TypeScript with tsx, except for packages: tsx would search each of their files for ESM syntax,
// and enable Node's source maps, megabytes of which packages contain. Together that is a quarter of a synthesis.
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
