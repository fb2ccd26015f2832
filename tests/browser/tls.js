// Passes what comes to a port over TLS on to the port given as the first argument, and prints its own.
// The second and third are files with the key and the certificate.
const [target, key, cert] = process.argv.slice(2);
const { readFileSync } = require('node:fs');
const net = require('node:net');
const pass = (from) => {
  const to = net.connect(Number(target), '127.0.0.1');
  // Browsers leave connections as they like.
  for (const end of [from, to]) end.on('error', () => (from.destroy(), to.destroy()));
  from.pipe(to).pipe(from);
};
const server = require('node:tls').createServer({ key: readFileSync(key), cert: readFileSync(cert) }, pass);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
