import type { SlackMessage } from '../../lib/demo-run/slack-message';
import { parseLogQL } from '../../lib/logql';

export interface ExpectedMessage {
  readonly state: 'FIRING' | 'RESOLVED';
  /** What the title says after the state. */
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly receiver: string;
  /** LogQL of the rule, as it was written. */
  readonly expr: string;
}

/** What is wrong with a message of the stack's template. */
export function wrongMessage({ title, text }: SlackMessage, expected: ExpectedMessage): string[] {
  const problems: string[] = [];
  const expect = (what: string, found: string, wanted: string) => {
    if (found !== wanted) problems.push(`${what} is '${found}', not '${wanted}'`);
  };
  expect('title', title.replace(/^:\w+: /, ''), `[${expected.state}] ${expected.title}`);
  expect('labels', labelLines(text), sortedLines(expected.labels));
  expect('receiver', /^\*Receiver:\* (.*)$/m.exec(text)?.[1] ?? '', expected.receiver);
  const links = messageLinks(text);
  const query = exploreExpr(links.Graph ?? '');
  if (meaning(query) !== meaning(expected.expr)) expect('query of the graph link', bare(query), bare(expected.expr));
  for (const name of ['Dashboard', 'Runbook']) {
    if (!URL.canParse(links[name] ?? '')) problems.push(`link ${name} is '${links[name]}', no URL`);
  }
  return problems;
}

/** Name to address of the links in a message's text: `*Graph:* <address|emoji>`. */
export function messageLinks(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/\*(\w+):\* <([^|>]*)\|/g)].map(([, name, url]) => [name, url]));
}

/** The query that a link of Loki's ruler opens in Grafana's Explore; empty if it opens none. */
export function exploreExpr(link: string): string {
  if (!URL.canParse(link)) return '';
  const left = new URL(link).searchParams.get('left') ?? '{}';
  const { queries = [] } = JSON.parse(left) as { queries?: { expr: string }[] };
  return queries[0]?.expr ?? '';
}

/** An expression as Loki understands it, which prints spaces, parentheses and durations its own way. */
function meaning(expr: string): string {
  const places = new Set(['from', 'to']);
  return JSON.stringify(parseLogQL(expr).expr, (key, value) => (places.has(key) ? undefined : value)) ?? expr;
}

/** An expression without spaces and the parentheses around it. */
function bare(expr: string): string {
  return expr.replaceAll(/\s/g, '').replace(/^\((.*)\)$/, '$1');
}

function labelLines(text: string): string {
  const labels = [...text.matchAll(/• \*(\w+):\* `([^`]*)`/g)].map(([, name, value]) => [name, value]);
  return sortedLines(Object.fromEntries(labels));
}

function sortedLines(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(', ');
}
