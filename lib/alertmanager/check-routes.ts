import type { AlertmanagerConfig } from './config';
import { contradict, implies } from './matcher-logic';
import { formatMatcher, type LabelMatcher } from './matchers';
import { fieldPath, type Report } from './report';
import { type RouteNode, routeTree } from './routes';

/** Routes that never get an alert, or tell the same people twice. All matchers must be readable. */
export function checkRoutes(config: AlertmanagerConfig, report: Report): void {
  checkChildren(routeTree(config), [], report);
}

/** @param above the matchers that every alert fulfils which comes here */
function checkChildren(parent: RouteNode, above: readonly LabelMatcher[], report: Report): void {
  parent.routes.forEach((route, index) => {
    const matchers = [...above, ...route.matchers];
    const before = parent.routes.slice(0, index);
    if (contradict(matchers)) {
      const message =
        'never gets an alert: no label can fulfil its matchers and those of the routes above it at once. Correct them, or remove the route';
      report.warning('route-unreachable', route.path, message);
      return;
    }
    const shadow = before.find(
      (other) => !other.continue && other.matchers.every((matcher) => implies(matchers, matcher)),
    );
    if (shadow) {
      const message = `never gets an alert: ${shadow.path} before it takes all that this one matches (${described(shadow)}). Move this route before it, or add continue: true there`;
      report.warning('route-unreachable', route.path, message);
      return;
    }
    const twin = before.find((other) => isTwin(other, route));
    if (twin) {
      const message = `has the matchers and the receiver of ${twin.path}, which continues here: everything is told twice. Remove one`;
      report.warning('route-duplicate', route.path, message);
    }
    if (route.continue && index === parent.routes.length - 1) {
      const message = 'has no effect, because no route follows beside this one: remove it, or move the route up';
      report.warning('route-continue-last', fieldPath(route.path, 'continue'), message, 'name');
    }
    checkChildren(route, matchers, report);
  });
}

function isTwin(a: RouteNode, b: RouteNode): boolean {
  return a.receiver === b.receiver && a.routes.length + b.routes.length === 0 && described(a) === described(b);
}

function described({ matchers }: RouteNode): string {
  return matchers.length === 0 ? 'it has no matchers' : matchers.map(formatMatcher).sort().join(', ');
}
