import type { SlackMessage } from '../../lib/demo-run/slack-message';
import { parseLogQL } from '../../lib/logql';

export interface ExpectedMessage {
  readonly state: 'FIRING' | 'RESOLVED';
  /** Text after the state in the title. */
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly receiver: string;
  /** LogQL of the rule, as in its source. */
  readonly expr: string;
}

/** Returns the problems of a message of the stack's template. */
export function messageProblems({ title, text }: SlackMessage, expected: ExpectedMessage): string[] {
  const problems: string[] = [];
  const expect = (what: string, found: string, wanted: string) => {
    if (found !== wanted) problems.push(`${what} is '${found}', not '${wanted}'`);
  };
  expect('title', title.replace(/^:\w+: /, ''), `[${expected.state}] ${expected.title}`);
  expect('labels', labelLines(text), sortedLines(expected.labels));
  expect('receiver', /^\*Receiver:\* (.*)$/m.exec(text)?.[1] ?? '', expected.receiver);
  const links = messageLinks(text);
  const query = exploreExpr(links.Graph ?? '');
  if (normalForm(query) !== normalForm(expected.expr))
    expect('query of the graph link', unparenthesized(query), unparenthesized(expected.expr));
  for (const name of ['Dashboard', 'Runbook']) {
    if (!URL.canParse(links[name] ?? '')) problems.push(`link ${name} is '${links[name]}', not a URL`);
  }
  return problems;
}

/** Returns the URLs in a message's text by name: `*Graph:* <url|emoji>`. */
export function messageLinks(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/\*(\w+):\* <([^|>]*)\|/g)].map(([, name, url]) => [name, url]));
}

/** Returns the query that a link of Loki's ruler opens in Grafana's Explore, or ''. */
export function exploreExpr(link: string): string {
  if (!URL.canParse(link)) return '';
  const left = new URL(link).searchParams.get('left') ?? '{}';
  const { queries = [] } = JSON.parse(left) as { queries?: { expr: string }[] };
  return queries[0]?.expr ?? '';
}

/** Returns a normal form of an expression: Loki prints it with other spaces, parentheses and durations. */
function normalForm(expr: string): string {
  const places = new Set(['from', 'to']);
  return JSON.stringify(parseLogQL(expr).expr, (key, value) => (places.has(key) ? undefined : value)) ?? expr;
}

/** Removes spaces and the outer parentheses of an expression. */
function unparenthesized(expr: string): string {
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
