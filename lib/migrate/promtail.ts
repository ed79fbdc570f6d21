import { type Found, leave } from './found';
import { nestedNames } from './names';

/** Stages of Promtail's pipelines. @see https://grafana.com/docs/loki/v3.7.x/send-data/promtail/stages/ */
const STAGES =
  /^\s*-\s+["']?(cri|decolorize|docker|drop|eventlogmessage|geoip|json|labelallow|labeldrop|labels|limit|logfmt|match|metrics|multiline|output|pack|regex|replace|sampling|static_labels|structured_metadata|template|tenant|timestamp)["']?\s*:/gm;

// biome-ignore lint/suspicious/noExplicitAny: a document of another system, of which only some fields are read.
type Value = any;

/** Returns whether values are those of the chart promtail, with or without stages. */
export function isPromtailValues(values: Value): boolean {
  const { config } = values;
  return (
    typeof config === 'object' && config !== null && ['clients', 'snippets', 'lokiAddress'].some((at) => at in config)
  );
}

/** Reads `scrape_configs`, which both Promtail and Prometheus have. */
export function readScrapes(document: Value, file: string): Found {
  const stages = stageNames(document);
  if (!document.clients && !document.positions && stages.length === 0) {
    const names = Object.keys(document).join(', ');
    return leave(`the configuration of Prometheus in ${file} (${names}): keep it in Prometheus`);
  }
  return leave(
    `the configuration of Promtail in ${file} (${nestedNames(document).join(', ')}): the collector of the stack sets its own labels, see loki-alerts explain collectors`,
    ...stagesLeft(stages, file),
  );
}

/** Returns the names of the stages in all pipelines of Promtail, also of those in texts and below `match`. */
export function stageNames(value: Value): string[] {
  return [...new Set(namesIn(value))];
}

function namesIn(value: Value): string[] {
  if (typeof value === 'string') {
    return /\bpipeline_?stages\b/i.test(value) ? [...value.matchAll(STAGES)].map(([, name = '']) => name) : [];
  }
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries<Value>(value).flatMap(([name, item]) =>
    /^pipeline_?stages$/i.test(name) && Array.isArray(item) ? stagesIn(item) : namesIn(item),
  );
}

/** Returns the names in a list of stages; the stage `match` contains another list. */
function stagesIn(stages: readonly Value[]): string[] {
  return stages.flatMap((stage) =>
    Object.entries<Value>(stage ?? {}).flatMap(([name, body]) => [
      name,
      ...(Array.isArray(body?.stages) ? stagesIn(body.stages) : []),
    ]),
  );
}

/** Returns lines of the report on stages. */
export function stagesLeft(stages: readonly string[], file: string): string[] {
  if (stages.length === 0) return [];
  const ends = [
    ...(stages.includes('replace')
      ? ['text that replace masked is now stored as logged: mask it with collectorPipeline.redact in main.ts']
      : []),
    ...(stages.some((stage) => ['multiline', 'drop'].includes(stage))
      ? ['for multiline and drop, set collectorPipeline in main.ts, see loki-alerts explain collectors']
      : []),
    ...(stages.includes('tenant') ? ['for tenants, set tenants in main.ts, see loki-alerts explain tenants'] : []),
  ];
  return [
    [
      `pipeline stages of Promtail in ${file}: ${stages.join(', ')}: the collector does not run them; extract fields in queries (| json, | regexp)`,
      ...ends,
    ].join('; '),
  ];
}
