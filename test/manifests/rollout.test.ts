import type { RuleFile } from '../../lib';
import { highLogRate } from '../../rules/high-log-rate';
import { configMaps, type Manifest, nameOf, type Workload, workloads } from './kubernetes';
import { PROPS, type SomeProps, synth, synthObjects } from './synth';

const PANICS: RuleFile = {
  name: 'panics.yaml',
  groups: [{ name: 'panics', rules: [{ alert: 'Panic', expr: 'sum(rate({app="shop"} |= "panic" [1m])) > 0' }] }],
};

const RULES = /^loki-rules-\d+$/;
const before = synthObjects();

/** Returns the names of the objects that differ. */
function changed(props: SomeProps): string[] {
  const old = new Map(before.map((object) => [nameOf(object), JSON.stringify(object)]));
  return synthObjects(props)
    .filter((object) => old.get(nameOf(object)) !== JSON.stringify(object))
    .map(nameOf);
}

/** Returns the names of the workloads whose pods Kubernetes replaces. */
function restarted(props: SomeProps): string[] {
  const template = ({ spec }: Workload) => JSON.stringify(spec.template);
  const old = new Map(workloads(before).map((workload) => [nameOf(workload), template(workload)]));
  return workloads(synthObjects(props))
    .filter((workload) => old.get(nameOf(workload)) !== template(workload))
    .map(nameOf);
}

/** Returns the names of the workloads that mount one of these ConfigMaps. */
function mounting(maps: readonly string[], all: readonly Manifest[]): string[] {
  return workloads(all)
    .filter(({ metadata, spec }) =>
      (spec.template.spec.volumes ?? [])
        .flatMap(configMaps)
        .some(({ name }) => !RULES.test(name) && maps.includes(`ConfigMap ${metadata.namespace}/${name}`)),
    )
    .map(nameOf);
}

test('the output is deterministic', () => {
  expect(synth()).toEqual(synth());
});

test.each<[string, SomeProps, string[]]>([
  ['retention', { loki: { retention: '24h' } }, ['StatefulSet logging/loki']],
  ['evaluation interval', { loki: { evaluationInterval: '30s' } }, ['StatefulSet logging/loki']],
  ['repeat interval', { routing: { repeatInterval: '1h' } }, ['StatefulSet logging/alertmanager']],
  [
    'another address of Grafana',
    { grafanaUrl: 'https://grafana.example.com' },
    ['StatefulSet logging/loki', 'Deployment logging/grafana'],
  ],
  [
    'the threshold in the dashboard',
    { rateAlert: { ...PROPS.rateAlert, threshold: 61 } },
    ['Deployment logging/grafana'],
  ],
])('a change of a config restarts exactly the pods that read it: %s', (_, props, expected) => {
  expect(restarted(props)).toEqual(expected);
  expect(mounting(changed(props), before)).toEqual(expected);
});

test.each<[string, RuleFile[]]>([
  ['changed', [highLogRate({ grafanaUrl: 'http://elsewhere:3000' })]],
  ['added', [...PROPS.rules, PANICS]],
])('rules that are %s only change their ConfigMap, which Loki reloads', (_, rules) => {
  expect(changed({ rules })).toEqual(['ConfigMap logging/loki-rules-0']);
});
