/** Attempts to start if another process takes a port in the meantime, as in lib/engines/start.ts. */
const PORT_ATTEMPTS = 5;

/**
 * Calls `start`, and again if another process has taken one of the ports that it picked. It must pick other ports in
 * each call.
 * @throws if a call fails for another reason, or the last attempt fails
 */
export async function retryIfPortTaken<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (!/address already in use|EADDRINUSE/i.test(String(error)) || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}
