import { type InvalidConfig, RECEIVER, ROUTE, withReceiver, withRoute } from './builders';

/** Configs with invalid YAML or values of the wrong type. */
export const invalidShapes: Readonly<Record<string, readonly InvalidConfig[]>> = {
  yaml: [
    { yaml: '', finding: '1:1: empty file: add at least a route and its receiver [alertmanager-yaml]' },
    { yaml: '# nothing\n', finding: '1:1: empty file: add at least a route and its receiver [alertmanager-yaml]' },
    {
      yaml: 'text\n',
      finding: '1:1: expected a map, got a string: add route and receivers [alertmanager-yaml]',
    },
    { yaml: '- a\n', finding: '1:1: expected a map, got a list: add route and receivers [alertmanager-yaml]' },
    {
      yaml: `${ROUTE}  bad indent: [\n`,
      finding: '2:1: invalid YAML: all mapping items must start at the same column [alertmanager-yaml]',
    },
    {
      yaml: `${RECEIVER}${ROUTE}${ROUTE}`,
      finding: '3:1: duplicate key "route": remove one of the two [alertmanager-yaml]',
    },
    {
      yaml: `${RECEIVER}route: &a {receiver: r, routes: [*a]}\n`,
      finding: '2:34: invalid YAML: alias *a contains itself: write the values out [alertmanager-yaml]',
    },
    { yaml: `${RECEIVER}route: *a\n`, finding: '2:8:…[alertmanager-yaml]' },
    {
      yaml: withRoute('  group_by: [a?b]\n'),
      finding: '4:14: invalid YAML: unquoted "?" or leading ":" inside [ ] or { }: quote it: "a?b" [alertmanager-yaml]',
    },
    {
      yaml: withRoute('  ? [a]\n  : b\n'),
      finding: '4:5: expected a string as the key: use a string [alertmanager-yaml]',
    },
    {
      yaml: `${RECEIVER}${ROUTE}templates: ["\u0000"]\n`,
      finding:
        '3:14: invalid YAML: character U+0000 is not allowed: remove it; if the file is binary, exclude it [alertmanager-yaml]',
    },
  ],
  types: [
    {
      yaml: withRoute('  continue: maybe\n'),
      finding: '4:13: route.continue: expected true or false, got "maybe" [alertmanager-type]',
    },
    {
      yaml: withRoute('  routes: {receiver: r}\n'),
      finding: '4:11: route.routes: expected a list, got a map [alertmanager-type]',
    },
    {
      yaml: withRoute('  routes: [null]\n'),
      finding: '4:12: route.routes[0]: empty item: write the item, or remove its "-" [alertmanager-empty-item]',
    },
    {
      yaml: withRoute('  matchers: a=b\n'),
      finding: '4:13: route.matchers: expected a list, got "a=b" [alertmanager-type]',
    },
    {
      yaml: `${RECEIVER}route: [a]\n`,
      finding: '2:8: route: expected a map, got a list [alertmanager-type]',
    },
    {
      yaml: withReceiver('telegram', '{bot_token_file: x, chat_id: "5"}'),
      finding: `5:34: receiver 'r': telegram_configs[0].chat_id: expected an integer, got "5" [alertmanager-type]`,
    },
    {
      yaml: withRoute('  routes: [{match_re: {a: }}]\n'),
      finding: '4:27: route.routes[0].match_re.a: expected a string, got nothing [alertmanager-type]',
    },
  ],
};
