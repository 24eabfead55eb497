/**
 * Clients that are stuck, in a process of their own, so that whoever measures what they do to others
 * is not slowed down by them. Told what they are, it says when all are connected, and then how long
 * each was let be, unless they come back for ever, every 300 ms.
 */
import { once } from 'node:events';
import { connect } from 'node:net';

const [{ port, count, stuck, addresses }] = await once(process, 'message');
let connecting = count;

function come(number) {
  const { first, drip, reads, comesBack } = stuck[number % stuck.length];
  const socket = connect({ port, host: '127.0.0.1', localAddress: addresses[number % addresses.length] });
  // What is sent to a connection that was cut is an error.
  socket.on('error', () => undefined);
  if (reads) socket.resume();
  socket.write(first, 'latin1');
  const timer = drip && setInterval(() => socket.write(drip, 'latin1'), 300);
  if (comesBack) setTimeout(() => socket.destroy(), 300);
  return new Promise((resolve) => {
    let startedMs = 0;
    socket.once('connect', () => {
      startedMs = performance.now();
      connecting -= 1;
      if (connecting === 0) process.send('all are connected');
    });
    socket.once('close', () => {
      clearInterval(timer);
      if (comesBack) come(number);
      else resolve(performance.now() - startedMs);
    });
  });
}

process.send(await Promise.all(Array.from({ length: count }, (_, number) => come(number))));
process.disconnect();
