import { dashboardProvider, datasources, grafanaIni } from '../../lib/grafana/config';

/** Parses an ini file to values by section and key. */
function parseIni(text: string): Record<string, Record<string, string>> {
  const sections: Record<string, Record<string, string>> = {};
  let current: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const section = /^\[(.+)\]$/.exec(line)?.[1];
    if (section) {
      current = {};
      sections[section] = current;
    }
    const [key, value] = line.split(' = ');
    if (key && value !== undefined) current[key] = value;
  }
  return sections;
}

test('grafana.ini requires login by default, and reads the administrator from a mounted Secret', () => {
  const ini = parseIni(grafanaIni());

  expect(ini.server).toEqual({ root_url: 'http://localhost:3000' });
  expect(ini.security).toMatchObject({
    admin_user: '$__file{/etc/grafana/admin/user}',
    admin_password: '$__file{/etc/grafana/admin/password}',
  });
  expect(ini).not.toHaveProperty(['auth.anonymous']);
});

test('grafana.ini with anonymous access has no login and no default administrator', () => {
  const ini = parseIni(grafanaIni({ access: { anonymous: true } }));

  expect(ini['auth.anonymous']).toEqual({ enabled: 'true', org_role: 'Editor' });
  expect(ini.auth).toEqual({ disable_login_form: 'true' });
  expect(ini['auth.basic']).toEqual({ enabled: 'false' });
  expect(ini.security).toMatchObject({ disable_initial_admin_creation: 'true' });
  expect(ini.security).not.toHaveProperty('admin_password');
});

test.each([{}, { access: { anonymous: true } }])(
  'grafana.ini disables calls to other hosts, with options %j',
  (options) => {
    const ini = parseIni(grafanaIni(options));

    expect(ini.analytics).toEqual({
      reporting_enabled: 'false',
      check_for_updates: 'false',
      check_for_plugin_updates: 'false',
    });
    expect(ini.plugins).toMatchObject({
      preinstall_disabled: 'true',
      plugin_admin_enabled: 'false',
      public_key_retrieval_disabled: 'true',
    });
    expect(ini).toMatchObject({
      news: { news_feed_enabled: 'false' },
      snapshots: { external_enabled: 'false' },
      cloud_migration: { enabled: 'false' },
      security: { disable_gravatar: 'true' },
      unified_alerting: { execute_alerts: 'false' },
    });
  },
);

test('disables the plugins of unused datasources', () => {
  const { plugins = {} } = parseIni(grafanaIni());
  const disabled = plugins.disable_plugins?.split(',');

  expect(disabled).toContain('prometheus');
  for (const { type } of datasources({ lokiUrl: '', alertmanagerUrl: '' }).datasources) {
    expect(disabled).not.toContain(type);
  }
});

test('sets secure cookies if the root URL is https', () => {
  const ini = parseIni(grafanaIni({ rootUrl: 'https://grafana.example.com' }));

  expect(ini.server).toEqual({ root_url: 'https://grafana.example.com' });
  expect(ini.security).toMatchObject({ cookie_secure: 'true' });
});

test('datasources have fixed uids and are read-only, with Loki as the default', () => {
  const file = datasources({ lokiUrl: 'http://loki:3100', alertmanagerUrl: 'http://alertmanager:9093' });

  expect(file.apiVersion).toBe(1);
  expect(file.datasources).toEqual([
    {
      name: 'Loki',
      type: 'loki',
      uid: 'loki',
      access: 'proxy',
      url: 'http://loki:3100',
      isDefault: true,
      editable: false,
      jsonData: { manageAlerts: true, alertmanagerUid: 'alertmanager', timeout: 600 },
    },
    {
      name: 'Alertmanager',
      type: 'alertmanager',
      uid: 'alertmanager',
      access: 'proxy',
      url: 'http://alertmanager:9093',
      editable: false,
      jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
    },
  ]);
});

test('dashboards are read from a folder and are read-only', () => {
  expect(dashboardProvider('/dashboards').providers).toEqual([
    {
      name: 'log-alerting',
      type: 'file',
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: '/dashboards' },
    },
  ]);
});
