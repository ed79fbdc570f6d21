import { formatMessage } from '../../lib/checks/findings';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
import { PRODUCTION, PROPS } from '../manifests/synth';

/** Returns the findings on the options of the demo with some of them replaced. */
const found = (instead: object) => checkLogAlertingOptions({ ...PROPS, ...instead }).map(formatMessage);

test.each<[string, object, RegExp]>([
  [
    'an Ingress for Grafana without a password',
    { grafana: { ingress: { host: 'grafana.example.com', namespace: 'traefik', tlsSecret: 'grafana-tls' } } },
    /^option 'grafana': allows anonymous access from outside the cluster: set grafana: \{ adminSecret \} too$/,
  ],
  [
    'an Ingress for Alertmanager without a password',
    { alertmanager: { ingress: { host: 'alerts.example.com', namespace: 'traefik', tlsSecret: 'alerts-tls' } } },
    /^option 'alertmanager': allows anyone outside the cluster to silence alerts: set alertmanager: \{ basicAuthSecret \} too$/,
  ],
  [
    'the same host for Grafana and Alertmanager',
    {
      grafana: { adminSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
      alertmanager: { basicAuthSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
    },
    /^option 'alertmanager': has the same host as Grafana: use a different host, e\.g\. alertmanager\.example\.com$/,
  ],
  [
    'a Gateway for Grafana without a password',
    {
      grafana: {
        gateway: {
          host: 'a.example.com',
          namespace: 'traefik',
          parentRef: { name: 'a', namespace: 'traefik', sectionName: 'https' },
        },
      },
    },
    /^option 'grafana': allows anonymous access from outside the cluster: set grafana: \{ adminSecret \} too$/,
  ],
  [
    'a Gateway without a listener',
    {
      grafana: {
        adminSecret: 'a',
        gateway: { host: 'a.example.com', namespace: 'traefik', parentRef: { name: 'a', namespace: 'traefik' } },
      },
    },
    /^option 'grafana.gateway.parentRef.sectionName': .*(missing|undefined)/,
  ],
  [
    'an Ingress without a certificate',
    { grafana: { adminSecret: 'a', ingress: { host: 'grafana.example.com', namespace: 'traefik' } } },
    /^option 'grafana.ingress.tlsSecret': .*(missing|undefined)/,
  ],
  [
    'a host that is a URL',
    {
      grafana: {
        adminSecret: 'a',
        ingress: { host: 'https://grafana.example.com', namespace: 'traefik', tlsSecret: 'grafana-tls' },
      },
    },
    /^option 'grafana\.ingress\.host': "https:\/\/grafana\.example\.com" is not a valid host name: use it without https:\/\/ and port, e\.g\. grafana\.example\.com$/,
  ],
  [
    'a path of Grafana that its Ingress does not remove',
    {
      grafanaUrl: 'https://a.example.com/grafana',
      grafana: { adminSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
    },
    /^option 'grafanaUrl': .*has a path, but ingress and gateway do not remove paths: remove the path, or use a proxy/,
  ],
  [
    'a path of Alertmanager that its Ingress does not remove',
    {
      alertmanagerUrl: 'https://a.example.com/alerts',
      alertmanager: { basicAuthSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
    },
    /^option 'alertmanagerUrl': .*has a path/,
  ],
])('rejects %s', (_, instead, message) => {
  expect(found(instead)).toEqual([expect.stringMatching(message)]);
});

test('accepts paths in URLs of a host without an Ingress or Gateway', () => {
  const paths = { grafanaUrl: 'https://tools.example.com/a', alertmanagerUrl: 'https://tools.example.com/b' };

  expect(found(paths)).toEqual([]);
  expect(found({ ...PRODUCTION, ...paths })).toEqual([]);
});
