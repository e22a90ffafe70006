// The generation of the reservations client before the present one: other models, other pollers.

import { AzureReservationAPI } from "arm-reservations-9";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { OPTIONS, TODAY, all, deskOf, itemPath, last, orderPath, refused } from "./desk.mjs";

const POLL = { updateIntervalInMs: 20 };
const desk = deskOf(import.meta.url);
let owner, client;
before(async () => {
  await desk.setClock(TODAY);
  ({ owner } = await desk.customer());
  client = new AzureReservationAPI(owner.credential, {
    endpoint: desk.url,
    $host: desk.url,
    credentialScopes: [`${desk.url}/.default`],
    ...OPTIONS,
  });
});

async function buy(wish) {
  const request = owner.request(wish);
  const { properties } = await client.reservationOrder.calculate(request);
  const order = properties.reservationOrderId;
  const bought = await client.reservationOrder.beginPurchaseAndWait(order, request, POLL);
  return { order, reservation: last(bought.reservations[0].id) };
}

test("buys, lists, returns and exchanges", async () => {
  const first = await buy({ quantity: 2 });
  const item = await client.reservation.get(first.order, first.reservation);
  assert.equal(item.properties.quantity, 2);
  assert.ok(item.properties.expiryDate instanceof Date);

  const reservationToReturn = {
    reservationId: itemPath(first.order, first.reservation),
    quantity: 1,
  };
  const worth = await client.calculateRefund.post(first.order, {
    id: orderPath(first.order),
    properties: { scope: "Reservation", reservationToReturn },
  });
  assert.equal(worth.properties.billingRefundAmount.amount, 32);
  const { sessionId } = worth.properties;
  const returned = await client.return.beginPostAndWait(first.order, {
    properties: { sessionId, scope: "Reservation", returnReason: "Less", reservationToReturn },
  }, POLL);
  assert.equal(returned.name, first.order);

  const kept = (await all(client.reservation.list(first.order)))
    .find(({ properties }) => properties.provisioningState === "Succeeded");
  const quote = await client.calculateExchange.beginPostAndWait({
    properties: {
      reservationsToExchange: [
        { reservationId: itemPath(first.order, last(kept.id)), quantity: 1 },
      ],
      reservationsToPurchase: [owner.request({ sku: "Standard_B2s" })],
    },
  }, POLL);
  assert.equal(quote.properties.netPayable.amount, 224);
  const done = await client.exchange.beginPostAndWait(
    { properties: { sessionId: quote.properties.sessionId } },
    POLL,
  );
  assert.equal(done.status, "Succeeded");
  assert.equal((await all(client.reservationOrder.list())).length, 2);
  assert.equal((await all(client.reservation.listAll())).length, 3);
});

test("is told why not", async () => {
  await refused(
    client.reservationOrder.calculate(owner.request({ sku: "Standard_Nothing" })),
    400,
    "InvalidFulfillmentRequestParameters",
  );
  await refused(client.reservationOrder.get(randomUUID()), 404, "ReservationOrderNotFound");
});
