/** Maximum number of results: enough for the rules at hand, and a limit for long-running processes. */
const MAX_CACHED = 1000;

/** Returns a function that keeps the results of another, for its text and flags. */
export function cached<Result>(
  work: (text: string, flags: number) => Result,
): (text: string, flags?: number) => Result {
  const cache = new Map<string, Result>();
  return (text, flags = 0) => {
    const key = `${flags} ${text}`;
    if (cache.has(key)) return cache.get(key) as Result;
    if (cache.size === MAX_CACHED) cache.clear();
    const result = work(text, flags);
    cache.set(key, result);
    return result;
  };
}
