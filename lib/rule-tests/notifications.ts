import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, type SinkRequest, startAlertmanager, startWebhookSink, type WebhookSink } from '../engines';
import type { Comparison } from './compare';
import { type Labels, toLabels } from './labels';
import { compareMessages, type Message, toMessage } from './messages';
import {
  integrationId,
  type NotificationConfig,
  type NotificationSource,
  slackAnswer,
  testableConfig,
} from './notification-config';
import { type Plan, toMs } from './plan';
import type { FiringAlert, Trial, Verdict } from './promtool';

/** An alert as the ruler sends it. */
interface SentAlert extends FiringAlert {
  readonly generatorURL: string;
}

/** The alerts of a test by time. */
interface Firing {
  /** Alerts that fire at a time in milliseconds, after the latest evaluation of each rule, by their labels. */
  at(ms: number): Map<string, SentAlert>;
  /** Alerts that fired at any evaluation in (from, to], with their last annotations. */
  between(fromMs: number, toMs: number): Map<string, SentAlert>;
}

/**
 * Compares the messages that a real Alertmanager sends with each notification test of a plan. Its timers are short:
 * alerts that start or stop firing between two tests are sent at once, as if `group_wait` and `group_interval` had
 * passed.
 * @throws if Alertmanager does not start, or rejects its configuration
 */
export async function checkNotifications(
  engine: Engine,
  source: NotificationConfig,
  plan: Plan,
  trials: readonly Trial[],
  verdicts: readonly Verdict[],
): Promise<Comparison[]> {
  const firing = firingOf(plan, trials, verdicts);
  const sink = await startWebhookSink({ answer: slackAnswer });
  const { config, files, integrations } = testableConfig(source, sink.url);
  const alertmanager = await startAlertmanager(config, { engine, files }).catch(async (error) => {
    await sink.close();
    throw error;
  });
  try {
    const delivery = new Delivery(alertmanager.url, sink, integrations);
    const tests = (plan.test.notification_test ?? [])
      .map((test, i) => ({ test, i }))
      .sort((a, b) => toMs(a.test.eval_time) - toMs(b.test.eval_time));
    const comparisons: Comparison[] = [];
    let from = -1;
    let sent = new Map<string, SentAlert>();
    for (const { test, i } of tests) {
      const now = firing.at(toMs(test.eval_time));
      const seen = new Map([...sent, ...firing.between(from, toMs(test.eval_time))]);
      const ended = new Map([...seen].filter(([key]) => !now.has(key)));
      const messages: Message[] = [];
      // An alert that started and stopped since the last test is sent as firing first.
      if ([...ended.keys()].some((key) => !sent.has(key)))
        messages.push(...(await delivery.send(new Map([...sent, ...ended]), new Map())));
      messages.push(...(await delivery.send(now, ended)));
      comparisons[i] = compareMessages(test.exp_notifications, messages);
      from = toMs(test.eval_time);
      sent = now;
    }
    return comparisons;
  } finally {
    await Promise.all([alertmanager.stop(), sink.close()]);
  }
}

function firingOf(plan: Plan, trials: readonly Trial[], verdicts: readonly Verdict[]): Firing {
  const external = toLabels(plan.test.external_labels);
  const links = new Map(
    plan.alerts.map(({ rule }) => [
      rule.alert,
      (plan.test.external_url ?? '') + explorePath(rule.expr, plan.test.datasource_uid),
    ]),
  );
  const collect = (isIncluded: (step: number, intervalMs: number) => boolean) => {
    const found = new Map<string, SentAlert>();
    for (const [i, { intervalMs }] of trials.entries()) {
      const steps = [...(verdicts[i]?.firing ?? [])].filter(([step]) => isIncluded(step, intervalMs));
      for (const [, alerts] of steps.sort(([a], [b]) => a - b)) {
        for (const { labels, annotations } of alerts) {
          // External labels do not override labels of the alert (`notifier/manager.go`, `Send`).
          const sent = {
            labels: { ...external, ...labels },
            annotations,
            generatorURL: links.get(labels.alertname ?? '') ?? '',
          };
          found.set(JSON.stringify(Object.entries(sent.labels).sort()), sent);
        }
      }
    }
    return found;
  };
  return {
    at: (ms) => collect((step, intervalMs) => step === Math.floor(ms / intervalMs)),
    between: (from, to) => collect((step, intervalMs) => step * intervalMs > from && step * intervalMs <= to),
  };
}

/** Returns the link to Grafana's Explore as Loki builds it: `pkg/ruler/base/ruler.go`, `grafanaLinkForExpression`. */
function explorePath(expr: string, datasourceUid: string | undefined): string {
  const datasource = datasourceUid ? { datasource: { type: 'loki', uid: datasourceUid } } : {};
  // Go's JSON escapes these three characters; Go's query strings escape * but not ~.
  const query = JSON.stringify({ expr, queryType: 'range', ...datasource }).replace(
    /[<>&]/g,
    (c) => `\\u00${c.charCodeAt(0).toString(16)}`,
  );
  const parameters = new URLSearchParams({ left: `{"queries":[${query}]}` });
  return `/explore?${`${parameters}`.replace(/\*/g, '%2A').replace(/%7E/g, '~')}`;
}

/** Time limit for all messages of Alertmanager, milliseconds. */
const TIMEOUT_MS = 5000;

/** Offset of `startsAt` into the future, milliseconds: a busy machine may take that long to route alerts. */
const AHEAD_MS = 2000;

/** Milliseconds without a message after which none is expected: longer than the short timers of the groups. */
const QUIET_MS = 250;

/** An alert group of a receiver, as Alertmanager's API returns it. */
interface Group {
  readonly labels: Labels;
  readonly receiver: { readonly name: string };
  readonly alerts: readonly { readonly fingerprint: string }[];
}

/** Sends alerts to Alertmanager and waits for the messages that follow. */
class Delivery {
  /** Fingerprints of the alerts in the last message of each group. */
  private notified = new Map<string, { readonly group: Group; readonly alerts: ReadonlySet<string> }>();

  constructor(
    private readonly url: string,
    private readonly sink: WebhookSink,
    private readonly integrations: ReadonlyMap<string, NotificationSource>,
  ) {}

  async send(firing: ReadonlyMap<string, SentAlert>, ended: ReadonlyMap<string, SentAlert>): Promise<Message[]> {
    const before = this.sink.requests.length;
    const now = Date.now();
    const alerts = [
      // An alert that started longer than `group_wait` ago would not wait for the rest of its group.
      ...[...firing.values()].map((alert) => ({ ...alert, startsAt: new Date(now + AHEAD_MS).toISOString() })),
      ...[...ended.values()].map((alert) => ({
        ...alert,
        startsAt: new Date(now - 1000).toISOString(),
        endsAt: new Date(now).toISOString(),
      })),
    ];
    if (alerts.length === 0) return [];
    const body = JSON.stringify(alerts);
    const response = await fetch(`${this.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    if (!response.ok) throw new Error(`Alertmanager rejected the alerts: ${await response.text()}`);
    const deadline = now + TIMEOUT_MS;
    const expected = before + (await this.expectedMessages(firing.size, deadline));
    while (this.sink.requests.length < expected && Date.now() < deadline) await sleep(20);
    for (let seen = -1; seen !== this.sink.requests.length; await sleep(QUIET_MS)) seen = this.sink.requests.length;
    return this.sink.requests.slice(before).flatMap((request) => this.message(request));
  }

  /**
   * Waits until all alerts are in their groups; returns the number of messages to expect: one per changed group and
   * integration.
   */
  private async expectedMessages(firing: number, deadline: number): Promise<number> {
    while (new Set((await this.groups('')).flatMap(fingerprints)).size !== firing && Date.now() < deadline)
      await sleep(20);
    const groups = new Map(
      (await this.groups('&silenced=false&inhibited=false')).map((group) => [groupKey(group), group]),
    );
    let messages = 0;
    for (const key of new Set([...groups.keys(), ...this.notified.keys()])) {
      const before = this.notified.get(key)?.alerts ?? new Set();
      const after = new Set(fingerprints(groups.get(key)));
      const began = [...after].some((alert) => !before.has(alert));
      const ended = [...before].some((alert) => !after.has(alert));
      const group = groups.get(key) ?? this.notified.get(key)?.group;
      const notified = this.integrationsOf(group).filter(({ sendResolved }) => began || (ended && sendResolved));
      for (const { updates } of notified) messages += before.size > 0 ? updates : 1;
    }
    this.notified = new Map([...groups].map(([key, group]) => [key, { group, alerts: new Set(fingerprints(group)) }]));
    return messages;
  }

  private async groups(filter: string): Promise<Group[]> {
    const response = await fetch(`${this.url}/api/v2/alerts/groups?active=true${filter}`);
    return (await response.json()) as Group[];
  }

  private integrationsOf(group: Group | undefined): NotificationSource[] {
    return [...this.integrations.values()].filter(({ receiver }) => receiver === group?.receiver.name);
  }

  private message(request: SinkRequest): Message[] {
    const integration = this.integrations.get(integrationId(request));
    return integration ? [toMessage(request, integration)] : [];
  }
}

function groupKey({ labels, receiver }: Group): string {
  return JSON.stringify([receiver.name, Object.entries(labels).sort()]);
}

function fingerprints(group: Group | undefined): string[] {
  return group?.alerts.map(({ fingerprint }) => fingerprint) ?? [];
}
