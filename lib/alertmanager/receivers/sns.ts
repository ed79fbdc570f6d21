import { boolean, isSet, map, object, rule, secret, since, string, template } from '../config/schema';
import { type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A message to Amazon SNS. Exactly one of `topic_arn`, `target_arn` and `phone_number`. Upstream:
 * `notify/sns/config.go`, https://prometheus.io/docs/alerting/latest/configuration/#sns_config
 */
export interface SnsConfig extends HttpNotifier {
  /** @default the region's own endpoint */
  readonly api_url?: TemplateText;
  /** @default the pod's own role, region and profile */
  readonly sigv4?: Sigv4Config;
  readonly topic_arn?: TemplateText;
  readonly target_arn?: TemplateText;
  readonly phone_number?: TemplateText;
  readonly subject?: TemplateText;
  readonly message?: TemplateText;
  /** @default none */
  readonly attributes?: Readonly<Record<string, TemplateText>>;
  /** Uses the AWS SDK's own HTTP client, for its `ca_bundle`. @default false */
  readonly use_aws_http_client?: boolean;
}

/** Signature of requests. Credentials come from the pod's role. */
export interface Sigv4Config {
  readonly region?: string;
  readonly profile?: string;
  readonly role_arn?: string;
  /** Requires `role_arn`. */
  readonly external_id?: string;
  readonly use_fips_sts_endpoint?: boolean;
  readonly service_name?: string;
}

const sigv4 = object<Sigv4Config>(
  {
    region: string,
    profile: string,
    role_arn: string,
    external_id: since('0.34.0', string),
    use_fips_sts_endpoint: boolean,
    service_name: string,
  },
  { access_key: string, secret_key: secret },
  [
    rule(({ access_key, secret_key }) => isSet(access_key) !== isSet(secret_key), {
      problem: 'only one of access_key and secret_key is set',
      fix: 'remove both, and give the pod an AWS role',
    }),
    rule(
      ({ external_id, role_arn }) => isSet(external_id) && !isSet(role_arn),
      { problem: 'has no effect without role_arn', fix: 'set it too' },
      'external_id',
    ),
  ],
);

export const sns = receiverKind<SnsConfig>({
  fields: {
    ...httpNotifier,
    api_url: template,
    sigv4,
    topic_arn: template,
    target_arn: template,
    phone_number: template,
    subject: template,
    message: template,
    attributes: map(template),
    use_aws_http_client: since('0.33.0', boolean),
  },
  rules: [
    // As upstream, which accepts all three. A missing one is reported by `needs`.
    rule((own) => [own.topic_arn, own.phone_number, own.target_arn].filter(isSet).length === 2, {
      problem: 'only one of topic_arn, target_arn and phone_number is supported',
      fix: 'remove the others',
    }),
  ],
  needs: [{ own: ['topic_arn', 'target_arn', 'phone_number'] }],
  urls: [{ own: 'api_url' }],
  defaultTemplates: ['message', 'subject'],
  sendResolvedByDefault: true,
  minimal: { topic_arn: 'arn:aws:sns:eu-central-1:123456789012:alerts' },
});
