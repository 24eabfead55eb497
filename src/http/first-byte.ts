/** Tells a connection that begins with TLS from one that begins with anything else. */
import { isIP, type Socket } from 'node:net';

/** The type of the record that every TLS handshake begins with (RFC 8446, 5.1). */
const handshake = 0x16;

export type Tongues = {
  readonly tls: (socket: Socket) => void;
  /** Only for connections from this machine; others are closed. */
  readonly plain: (socket: Socket) => void;
};

/** What was read is put back. A connection that ends before it says anything is closed. */
export function byFirstByte(socket: Socket, speaks: Tongues): void {
  socket.once('readable', () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return void socket.destroy();
    socket.unshift(chunk);
    if (chunk[0] === handshake) speaks.tls(socket);
    else if (isLoopback(socket.remoteAddress)) speaks.plain(socket);
    else socket.destroy();
  });
}

/** Of an IP address; a name may begin like one and be anybody's. */
export function isLoopback(address = ''): boolean {
  return isIP(address) !== 0 && /^(::1$|(::ffff:)?127\.)/.test(address);
}
