import type { D1Migration } from 'cloudflare:test'

declare global {
  namespace Cloudflare {
    interface Env {
      /** Of the worker tests only: they have no file system to read migrations from. */
      readonly MIGRATIONS: D1Migration[]
    }
  }

  /** Node's fetch asks for it with a streamed body; the Workers types, which the sources need, do not know it. */
  interface RequestInit<Cf = CfProperties> {
    duplex?: 'half'
  }
}
