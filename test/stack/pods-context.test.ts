import { formatMessage } from '../../lib/checks/findings';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
import { EVERYTHING, PRODUCTION, PROPS } from '../manifests/synth';

const found = (pods: unknown, instead: object = {}) =>
  checkLogAlertingOptions({ ...PROPS, ...instead, pods }).map(formatMessage);

const distributed = (pods: unknown, loki: object = {}) =>
  found(pods, { ...EVERYTHING, loki: { ...(EVERYTHING.loki as object), ...loki } });

test.each<[string, string[], RegExp]>([
  [
    'an unknown component',
    found({ graphana: {} }),
    /option 'pods\.graphana': is not an option: use one of loki, loki-distributor, loki-ingester, loki-query-frontend, loki-query-scheduler, loki-querier, loki-index-gateway, loki-compactor, loki-ruler, loki-gateway, loki-chunks-cache, loki-results-cache, log-collector, kubernetes-events, alertmanager, grafana, log-canary, webservice, http-client, slack-inbox; did you mean 'grafana'\?/,
  ],
  [
    "the collector by its program's name",
    found({ promtail: {} }),
    /pods.promtail': is the log collector, .*'log-collector'/,
  ],
  [
    'a Loki target without profile distributed',
    found({ 'loki-querier': {} }),
    /pods.loki-querier': is only part of profile 'distributed', but the profile is 'demo': use 'loki', or change the profile$/,
  ],
  [
    'a single Loki with profile distributed',
    distributed({ loki: {} }),
    /pods.loki': is split into components by profile 'distributed': use 'loki-ingester', .* and the others$/,
  ],
  [
    'a cache that is not deployed',
    distributed({ 'loki-chunks-cache': {} }, { caches: {} }),
    /is not deployed: set loki.caches.chunks too, or remove it$/,
  ],
  [
    'a component of the demo without the demo',
    found({ webservice: {} }, PRODUCTION),
    /pods.webservice': is part of the demo/,
  ],
  [
    'less memory than a replay needs',
    found({ loki: { resources: { memoryLimit: '300Mi' } } }),
    /option 'pods\.loki\.resources\.memoryLimit': is 300Mi, less than Loki and the replay of its write-ahead log needs: use 388Mi or more/,
  ],
  [
    'less memory than the replay of an ingester needs',
    distributed({ 'loki-ingester': { resources: { memory: '100Mi', memoryLimit: '300Mi' } } }),
    /pods.loki-ingester.resources.memoryLimit': is 300Mi, less than/,
  ],
  [
    'less memory than Loki needs',
    distributed({ 'loki-ruler': { resources: { memory: '100Mi', memoryLimit: '150Mi' } } }),
    /option 'pods\.loki-ruler\.resources\.memoryLimit': is 150Mi, less than Loki itself needs: use 173Mi or more/,
  ],
  [
    'less memory than a cache needs',
    distributed({ 'loki-chunks-cache': { resources: { memory: '1Gi', memoryLimit: '1Gi' } } }),
    /option 'pods\.loki-chunks-cache\.resources\.memoryLimit': is 1Gi, less than the cache of loki\.caches\.chunks\.memory needs: use 1229Mi or more/,
  ],
  [
    'a zone of ingesters that loki.zones sets',
    distributed({ 'loki-ingester': { nodeSelector: { 'topology.kubernetes.io/zone': 'a' } } }),
    /nodeSelector.topology.kubernetes.io\/zone': is set by the option 'loki.zones'/,
  ],
  [
    'the same priority class in two options',
    found({ grafana: { priorityClassName: 'high' } }, { priorityClassName: 'high' }),
    /option 'pods\.grafana\.priorityClassName': is already set by the option 'priorityClassName': remove one of the two/,
  ],
])('rejects %s', (_, messages, message) => {
  expect(messages).toEqual([expect.stringMatching(message)]);
});
