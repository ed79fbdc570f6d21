// Entry for `validations` in cdk8s.yaml: the CLI loads JavaScript, and this project is TypeScript.
module.exports = require('tsx/cjs/api').require('./lib/cdk8s-plugin', __filename);
