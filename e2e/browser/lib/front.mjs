// What stands in front of the server, as in production: TLS on a name of its own. And the
// application's pages, on another origin, with the SDK bundled as a customer would.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createPlain, request as call } from "node:http";
import { createServer as createSecure } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

export const AUTH = "auth.example.test";
export const APP = "http://localhost:3000";

const PAGES = new URL("../pages/", import.meta.url).pathname;

export async function stand(serverUrl) {
  const auth = await listening(createSecure(certificate(), (request, response) => forward(serverUrl, request, response)));
  const scripts = await bundles();
  const app = await listening(createPlain((request, response) => page(scripts, request, response)));
  return { authPort: auth.address().port, appPort: app.address().port, stop: () => [auth, app].forEach((it) => it.close()) };
}

function certificate() {
  const folder = mkdtempSync(join(tmpdir(), "vestibule-front-"));
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  const words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", [...words, "-subj", `/CN=${AUTH}`, "-addext", `subjectAltName=DNS:${AUTH}`, "-keyout", key, "-out", cert], { stdio: "ignore" });
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return pair;
}

function forward(serverUrl, request, response) {
  const { hostname, port } = new URL(serverUrl);
  const onward = call({ hostname, port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}

async function bundles() {
  const names = ["headless", "prebuilt", "react"];
  const built = await build({
    entryPoints: names.map((name) => join(PAGES, `${name}.jsx`)),
    bundle: true, write: false, outdir: "/", format: "iife", jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' }, logLevel: "error",
  });
  return Object.fromEntries(built.outputFiles.map((file) => [file.path, file.text]));
}

function page(scripts, request, response) {
  const path = new URL(request.url, APP).pathname;
  if (scripts[path]) {
    response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" });
    return response.end(scripts[path]);
  }
  const name = path.split("/")[1] || "headless";
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,"><div id="root"></div><script src="/${name}.js"></script></html>`);
}

function listening(server) {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
