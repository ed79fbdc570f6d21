import { readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Diagnosis, Finding } from '../../checks/findings';
import { didYouMean } from '../../text/did-you-mean';
import type { SourcedConfig } from '../config/read';
import { hasTemplate, type PolicyAlert } from './alerts';

/** Annotation of Prometheus' mixins. */
const RUNBOOK_ANNOTATION = 'runbook_url';

/** Checks that the links of alerts to runbooks lead to a file, and to a heading in it. Reads each file once. */
export class RunbookPolicy {
  private readonly headings = new Map<string, readonly string[] | undefined>();

  constructor(private readonly sourced: SourcedConfig) {}

  check({ alert, finding }: PolicyAlert): Finding[] {
    const { runbooks } = this.sourced.config;
    const annotation = runbooks?.annotation ?? RUNBOOK_ANNOTATION;
    const link = alert.annotations?.[annotation];
    if (!runbooks || link === undefined || link === '' || hasTemplate(link)) return [];
    const wrong = this.problemOf(link, runbooks.folders ?? {});
    return wrong ? [finding('policy-runbook', wrong, ['annotations', annotation])] : [];
  }

  private problemOf(link: string, folders: Readonly<Record<string, string>>): Diagnosis | undefined {
    const path = pathOf(link, folders);
    if (path === undefined) return undefined;
    const [name = '', heading] = path.split('#', 2);
    const file = join(this.sourced.folder, decoded(name.split('?', 1)[0] ?? ''));
    const headings = this.headingsOf(file);
    const shown = relative(process.cwd(), file) || '.';
    if (headings === undefined) {
      return { problem: `the runbook "${link}" does not exist`, fix: `add ${shown}, or correct the link` };
    }
    if (heading === undefined || heading === '' || headings.includes(decoded(heading).toLowerCase())) return undefined;
    const problem = `the runbook ${shown} has no heading "#${heading}"`;
    return { problem, fix: `add the heading, or correct the link${didYouMean(heading, headings)}` };
  }

  /** Anchors of the headings of a file, none for a folder; undefined if there is neither. */
  private headingsOf(file: string): readonly string[] | undefined {
    if (!this.headings.has(file)) {
      const stats = statSync(file, { throwIfNoEntry: false });
      const text = stats?.isFile() ? readFileSync(file, 'utf8') : '';
      this.headings.set(file, stats && anchorsOf(text));
    }
    return this.headings.get(file);
  }
}

/** Path of the file that a link leads to, relative to the configuration; undefined if it leads elsewhere. */
function pathOf(link: string, folders: Readonly<Record<string, string>>): string | undefined {
  const [prefix] = Object.keys(folders)
    .filter((start) => link.startsWith(start))
    .sort((a, b) => b.length - a.length);
  if (prefix !== undefined) return join(folders[prefix] ?? '', link.slice(prefix.length));
  return /^[a-z][a-z0-9+.-]*:|^\//i.test(link) ? undefined : link;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Anchors of the headings in a Markdown text, as GitHub and GitLab make them, and those of HTML. */
function anchorsOf(markdown: string): string[] {
  const prose = markdown.replace(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\1[^\n]*$|$(?![\s\S]))/gm, '');
  const headings = [...prose.matchAll(/^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$|^(\S.*)\n(?:=+|-+)[ \t]*$/gm)];
  const counts = new Map<string, number>();
  const slugs = headings.map(([, atx, setext]) => {
    const slug = slugOf(atx ?? setext ?? '');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  const html = [...prose.matchAll(/\b(?:id|name)=["']([^"']+)["']/g)].map(([, id = '']) => id.toLowerCase());
  return [...slugs, ...html];
}

/** @see https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links */
function slugOf(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}
