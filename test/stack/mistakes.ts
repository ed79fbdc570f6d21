import { type RuleFile, secretFile, webhookReceiver } from '../../lib';
import { watchdog } from '../../rules';

const EXPR = 'sum(rate({app="shop"}[5m])) > 1';
let names = 0;

/** A file with one alert, each with a different name. */
const ruleFile = (rule: object, group: object = {}): RuleFile =>
  ({
    name: `file-${++names}.yaml`,
    groups: [{ name: 'g', rules: [{ alert: `Alert${names}`, expr: EXPR, ...rule }], ...group }],
  }) as RuleFile;

const toReceiver = (name: string, receiver: object) => ({
  routing: { routes: [{ matchers: [`team="${name}"`], receiver: name }], receivers: [{ name, ...receiver }] },
});

const slackAt = (config: object) => ({ slack_configs: [{ api_url: 'http://chat.chat.svc', ...config }] });

/** Options with a mistake, and the message of its only finding. */
export interface Mistake {
  readonly name: string;
  readonly options: object;
  readonly message: RegExp;
  /** Subjects of the mistake; two with the same subject are not independent. */
  readonly about?: readonly string[];
}

const INGRESS = { host: 'alerts.example.com', namespace: 'traefik', tlsSecret: 'alerts-tls' };

export const MISTAKES: readonly Mistake[] = [
  { name: 'alertmanagerUrl', options: { alertmanagerUrl: 'nowhere' }, message: /'alertmanagerUrl'/ },
  { name: 'grafanaUrl', options: { grafanaUrl: 'nowhere' }, message: /'grafanaUrl'/ },
  { name: 'unknown option', options: { typo: true }, message: /'typo'/ },
  { name: 'rate of the demo', options: { demo: { rate: 0 } }, message: /'demo.rate'/ },
  { name: 'size of a disk', options: { loki: { storage: '5GB' } }, message: /'loki.storage'/ },
  {
    name: 'evaluation interval',
    options: { loki: { evaluationInterval: '1.5m' } },
    message: /'loki.evaluationInterval'/,
  },
  {
    name: 'severities',
    options: { severities: ['info', 'warning', 'critical', 5] },
    message: /'severities.3'/,
    about: ['severities'],
  },
  { name: 'image', options: { images: { alertmanager: 'a' } }, message: /'images.alertmanager'/ },
  { name: 'port', options: { kubernetesApiPorts: [0] }, message: /'kubernetesApiPorts.0'/ },
  { name: 'namespace', options: { namespaces: { demo: 'Demo_1' } }, message: /'namespaces.demo'/, about: ['slack'] },
  {
    name: 'the same namespace for two parts',
    options: { namespaces: { logCollector: 'logging' } },
    message: /'namespaces': has the same/,
  },
  {
    name: 'pods',
    options: { pods: { grafana: { resources: { cpu: 'x' } } } },
    message: /'pods.grafana.resources.cpu'/,
  },
  {
    name: 'URL of Slack',
    options: { slack: { webhookUrl: 'nowhere' } },
    message: /'slack.webhookUrl'/,
    about: ['slack'],
  },
  {
    name: 'two Slacks',
    options: { slack: { webhookUrl: 'http://a', webhookSecret: 'a' } },
    message: /'slack': requires/,
    about: ['slack'],
  },
  {
    name: 'token of Slack',
    options: { slack: { tokenSecret: 'xoxb-AAAA', channel: '#a' } },
    message: /'slack.tokenSecret'/,
    about: ['slack'],
  },
  {
    name: 'updates of a webhook of Slack',
    options: { slack: { webhookSecret: 'a', updates: 'edit' } },
    message: /'slack.updates'/,
    about: ['slack'],
  },
  {
    name: 'Slack app without a channel',
    options: { slack: { tokenSecret: 'a' } },
    message: /'slack.channel'/,
    about: ['slack'],
  },
  { name: 'slack of the wrong type', options: { slack: 5 }, message: /'slack': expected/, about: ['slack'] },
  {
    name: 'pods of an unused slack-inbox',
    options: { slack: { webhookUrl: 'http://a.b.svc' }, pods: { 'slack-inbox': {} } },
    message: /'pods.slack-inbox'/,
    about: ['slack'],
  },
  {
    name: 'interval of the heartbeat',
    options: { heartbeat: { webhookSecret: 'h', interval: 'often' }, rules: [watchdog({ grafanaUrl: 'http://a' })] },
    message: /'heartbeat.interval'/,
    about: ['heartbeat'],
  },
  {
    name: 'heartbeat without an address',
    options: { heartbeat: {}, rules: [watchdog({ grafanaUrl: 'http://a' })] },
    message: /'heartbeat': requires/,
    about: ['heartbeat'],
  },
  {
    name: 'heartbeat that is never called',
    options: { heartbeat: { webhookSecret: 'h' } },
    message: /'heartbeat': is never called/,
    about: ['heartbeat', 'rules as a whole'],
  },
  {
    name: 'Alertmanager without a password behind an Ingress',
    options: { alertmanager: { ingress: INGRESS } },
    message: /'alertmanager': allows anyone/,
  },
  {
    name: 'limit of a tenant',
    options: {
      tenants: { shop: { namespaces: ['shop'], rules: [ruleFile({})], limits: { retention_period: '30 days' } } },
    },
    message: /'tenants.shop.limits.retention_period'/,
  },
  {
    name: 'rule of a tenant',
    options: { tenants: { bank: { namespaces: ['bank'], rules: [ruleFile({ expr: 'rate(' })] } } },
    message: /^error: tenant 'bank': .*\[logql-syntax\]$/,
  },
  {
    name: 'the same namespace for two tenants',
    options: {
      tenants: { a: { namespaces: ['x'], rules: [ruleFile({})] }, b: { namespaces: ['x'], rules: [ruleFile({})] } },
    },
    message: /'tenants': namespace/,
  },
  {
    name: 'unknown field of a rule',
    options: { rules: [ruleFile({ serverity: 'x' })] },
    message: /serverity': is not an option/,
    about: ['rules as a whole'],
  },
  {
    name: 'query that is not a string',
    options: { rules: [ruleFile({ expr: 5 })] },
    message: /expr': expected string/,
    about: ['rules as a whole'],
  },
  {
    name: 'groups that are not a list',
    options: { rules: [{ name: 'x.yaml', groups: {} }] },
    message: /groups': expected Array/,
    about: ['rules as a whole'],
  },
  { name: 'query', options: { rules: [ruleFile({ expr: 'rate({app="a"}[1.5m]) > 1' })] }, message: /\[1\.5m\]/ },
  {
    name: 'two groups with the same name',
    options: {
      rules: [
        {
          name: 'twins.yaml',
          groups: [
            { name: 'g', rules: [{ alert: 'TwinA', expr: EXPR }] },
            { name: 'g', rules: [{ alert: 'TwinB', expr: EXPR }] },
          ],
        },
      ],
    },
    message: /\[group-name-repeated\]$/,
  },
  {
    name: 'two alerts with the same name',
    options: { rules: [ruleFile({ alert: 'Twin' }), ruleFile({ alert: 'Twin' })] },
    message: /\[alert-name-repeated\]$/,
  },
  {
    name: 'severity of an alert',
    options: {
      rules: [
        ruleFile({ labels: { severity: 'fatal' }, waive: [{ check: 'route-catch-all-only', reason: 'a test' }] }),
      ],
    },
    message: /\[severity-unknown\]$/,
    about: ['severities'],
  },
  {
    name: 'undefined receiver',
    options: { routing: { routes: [{ matchers: ['team="lost"'], receiver: 'lost' }] } },
    message: /undefined receiver "lost"/,
  },
  {
    name: 'severity of a route',
    options: { routing: { routes: [{ matchers: ['severity="deadly"'], receiver: 'default-catchall-slack' }] } },
    message: /\[route-unknown-severity\]$/,
    about: ['severities'],
  },
  {
    name: 'unreachable route',
    options: { routing: { routes: [{ matchers: ['team="a"', 'team="b"'], receiver: 'default-catchall-slack' }] } },
    message: /\[route-unreachable\]$/,
    about: ['route tree'],
  },
  {
    name: 'matcher',
    options: { routing: { routes: [{ matchers: ['team=~"("'], receiver: 'default-catchall-slack' }] } },
    message: /\[matcher-syntax\]$/,
  },
  { name: 'group wait', options: { routing: { groupWait: 'soon' } }, message: /'routing.groupWait'/ },
  {
    name: 'unknown field of a receiver',
    options: toReceiver('typo', slackAt({ chanel: '#a' })),
    message: /unknown field "chanel"/,
  },
  {
    name: 'receiver without a server',
    options: toReceiver('mail', { email_configs: [{ to: 'a@example.com', from: 'b@example.com' }] }),
    message: /missing field "smarthost"/,
  },
  {
    name: 'URL of a receiver',
    options: toReceiver('url', slackAt({ api_url: 'nowhere' })),
    message: /receiver 'url'.*\[alertmanager-value\]$/,
  },
  {
    name: 'type in a receiver',
    options: toReceiver('type', slackAt({ channel: 5 })),
    message: /receiver 'type'.*\[alertmanager-type\]$/,
  },
  {
    name: 'type in a route',
    options: { routing: { routes: [{ matchers: ['team="z"'], receiver: 'default-catchall-slack', continue: 'no' }] } },
    message: /\[alertmanager-type\]$/,
    about: ['route tree'],
  },
  {
    name: 'template that is called',
    options: toReceiver('calls', slackAt({ title: '{{ template "lost" . }}' })),
    message: /undefined template "lost"/,
    about: ['templates'],
  },
  {
    name: 'template file',
    options: { routing: { templates: { 'broken.tmpl': '{{ if }}' } } },
    message: /broken\.tmpl:1:\d+: error: invalid template/,
    about: ['templates'],
  },
  {
    name: 'name of a template file',
    options: { routing: { templates: { 'a.txt': '' } } },
    message: /is not a valid name of a template file/,
  },
  {
    name: 'Secret that is not mounted',
    options: toReceiver('secret', { webhook_configs: [{ url_file: secretFile({ name: 'bridge', key: 'url' }) }] }),
    message: /missing Secret "bridge"/,
  },
  {
    name: 'Secret that is not read',
    options: { alertmanager: { secrets: ['unread'] } },
    message: /unused Secret "unread"/,
  },
  {
    name: 'two receivers with the same name',
    options: { routing: { receivers: [{ name: 'default-catchall-slack', ...slackAt({}) }] } },
    message: /\[alertmanager-duplicate-name\]$/,
  },
  {
    name: 'unused receiver',
    options: { routing: { receivers: [webhookReceiver({ name: 'unused', webhookUrl: 'http://a.b.svc' })] } },
    message: /\[receiver-unused\]$/,
  },
];
