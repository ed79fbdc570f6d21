import { DatasourceVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';

const NAME = 'datasource';

/** Stands for the uid of the datasource that is chosen. */
export const CHOSEN = `$${NAME}`;

/**
 * A choice among the datasources of a kind, for another Grafana in which the stack's own does not exist: Grafana then
 * takes the first of that kind.
 *
 * @param own the stack's datasource, which is chosen where it exists
 */
export function datasourceVariable(own: { readonly name: string; readonly type: string; readonly uid: string }) {
  return new DatasourceVariableBuilder(NAME)
    .label('Datasource')
    .type(own.type)
    .current({ text: own.name, value: own.uid });
}
