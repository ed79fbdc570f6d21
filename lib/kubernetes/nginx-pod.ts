import { k8s } from 'cdk8s-plus-27';
import { images } from '../versions/images';
import { httpProbe, type PodProps } from './pod';
import type { Resources } from './resources';
import { UPSTREAM_USER, type Waivers } from './waivers';

/** Waivers of a workload with nginx. */
export const NGINX_WAIVERS: Waivers = {
  ...UPSTREAM_USER,
  'liveness-probe': 'nginx restarts its workers, and an unready pod gets no requests',
};

/** User `nginx` of the image. */
const USER = 101;

export interface NginxPodProps extends Pick<PodProps, 'topologySpreadConstraints'> {
  /** Name of the container. */
  readonly name: string;
  /** Port numbers by name; `http` must serve `GET /healthz`. */
  readonly ports: Readonly<Record<string, number>>;
  readonly resources: Resources;
  /** ConfigMap with the server configuration; its keys are files `*.conf`. */
  readonly configMap: string;
  /** Size of the buffer for requests and responses, a Kubernetes quantity. */
  readonly tmp: string;
}

/** Returns the props of a pod with nginx, configured by a ConfigMap. */
export function nginxPod(props: NginxPodProps): PodProps {
  const { name, ports, resources, configMap, tmp, topologySpreadConstraints } = props;
  return {
    user: USER,
    container: {
      name,
      image: images.nginx,
      ports,
      resources,
      readinessProbe: httpProbe('/healthz', 'http', { periodSeconds: 5 }),
      writable: { '/tmp': 'tmp' },
      readOnly: { '/etc/nginx/conf.d': 'config' },
    },
    topologySpreadConstraints,
    volumes: [
      { name: 'config', configMap: { name: configMap } },
      { name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString(tmp) } },
    ],
  };
}
