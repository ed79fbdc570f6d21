import type { Route } from '../../../lib/alertmanager/config/config';
import { matchRoutes, resolveRoute, routeTree } from '../../../lib/alertmanager/config/routes';
import fc from '../../support/properties';
import { labels, routingConfig } from '../arbitrary';

const config = (...routes: Route[]) => ({
  route: { receiver: 'root', group_by: ['alertname'], routes },
  receivers: [{ name: 'root' }, { name: 'a' }, { name: 'b' }, { name: 'c' }],
});

describe('resolveRoute', () => {
  test('the root receives alerts that no other route matches', () => {
    expect(resolveRoute(config({ receiver: 'a', matchers: ['x="y"'] }), { x: 'z' })).toEqual(['root']);
  });

  test('the first match takes the alert, and later ones only after continue', () => {
    const routes: Route[] = [
      { receiver: 'a', matchers: ['x="y"'], continue: true },
      { receiver: 'b', matchers: ['x=~"y|z"'] },
      { receiver: 'c' },
    ];
    expect(resolveRoute(config(...routes), { x: 'y' })).toEqual(['a', 'b']);
    expect(resolveRoute(config(...routes), { x: 'z' })).toEqual(['b']);
    expect(resolveRoute(config(...routes), {})).toEqual(['c']);
  });

  test('the deepest match is used, with inherited values', () => {
    const tree = config({
      matchers: ['x="y"'],
      receiver: 'a',
      group_wait: '10s',
      routes: [{ matchers: ['team="t"'], group_by: ['...'] }],
    });
    expect(matchRoutes(routeTree(tree), { x: 'y', team: 't' })).toMatchObject([
      {
        path: ['route', 'routes', 0, 'routes', 0],
        receiver: 'a',
        groupBy: ['...'],
        groupWait: '10s',
        groupInterval: '5m',
        repeatInterval: '4h',
      },
    ]);
  });

  test('a missing label is empty, and regular expressions match the whole value', () => {
    expect(resolveRoute(config({ receiver: 'a', matchers: ['x=""'] }), {})).toEqual(['a']);
    expect(resolveRoute(config({ receiver: 'a', matchers: ['x!="y"'] }), {})).toEqual(['a']);
    expect(resolveRoute(config({ receiver: 'a', matchers: ['x=~"b"'] }), { x: 'abc' })).toEqual(['root']);
    expect(resolveRoute(config({ receiver: 'a', matchers: ['toString=""'] }), {})).toEqual(['a']);
    expect(resolveRoute(config({ receiver: 'a', matchers: ['x=~"a)|(?:b"'] }), { x: 'ab' })).toEqual(['a']);
    expect(resolveRoute(config({ receiver: 'a', match_re: { x: 'a)|(?:b' } }), { x: 'ab' })).toEqual(['root']);
  });

  test('names the route with an invalid matcher', () => {
    expect(() => resolveRoute(config({ matchers: ['x'] }), {})).toThrow('route.routes[0].matchers[0]: expected');
    expect(() => resolveRoute(config({ match_re: { x: '(' } }), {})).toThrow(
      'route.routes[0].match_re.x: invalid regular expression "(": error parsing regexp: missing closing ): `^(?:()$`',
    );
  });

  test('every alert has a receiver, and without continue only one', () => {
    fc.assert(
      fc.property(routingConfig, labels, (routed, set) => {
        const found = matchRoutes(routeTree(routed), set);
        expect(found.length).toBeGreaterThan(0);
        if (!JSON.stringify(routed).includes('"continue":true')) expect(found).toHaveLength(1);
      }),
    );
  });
});
