// An OpenID provider that is not the desk's: oidc-provider with people who sign in by any name, two
// programs, and keys that are changed on request. It serves plain HTTP on this machine.
//
//   node provider.mjs '{"redirects": ["https://..."], "back": ["https://..."]}'
//
// When ready, one line on standard output is its address. `POST /control/rotate` makes a new key that
// signs from then on; `GET /control/claims?name=value` puts claims into the next ID tokens.

import crypto from "node:crypto";
import http from "node:http";
import { Provider } from "oidc-provider";

const wanted = JSON.parse(process.argv[2] ?? "{}");

const clients = [
  {
    client_id: "desk",
    client_secret: "the desk's own secret",
    redirect_uris: wanted.redirects ?? [],
    post_logout_redirect_uris: wanted.back ?? [],
    response_types: ["code"],
    grant_types: ["authorization_code"],
  },
  ...["robot", "stranger"].map((name) => ({
    client_id: name,
    client_secret: `the secret of ${name}`,
    redirect_uris: [],
    response_types: [],
    grant_types: ["client_credentials"],
  })),
];

let made = 0;
function newKey() {
  const { privateKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
  made += 1;
  return { ...privateKey.export({ format: "jwk" }), kid: `key-${made}`, use: "sig", alg: "RS256" };
}

let keys = [newKey()];
let claims = {};
let handler;

function serve(issuer) {
  const provider = new Provider(issuer, {
    clients,
    jwks: { keys },
    cookies: { keys: ["a key for cookies of tests"] },
    claims: { profile: ["name", "preferred_username"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    // Codes are as long as some providers make theirs: well over a thousand letters.
    formats: {
      bitsOfOpaqueRandomness: (_, token) => (token.kind === "AuthorizationCode" ? 9000 : 256),
    },
    async findAccount(_, id) {
      const own = { name: `Person ${id}`, preferred_username: `${id}@provider.example` };
      return { accountId: id, claims: async () => ({ sub: id, ...own, ...claims }) };
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        async getResourceServerInfo(_, audience) {
          return {
            scope: "",
            audience,
            accessTokenFormat: "jwt",
            accessTokenTTL: 600,
            jwt: { sign: { alg: "RS256" } },
          };
        },
      },
    },
  });
  handler = provider.callback();
}

const server = http.createServer((request, response) => {
  const url = new URL(request.url, "http://provider");
  if (url.pathname === "/control/rotate") {
    keys = [newKey(), ...keys];
    serve(address());
    response.end(keys[0].kid);
  } else if (url.pathname === "/control/claims") {
    claims = Object.fromEntries(url.searchParams);
    response.end();
  } else {
    handler(request, response);
  }
});

function address() {
  return `http://127.0.0.1:${server.address().port}`;
}

server.listen(wanted.port ?? 0, "127.0.0.1", () => {
  serve(address());
  console.log(address());
});
