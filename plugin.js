// The path of earlier versions for `validations` in cdk8s.yaml; now `package: ./node_modules/loki-alerts` is enough.
module.exports = require('loki-alerts/plugin');
