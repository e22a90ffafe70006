"""How much of a reservation was used: loaded with the world document or a file, told by the API."""

import datetime


from desk import run

DAYS = 10


def figures(owner, order, reservation, used):
    """A row a day up to the second of March, the oldest first."""
    last = datetime.date(2026, 3, 1)
    days = [last - datetime.timedelta(days=back) for back in reversed(range(len(used)))]
    return [
        {
            "tenantId": owner.customer.tenant,
            "reservationOrderId": order,
            "reservationId": reservation,
            "usageDate": day.isoformat(),
            "reservedHours": "48",
            "usedHours": str(hours),
        }
        for day, hours in zip(days, used)
    ]


def told(owner, order, reservation):
    """What the unmodified client reads: shares by the days they are over, and the trend."""
    found = owner.client.reservation.get(order, reservation).properties.utilization
    return {int(row.grain): row.value for row in found.aggregates}, found.trend


def test_figures_of_the_world_are_told_by_the_api(owner, desk):
    order, reservation = owner.buy(quantity=2)
    assert told(owner, order, reservation) == ({1: 0.0, 7: 0.0, 30: 0.0}, "SAME")
    rows = figures(owner, order, reservation, [48, 48, 48, 24, 24, 24, 24, 24, 24, 12])
    assert desk.apply({"utilization": rows})["applied"] == DAYS
    assert desk.apply({"utilization": rows})["unchanged"] == DAYS
    # 156 of 336 hours, 300 of 480.
    assert told(owner, order, reservation) == ({1: 25.0, 7: 46.43, 30: 62.5}, "DOWN")
    listed = {
        row.name.split("/")[-1]: row.properties.utilization for row in owner.client.reservation.list_all()
    }
    assert listed[reservation].aggregates[1].value == 46.43


def test_figures_that_cannot_be_are_refused_together(owner, desk):
    order, reservation = owner.buy()
    rows = figures(owner, order, reservation, [1, 2, 3])
    rows[0]["reservationId"] = order
    rows[1]["usageDate"] = "2030-01-01"
    rows[2]["usedHours"] = "-1"
    answer = desk.http.post(desk.base_url + "/sandbox/world", json={"utilization": rows})
    assert answer.status_code == 400, answer.text
    for field in ("utilization[0].reservationId", "utilization[1].usageDate", "utilization[2].usedHours"):
        assert field in answer.text
    assert told(owner, order, reservation)[0][30] == 0.0


def test_daily_summaries_are_imported_from_a_file(own_desk, tmp_path):
    desk = own_desk
    desk.set_clock("2026-03-02T12:00:00Z")
    owner = desk.customer().owner
    order, reservation = owner.buy(quantity=2)
    file = tmp_path / "summaries.csv"
    file.write_text(
        "ReservationOrderId,ReservationId,SkuName,ReservedHours,UsageDate,UsedHours\n"
        f"{order},{reservation},Standard_B1s,48,2026-03-01T00:00:00Z,36\n"
        f"{order},{reservation},Standard_B1s,48,yesterday,36\n"
    )
    assert desk.stop() == 0, desk.log()
    done = run("utilization", "import", "--data", desk.data, "--tenant", owner.customer.tenant, file)
    assert done.returncode == 0, done.stderr
    assert "1 written, 0 unchanged, 1 rejected" in done.stdout
    assert "line 3: UsageDate" in done.stderr
    desk.start()
    owner._client = owner._token = None
    assert told(owner, order, reservation)[0] == {1: 75.0, 7: 75.0, 30: 75.0}
