// A running desk for tests, and the customers it works for.
//
// `run.mjs` starts one desk for each file of tests before node reads the authorities it trusts, so
// a file has its desk to itself and may move its clock.

import { AzureReservationAPI } from "@azure/arm-reservations";
import { BillingBenefitsRP } from "@azure/arm-billingbenefits";
import { ClientSecretCredential } from "@azure/identity";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

export const CAPACITY = "/providers/Microsoft.Capacity";
export const TODAY = "2026-03-02T12:00:00Z";
// The server says when to look again; tests do not wait that long.
const POLL = { updateIntervalInMs: 20 };

// Keeps every answer as it came, for the check of its shape afterwards; it changes nothing.
const RECORDED = {
  position: "perRetry",
  policy: {
    name: "recorded",
    async sendRequest(request, next) {
      const response = await next(request);
      const row = {
        method: request.method,
        url: request.url,
        status: response.status,
        headers: response.headers.toJSON({ preserveCase: true }),
        body: response.bodyAsText ?? "",
      };
      appendFileSync(process.env.PRORATA_RECORD, `${JSON.stringify(row)}\n`);
      return response;
    },
  },
};

/** What every client is given besides where the desk is. */
export const OPTIONS = { retryOptions: { maxRetries: 0 }, additionalPolicies: [RECORDED] };

/** The desk of the calling file of tests: `deskOf(import.meta.url)`. */
export function deskOf(file) {
  const url = JSON.parse(process.env.PRORATA_DESKS ?? "{}")[basename(fileURLToPath(file))];
  assert.ok(url, "no desk for this file; run the tests with `npm test`");
  return new Desk(url);
}

class Desk {
  constructor(url) {
    this.url = url;
  }

  async #post(path, body) {
    const answer = await fetch(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    assert.equal(answer.status, 200, JSON.stringify(said));
    return said;
  }

  setClock(now) {
    return this.#post("/sandbox/clock", { now });
  }

  apply(world) {
    return this.#post("/sandbox/world", world);
  }

  /** A new tenant with one subscription and an account that pays; `owner` may do all, `reader` read. */
  async customer({ prices = [], account = {} } = {}) {
    const tenant = randomUUID();
    const subscription = randomUUID();
    const payer = {
      id: `account-${randomUUID().slice(0, 12)}`,
      agreement: "ea",
      currency: "USD",
      payment: "prepayment",
      usdRate: "1",
      ...account,
    };
    const roles = { owner: "Owner", reader: "Reader" };
    const principals = Object.keys(roles).map((name) => ({
      tenantId: tenant,
      clientId: randomUUID(),
      name,
      clientSecret: `secret of ${name} ${randomUUID()}`,
    }));
    await this.apply({
      billingAccounts: [payer],
      tenants: [{ id: tenant, name: "Test tenant" }],
      subscriptions: [
        { id: subscription, tenantId: tenant, billingAccount: payer.id, name: "Test subscription" },
      ],
      principals,
      roleAssignments: principals.map(({ clientId, name }) => ({
        tenantId: tenant,
        clientId,
        role: roles[name],
        scope: "/",
      })),
      prices,
    });
    const members = principals.map((one) => [one.name, new Member(this, subscription, one)]);
    return { tenant, subscription, account: payer, ...Object.fromEntries(members) };
  }
}

/** A principal with the unmodified official clients. */
class Member {
  constructor(desk, subscription, { tenantId, clientId, clientSecret }) {
    this.desk = desk;
    this.account = { clientId, clientSecret };
    this.tenant = tenantId;
    this.subscription = subscription;
    this.credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
      authorityHost: desk.url,
      disableInstanceDiscovery: true,
    });
    const scope = `${desk.url}/.default`;
    this.client = new AzureReservationAPI(this.credential, {
      endpoint: desk.url,
      credentials: { scopes: [scope] },
      ...OPTIONS,
    });
    this.benefits = new BillingBenefitsRP(this.credential, {
      endpoint: desk.url,
      $host: desk.url,
      credentialScopes: [scope],
      ...OPTIONS,
    });
  }

  /** Makes this member somebody in another customer's tenant, without any role. */
  knownIn({ tenant }) {
    return this.desk.apply({ principals: [{ tenantId: tenant, name: "guest", ...this.account }] });
  }

  request(wish = {}) {
    const { sku = "Standard_B1ls", location = "westus", ...properties } = wish;
    return {
      sku: { name: sku },
      location,
      reservedResourceType: "VirtualMachines",
      billingScopeId: `/subscriptions/${this.subscription}`,
      term: "P1Y",
      billingPlan: "Upfront",
      quantity: 1,
      displayName: "web servers",
      appliedScopeType: "Shared",
      ...properties,
    };
  }

  /** Quotes and buys; answers the order's id and its reservation's id. */
  async buy(wish) {
    const request = this.request(wish);
    const quote = await this.client.reservationOrder.calculate(request);
    const order = quote.properties.reservationOrderId;
    const bought = await this.client.reservationOrder.purchase(order, request, POLL);
    assert.equal(bought.name, order);
    return { order, reservation: last(bought.reservations[0].id) };
  }

  async items(order) {
    return all(this.client.reservation.list(order));
  }

  /** What returning units is worth. */
  async worth({ order, reservation }, quantity = 1) {
    const answer = await this.client.calculateRefund.post(order, {
      id: orderPath(order),
      properties: {
        scope: "Reservation",
        reservationToReturn: { reservationId: itemPath(order, reservation), quantity },
      },
    });
    return answer.properties;
  }

  async giveBack({ order, reservation }, quantity, session) {
    return this.client.return.post(
      order,
      {
        properties: {
          sessionId: session,
          scope: "Reservation",
          returnReason: "Not needed any more",
          reservationToReturn: { reservationId: itemPath(order, reservation), quantity },
        },
      },
      POLL,
    );
  }

  /** `returns`: rows of an order, a reservation and a quantity; `wishes`: what `request` takes. */
  async exchangeQuote(returns, wishes, plans) {
    return this.client.calculateExchange.post(
      {
        properties: {
          reservationsToExchange: returns.map(({ order, reservation, quantity = 1 }) => ({
            reservationId: itemPath(order, reservation),
            quantity,
          })),
          reservationsToPurchase: wishes.map((wish) => this.request(wish)),
          savingsPlansToPurchase: plans,
        },
      },
      POLL,
    );
  }

  async exchange(sessionId) {
    return this.client.exchange.post({ properties: { sessionId } }, POLL);
  }
}

export const orderPath = (order) => `${CAPACITY}/reservationOrders/${order}`;
export const itemPath = (order, item) => `${orderPath(order)}/reservations/${item}`;
/** The last segment of a resource id. */
export const last = (id) => id.replace(/\/+$/, "").split("/").at(-1);

/** Every row of a paged answer. */
export async function all(pages) {
  const rows = [];
  for await (const row of pages) rows.push(row);
  return rows;
}

/** Expects a refusal with this status and code, as the client tells it, and answers the error. */
export async function refused(deed, statusCode, code) {
  const error = await Promise.resolve(deed).then(
    () => assert.fail(`expected ${code}, and it was done`),
    (error) => error,
  );
  assert.equal(error.name, "RestError", String(error.stack ?? error));
  const told = error.details?.error ?? error.details ?? {};
  assert.deepEqual([error.statusCode, told.code ?? error.code], [statusCode, code], error.message);
  assert.ok(told.message ?? error.message);
  return { ...told, statusCode: error.statusCode };
}
