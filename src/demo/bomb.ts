/** Small compressed bodies that inflate to more than a gibibyte; made when first asked for. */
import { constants, createBrotliCompress, createDeflate, gzipSync } from 'node:zlib';
import { reply, type Wire } from './reply.ts';
import { stream } from './wire.ts';

const pieceBytes = 16 * 1024 * 1024;
const pieces = 70;

/** Gzip members may follow one another, so one is made and sent seventy times. */
export const gzipBomb: Wire = (exchange) => {
  const member = gzipSync(Buffer.alloc(pieceBytes));
  reply(exchange, stream({ headers: { 'content-encoding': 'gzip' } }, '', member, member.length * pieces));
};

export const deflateBomb: Wire = (exchange) => void repeat(exchange, 'deflate', createDeflate());

export const brotliBomb: Wire = (exchange) => {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1 };
  void repeat(exchange, 'br', createBrotliCompress({ params }));
};

type Packer = ReturnType<typeof createDeflate> | ReturnType<typeof createBrotliCompress>;

/** Once the window is full of zeros every flushed piece packs to the same bytes: those are repeated. */
async function repeat(exchange: Parameters<Wire>[0], encoding: string, packer: Packer): Promise<void> {
  const packed: Buffer[] = [];
  packer.on('data', (chunk: Buffer) => packed.push(chunk));
  const zeros = Buffer.alloc(pieceBytes);
  const pack = async () => {
    packer.write(zeros);
    await new Promise<void>((resolve) => packer.flush(resolve));
    return Buffer.concat(packed.splice(0));
  };
  const start = await pack();
  const piece = await pack();
  packer.destroy();
  reply(exchange, stream({ headers: { 'content-encoding': encoding } }, start, piece, piece.length * pieces));
}
