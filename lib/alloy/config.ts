import { BACKOFF, LOG_LEVEL, pipelineStages, relabelConfigs, SYNC_PERIOD } from '../promtail/config';
import { alloyText, type Block, Expression } from './syntax';

export interface AlloyConfigProps {
  /** Base URL of Loki. */
  readonly lokiUrl: string;
  /** The kubelet's folder of pod logs. */
  readonly podLogsPath: string;
  /** Environment variable that holds the name of the node. */
  readonly nodeNameVariable: string;
}

/** One of Promtail's pipeline stages: its name, and what it is told. */
type Stage = Readonly<Record<string, unknown>>;

const reference = (name: string) => new Expression(name);

/**
 * Grafana Alloy: what Promtail does, from the parts of Promtail's configuration, as `alloy convert` translates them.
 * @see https://grafana.com/docs/alloy/latest/set-up/migrate/from-promtail/
 */
export function alloyConfig(props: AlloyConfigProps): string {
  const node = `"spec.nodeName=" + sys.env(${JSON.stringify(props.nodeNameVariable)})`;
  return alloyText([
    { name: 'logging', attributes: { level: LOG_LEVEL } },
    {
      name: 'discovery.kubernetes',
      label: 'pods',
      attributes: { role: 'pod' },
      blocks: [{ name: 'selectors', attributes: { role: 'pod', field: new Expression(node) } }],
    },
    {
      name: 'discovery.relabel',
      label: 'pods',
      attributes: { targets: reference('discovery.kubernetes.pods.targets') },
      blocks: relabelConfigs(props.podLogsPath).map((attributes) => ({ name: 'rule', attributes })),
    },
    {
      name: 'local.file_match',
      label: 'pods',
      attributes: {
        path_targets: reference('discovery.relabel.pods.output'),
        sync_period: SYNC_PERIOD,
      },
    },
    {
      name: 'loki.source.file',
      label: 'pods',
      attributes: {
        targets: reference('local.file_match.pods.targets'),
        forward_to: [reference('loki.process.pods.receiver')],
      },
    },
    {
      name: 'loki.process',
      label: 'pods',
      attributes: { forward_to: [reference('loki.write.loki.receiver')] },
      blocks: stageBlocks(pipelineStages()),
    },
    {
      name: 'loki.write',
      label: 'loki',
      blocks: [
        {
          name: 'endpoint',
          attributes: {
            url: `${props.lokiUrl}/loki/api/v1/push`,
            min_backoff_period: BACKOFF.min_period,
            max_backoff_period: BACKOFF.max_period,
            max_backoff_retries: BACKOFF.max_retries,
          },
        },
      ],
    },
  ]);
}

function stageBlocks(stages: readonly Stage[]): Block[] {
  return stages.flatMap((stage) => Object.entries(stage)).map(([name, told]) => stageBlock(name, told));
}

function stageBlock(stage: string, told: unknown): Block {
  const name = `stage.${stage}`;
  switch (stage) {
    case 'docker':
    case 'cri':
      return { name };
    case 'replace':
      return { name, attributes: told as Record<string, string> };
    case 'labeldrop':
      return { name: 'stage.label_drop', attributes: { values: told as string[] } };
    case 'match': {
      const { selector, stages } = told as { readonly selector: string; readonly stages: readonly Stage[] };
      return { name, attributes: { selector }, blocks: stageBlocks(stages) };
    }
    default:
      throw new Error(
        `Promtail's pipeline stage '${stage}' has no translation for Alloy yet: add it in lib/alloy/config.ts`,
      );
  }
}
