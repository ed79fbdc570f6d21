import { exploreUrl } from '../../lib/grafana/explore';

/** Parses the panes of a URL, like Explore. */
function panes(url: string): unknown {
  return JSON.parse(new URL(url).searchParams.get('panes') ?? '');
}

test('opens Explore with a query, the datasource and a range', () => {
  const url = exploreUrl({
    grafanaUrl: 'http://localhost:3000',
    expr: 'rate({app="a|b"}[1m])',
    range: { from: 'now-5m', to: 'now' },
  });

  expect(url).toMatch(/^http:\/\/localhost:3000\/explore\?schemaVersion=1&panes=%7B/);
  expect(panes(url)).toEqual({
    logs: {
      datasource: 'loki',
      queries: [
        {
          refId: 'A',
          datasource: { type: 'loki', uid: 'loki' },
          editorMode: 'code',
          queryType: 'range',
          expr: 'rate({app="a|b"}[1m])',
        },
      ],
      range: { from: 'now-5m', to: 'now' },
    },
  });
});

test('keeps template actions, so that they work in an annotation', () => {
  const url = exploreUrl({
    grafanaUrl: 'http://localhost:3000/',
    expr: '{namespace="{{ $labels.namespace }}", app="{{ $labels.app }}"}',
  });

  expect(url).toContain('/explore?');
  expect(url).not.toContain('//explore');
  const filled = url.replace('{{ $labels.namespace }}', 'demo').replace('{{ $labels.app }}', 'webservice');
  expect(panes(filled)).toMatchObject({ logs: { queries: [{ expr: '{namespace="demo", app="webservice"}' }] } });
});

test('encodes characters that would end a link in a Slack message', () => {
  expect(
    exploreUrl({ grafanaUrl: 'http://localhost:3000', expr: '{app="x"} |= "<>|" | line_format "{{.y}}"' }),
  ).not.toMatch(/[<>| ]/);
});
