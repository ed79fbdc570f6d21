import { DatasourceVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';

const NAME = 'datasource';

/** Reference to the uid of the chosen datasource. */
export const CHOSEN = `$${NAME}`;

/**
 * A variable with the datasources of a type, for a Grafana without the stack's own datasource: it selects the first of
 * the type instead.
 *
 * @param own the stack's datasource, which is selected if it exists
 */
export function datasourceVariable(own: { readonly name: string; readonly type: string; readonly uid: string }) {
  return new DatasourceVariableBuilder(NAME)
    .label('Datasource')
    .type(own.type)
    .current({ text: own.name, value: own.uid });
}
