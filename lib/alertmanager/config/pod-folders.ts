/** Folder of alertmanager.yml and of the message templates in Alertmanager's pods. */
export const TEMPLATES_PATH = '/etc/alertmanager';

/** Mount path of the volume, the only writable folder. */
export const DATA_PATH = '/alertmanager';
