import { refuse } from '../../http/refusal.ts'
import type { Exchange } from '../exchange.ts'

/**
 * Refuses a WebSocket handshake before anything is counted or sent.
 *
 * An offer of another protocol, such as `h2c`, may be ignored (RFC 9110 §7.8), and is: it ends here with the other
 * hop-by-hop headers, so that nobody can tunnel past the steps on an upgraded connection.
 */
export function refuseUpgrade({ c }: Exchange): Response | undefined {
  const offered = (c.req.header('upgrade') ?? '').toLowerCase().split(',')
  return offered.some((protocol) => protocol.trim() === 'websocket')
    ? refuse(c, 'upgrade_unsupported')
    : undefined
}
