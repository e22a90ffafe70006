// Buying, by the unmodified client over TLS.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { TODAY, deskOf } from "./desk.mjs";

const desk = deskOf(import.meta.url);
let owner;
before(async () => {
  await desk.setClock(TODAY);
  ({ owner } = await desk.customer());
});

test("a reservation is priced and bought", async () => {
  const quote = await owner.client.reservationOrder.calculate(owner.request({ quantity: 3 }));
  assert.deepEqual(quote.properties.billingCurrencyTotal, { currencyCode: "USD", amount: 96 });

  const { order, reservation } = await owner.buy({ quantity: 3 });
  const kept = await owner.client.reservation.get(order, reservation);
  assert.equal(kept.sku.name, "Standard_B1ls");
  assert.equal(kept.properties.quantity, 3);
  assert.equal(kept.properties.provisioningState, "Succeeded");
});
