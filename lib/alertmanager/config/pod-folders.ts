/** Folder of alertmanager.yml and the message templates in Alertmanager's pods. */
export const TEMPLATES_PATH = '/etc/alertmanager';

/** Mount path of the volume, the only folder that Alertmanager can write to. */
export const DATA_PATH = '/alertmanager';
