/** The least that a server in node does with a metric: `node:http`, read the body, answer. */
import { createServer } from 'node:http';

const answer = '{"success":true,"message":"Metric ingested"}\n';

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  });
}).listen(0, '127.0.0.1', function listening() {
  const { port } = this.address();
  process.send({ url: `http://127.0.0.1:${port}` });
});
process.on('message', () => process.send({}));
