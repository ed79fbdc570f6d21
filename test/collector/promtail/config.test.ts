import { RE2JS } from 're2js';
import { stringify } from 'yaml';
import { COLLECTOR_LABELS } from '../../../lib/collector/labels';
import { promtailConfig } from '../../../lib/collector/promtail/config';

const config = promtailConfig({
  lokiUrl: 'http://loki:3100',
  positionsPath: '/run/promtail',
  podLogsPath: '/var/log/pods',
  httpPort: 3101,
});
const relabelConfigs = config.scrape_configs.flatMap<RelabelConfig>((scrape) => scrape.relabel_configs);
const pipeline = config.scrape_configs.flatMap((scrape) => scrape.pipeline_stages);

interface RelabelConfig {
  readonly source_labels: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly target_label: string;
  readonly replacement?: string;
}

/**
 * Relabels a target like Prometheus, with the action `replace`.
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config
 */
function relabel(meta: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const labels: Record<string, string | undefined> = { ...meta };
  for (const rule of relabelConfigs) {
    const value = rule.source_labels.map((name) => labels[name] ?? '').join(rule.separator ?? ';');
    const matcher = RE2JS.compile(`^(?:${rule.regex ?? '(.*)'})$`).matcher(value);
    if (matcher.find()) labels[rule.target_label] = matcher.replaceFirst(rule.replacement ?? '$1') || undefined;
  }
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name === '__path__' || !name.startsWith('__')));
}

const POD = '__meta_kubernetes_pod';

/** Discovered meta labels of a container of the Deployment `shop`, without pod labels. */
const META = {
  __meta_kubernetes_namespace: 'mall',
  [`${POD}_name`]: 'shop-6b8f7c9d4-x2x9z',
  [`${POD}_uid`]: '0b5c',
  [`${POD}_node_name`]: 'node-1',
  [`${POD}_container_name`]: 'till',
  [`${POD}_controller_name`]: 'shop-6b8f7c9d4',
};

test('config.yaml', () => {
  expect(stringify(config)).toMatchSnapshot();
});

describe('relabeling', () => {
  test('sets the labels of a stream and the path of its files', () => {
    expect(relabel(META)).toEqual({
      namespace: 'mall',
      app: 'shop',
      pod: 'shop-6b8f7c9d4-x2x9z',
      container: 'till',
      node_name: 'node-1',
      job: 'mall/shop',
      __path__: '/var/log/pods/*0b5c/till/*.log',
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ['the recommended label', { [`${POD}_label_app_kubernetes_io_name`]: 'a', [`${POD}_label_app`]: 'b' }, 'a'],
    ['the label app', { [`${POD}_label_app`]: 'b' }, 'b'],
    ['its Deployment', {}, 'shop'],
    ['its StatefulSet, whose name has no hash', { [`${POD}_controller_name`]: 'shop-db' }, 'shop-db'],
    ['its CronJob', { [`${POD}_controller_name`]: 'backup-29384756' }, 'backup'],
    ['its DaemonSet with a dot in its name', { [`${POD}_controller_name`]: 'shop.agent' }, 'shop.agent'],
    ['itself without a controller', { [`${POD}_controller_name`]: '', [`${POD}_name`]: 'lonely' }, 'lonely'],
  ])('names an app after %s', (_, meta, app) => {
    expect(relabel({ ...META, ...meta })).toMatchObject({ app, job: `mall/${app}` });
  });

  test('finds the files of a static pod by the hash of its manifest', () => {
    const meta = {
      [`${POD}_annotationpresent_kubernetes_io_config_hash`]: 'true',
      [`${POD}_annotation_kubernetes_io_config_hash`]: 'c0ffee',
    };

    expect(relabel({ ...META, ...meta })).toMatchObject({ __path__: '/var/log/pods/*c0ffee/till/*.log' });
  });

  test('COLLECTOR_LABELS are the relabeled labels and stream', () => {
    const set = Object.keys(relabel(META)).filter((name) => !name.startsWith('__'));

    expect([...COLLECTOR_LABELS].sort()).toEqual([...set, 'stream'].sort());
  });
});

describe('pipeline', () => {
  const stages = pipeline.flatMap(({ match }) => (match ? [match] : []));

  /** Returns the stage that parses a line: the first one whose selector matches, because it sets `stream`. */
  function format(line: string): string | undefined {
    const stage = stages.find(({ selector }) => {
      const [, pattern = ''] = /^\{stream=""\} \|~ (".*")$/.exec(selector) ?? [];
      return RE2JS.compile(JSON.parse(pattern)).matcher(line).find();
    });
    return Object.keys(stage?.stages?.[0] ?? {})[0];
  }

  test.each([
    ['docker', '{"log":"hello\\n","stream":"stdout","time":"2026-01-02T03:04:05.678901234Z"}'],
    ['docker', '{"log":"hello\\n","stream":"stderr","attrs":{"tag":"a"},"time":"2026-01-02T03:04:05Z"}'],
    ['cri', '2026-01-02T03:04:05.678901234Z stdout F hello'],
    ['cri', '2026-01-02T03:04:05.678901234+01:00 stderr P a part of'],
    ['cri', '2026-01-02T03:04:05Z stdout F '],
  ])('%s: %s', (expected, line) => {
    expect(format(line)).toBe(expected);
  });

  test('parses a Docker line that contains a CRI line, and the reverse, by its outer format', () => {
    const cri = '2026-01-02T03:04:05Z stdout F hello';
    const docker = '{"log":"hello","stream":"stdout","time":"2026-01-02T03:04:05Z"}';

    expect(format(`{"log":"${cri}\\n","stream":"stdout","time":"2026-01-02T03:04:05Z"}`)).toBe('docker');
    expect(format(`2026-01-02T03:04:05Z stdout F ${docker}`)).toBe('cri');
    // After a stage has set `stream`, no other selector matches.
    expect(stages.map(({ selector }) => selector)).toEqual([
      expect.stringMatching(/^\{stream=""\} /),
      expect.stringMatching(/^\{stream=""\} /),
    ]);
  });

  test.each(['hello', '{"message":"hello"}', '2026-01-02 03:04:05 stdout F hello', 'stdout F hello', ''])(
    'keeps a line in neither format: %j',
    (line) => {
      expect(format(line)).toBeUndefined();
    },
  );

  test('drops the path on the node, which changes with each container restart', () => {
    expect(pipeline).toContainEqual({ labeldrop: ['filename'] });
  });
});
