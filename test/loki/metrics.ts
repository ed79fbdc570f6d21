/** Returns the sum of a metric's series whose labels contain a text; 0 if there are none. */
export async function metric(server: { readonly url: string } | undefined, name: string, label = ''): Promise<number> {
  const text = await (await fetch(`${server?.url}/metrics`)).text();
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => line.includes(label))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  return values.reduce((sum, value) => sum + value, 0);
}
