import { type Finding, finding } from '../checks/findings';
import { credentialNamed, variablesIn, withoutCredentials } from '../credentials';
import { isAlert, type Rule, type RuleFile } from '../rules/model';
import { placeOf } from '../rules/source';

/** A label or annotation whose credential was not written. */
export interface BlankedText {
  readonly file: string;
  readonly group: number;
  readonly rule: number;
  readonly field: 'labels' | 'annotations';
  readonly name: string;
}

type Texts = Readonly<Record<string, string>>;

/** Replaces each credential in labels and annotations by `<secret>`. */
export function withoutRuleCredentials(files: readonly RuleFile[]): {
  readonly rules: RuleFile[];
  readonly blanked: BlankedText[];
} {
  const blanked: BlankedText[] = [];
  const texts = (at: Omit<BlankedText, 'name'>, all: Texts | undefined): Texts | undefined =>
    all &&
    Object.fromEntries(
      Object.entries(all).map(([name, text]) => {
        if (credentialNamed(name, text) === undefined) return [name, text];
        blanked.push({ ...at, name });
        const without = withoutCredentials(text);
        return [name, without.found.length > 0 ? without.text : '<secret>'];
      }),
    );
  const rules = files.map((file) => ({
    ...file,
    groups: file.groups.map((group, g) => ({
      ...group,
      rules: group.rules.map((rule, r): Rule => {
        const at = { file: file.name, group: g, rule: r };
        const before = blanked.length;
        const labels = texts({ ...at, field: 'labels' }, rule.labels);
        const annotations = isAlert(rule) ? texts({ ...at, field: 'annotations' }, rule.annotations) : undefined;
        if (blanked.length === before) return rule;
        const clean = { ...rule, ...(labels && { labels }) };
        return isAlert(clean) ? { ...clean, ...(annotations && { annotations }) } : clean;
      }),
    })),
  }));
  return { rules, blanked };
}

/** Returns the findings on credentials in the rules of the new app. */
export function ruleFindings(blanked: readonly BlankedText[], rules: readonly RuleFile[]): Finding[] {
  return blanked.map(({ file, group, rule, field, name }) => {
    const inFile = rules.find((one) => one.name === file)?.groups[group];
    const at = inFile?.rules[rule];
    const alert = at && isAlert(at) ? `alert '${at.alert}' in group '${inFile?.name}'` : undefined;
    return finding('migrate-credential', {
      path: ['groups', group, 'rules', rule, field, name],
      subject: alert && `${alert} of '${file}'`,
      problem: `${field.slice(0, -1)} '${name}' contained a credential, which was not written: every receiver of the alert would see it`,
      fix: 'remove it, or describe where to find it',
      place: at && placeOf(at, [field, name]),
    });
  });
}

/** Returns the findings on variables in labels and annotations of the new app, which Loki does not replace. */
export function variableFindings(files: readonly RuleFile[]): Finding[] {
  return files.flatMap((file) =>
    file.groups.flatMap((group) =>
      group.rules.flatMap((rule) => [
        ...variablesOf(rule, 'labels', rule.labels),
        // A text may be about a variable.
        ...(isAlert(rule) ? variablesOf(rule, 'annotations', rule.annotations) : []).map(
          (found): Finding => ({ ...found, severity: 'warning' }),
        ),
      ]),
    ),
  );
}

function variablesOf(rule: Rule, field: BlankedText['field'], texts: Texts = {}): Finding[] {
  return Object.entries(texts).flatMap(([name, text]) => {
    const variables = variablesIn(text);
    if (variables.length === 0) return [];
    return finding('migrate-variable', {
      problem: `${field.slice(0, -1)} '${name}' contains the ${variables.length > 1 ? 'variables' : 'variable'} ${variables.join(', ')}, which Loki does not replace`,
      fix: 'set the value',
      place: placeOf(rule, [field, name]),
    });
  });
}
