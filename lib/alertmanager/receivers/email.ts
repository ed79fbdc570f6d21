import type { TlsConfig } from '../config/http-config';
import { tlsConfig } from '../config/http-schema';
import {
  atMostOne,
  boolean,
  type FieldProblem,
  type Fields,
  map,
  object,
  secret,
  since,
  string,
  template,
} from '../config/schema';
import { hostPort } from '../config/values';
import { type Notifier, notifier, receiverKind, type TemplateText } from './kind';

/**
 * An email. Upstream: `notify/email/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#email_config
 */
export interface EmailConfig extends Notifier {
  /** Address or comma-separated addresses. */
  readonly to: TemplateText;
  /** Sender; required here or globally. @default the global `smtp_from` */
  readonly from?: TemplateText;
  /** Mail server as `host:port`; required here or globally. @default the global `smtp_smarthost` */
  readonly smarthost?: string;
  /** Host name sent to the mail server. @default the global `smtp_hello` */
  readonly hello?: string;
  readonly auth_username?: string;
  /** File that holds the password. @default the global `smtp_auth_password_file` */
  readonly auth_password_file?: string;
  /** File that holds the CRAM-MD5 secret. @default the global `smtp_auth_secret_file` */
  readonly auth_secret_file?: string;
  readonly auth_identity?: string;
  /** @default the global `smtp_require_tls` */
  readonly require_tls?: boolean;
  /** @default the global `smtp_tls_config` */
  readonly tls_config?: TlsConfig;
  /** TLS from the first byte. @default true on port 465, else false */
  readonly force_implicit_tls?: boolean;
  /** @default '{{ template "email.default.html" . }}' */
  readonly html?: TemplateText;
  /** @default none */
  readonly text?: TemplateText;
  /** Additional headers; `Subject` replaces the default subject. @default none */
  readonly headers?: Readonly<Record<string, TemplateText>>;
  /** Sends all emails about an alert group in one thread. @default disabled */
  readonly threading?: EmailThreading;
}

export interface EmailThreading {
  readonly enabled?: boolean;
  readonly thread_by_date?: 'none' | 'daily';
}

export interface EmailGlobal {
  /** Sender of emails. @default none */
  readonly smtp_from?: string;
  /** Mail server as `host:port`. @default none */
  readonly smtp_smarthost?: string;
  /** @default 'localhost' */
  readonly smtp_hello?: string;
  readonly smtp_auth_username?: string;
  readonly smtp_auth_password_file?: string;
  readonly smtp_auth_secret_file?: string;
  readonly smtp_auth_identity?: string;
  /** @default true */
  readonly smtp_require_tls?: boolean;
  readonly smtp_tls_config?: TlsConfig;
  /** TLS from the first byte. @default true on port 465, else false */
  readonly smtp_force_implicit_tls?: boolean;
}

/** Port of an address without one, which `hostPort` reports as invalid. */
const SMTP_PORT = 25;

export const email = receiverKind<EmailConfig, EmailGlobal>({
  fields: {
    ...notifier,
    to: template,
    from: template,
    smarthost: hostPort,
    hello: string,
    auth_username: string,
    auth_password_file: string,
    auth_secret_file: since('0.31.0', string),
    auth_identity: string,
    require_tls: boolean,
    tls_config: tlsConfig,
    force_implicit_tls: since('0.31.0', boolean),
    html: template,
    text: template,
    headers: map(template),
    threading: since('0.30.0', object<EmailThreading>({ enabled: boolean, thread_by_date: string })),
  },
  untyped: { auth_password: secret, auth_secret: secret },
  rules: [duplicateHeader, threadingConflict],
  needs: [
    { own: ['to'] },
    { own: ['smarthost'], global: ['smtp_smarthost'] },
    { own: ['from'], global: ['smtp_from'] },
  ],
  urls: [{ own: 'smarthost', global: 'smtp_smarthost', port: SMTP_PORT }],
  defaultTemplates: ['html', 'subject'],
  sendResolvedByDefault: false,
  minimal: { to: 'team@example.com', from: 'alertmanager@example.com', smarthost: 'smtp.example.com:587' },
  global: {
    fields: {
      smtp_from: string,
      smtp_smarthost: hostPort,
      smtp_hello: string,
      smtp_auth_username: string,
      smtp_auth_password_file: string,
      smtp_auth_secret_file: since('0.31.0', string),
      smtp_auth_identity: string,
      smtp_require_tls: boolean,
      smtp_tls_config: tlsConfig,
      smtp_force_implicit_tls: since('0.31.0', boolean),
    },
    untyped: { smtp_auth_password: secret, smtp_auth_secret: secret },
    rules: [
      atMostOne('smtp_auth_password', 'smtp_auth_password_file'),
      atMostOne('smtp_auth_secret', 'smtp_auth_secret_file'),
    ],
  },
});

/** The canonical form of a header in Go: `X-My-Header`, in whatever case it was written. */
function canonical(header: string): string {
  return header.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function duplicateHeader({ headers }: Fields): FieldProblem | undefined {
  const names = Object.keys(headers ?? {}).map(canonical);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  return duplicate === undefined
    ? undefined
    : {
        field: 'headers',
        problem: `duplicate header "${duplicate}" in another spelling`,
        fix: 'remove one of the two',
      };
}

function threadingConflict({ headers, threading }: Fields): FieldProblem | undefined {
  if (threading?.enabled !== true) return undefined;
  const header = Object.keys(headers ?? {})
    .map(canonical)
    .find((name) => name === 'References' || name === 'In-Reply-To');
  if (header)
    return { field: 'threading', problem: `sets the header "${header}" itself`, fix: 'remove it from headers' };
  return threading.thread_by_date === 'none' || threading.thread_by_date === 'daily'
    ? undefined
    : { field: 'threading', problem: 'missing field "thread_by_date"', fix: 'set it to none or daily' };
}
