"""What is sold, and what the service can do."""

from desk import CAPACITY


def test_the_operations_are_listed(owner):
    operations = list(owner.client.operation.list())
    names = {operation.name.lower() for operation in operations}
    assert len(names) == len(operations), "an operation is listed twice"
    for wanted in (
        "microsoft.capacity/calculateprice/action",
        "microsoft.capacity/catalogs/read",
        "microsoft.capacity/reservationorders/read",
        "microsoft.capacity/reservationorders/write",
        "microsoft.capacity/reservationorders/return/action",
        "microsoft.capacity/exchange/action",
    ):
        assert wanted in names
    assert all(operation.display.provider for operation in operations)


def test_the_catalog_pages_through_every_size(owner):
    pages = owner.client.get_catalog(
        owner.customer.subscription, reserved_resource_type="VirtualMachines"
    ).by_page()
    pages = [list(page) for page in pages]
    rows = [row for page in pages for row in page]
    assert all(len(page) <= 50 for page in pages)
    assert all(len(page) == 50 for page in pages[:-1])
    by_place = {(row.name, tuple(row.locations)): row for row in rows}
    assert len(by_place) == len(rows), "a row is listed twice"
    row = next(row for row in rows if row.name == "Standard_B1ls" and "westus" in row.locations)
    assert row.resource_type == "virtualMachines"
    assert {"P1Y", "P3Y"} <= set(row.terms)
    assert set(row.billing_plans["p1Y"]) >= {"Upfront", "Monthly"}
    assert all(prop.name and isinstance(prop.value, str) for prop in row.sku_properties or [])


def test_a_location_narrows_the_catalog(owner):
    subscription = owner.customer.subscription
    rows = list(
        owner.client.get_catalog(
            subscription, reserved_resource_type="VirtualMachines", location="westus"
        )
    )
    assert rows
    assert all("westus" in row.locations for row in rows)
    names = {row.name for row in rows}
    assert {"Standard_B1ls", "Standard_B2s", "Standard_D2s_v5", "Standard_F1", "Standard_F1s"} <= names
    row = next(row for row in rows if row.name == "Standard_B1ls")
    assert (row.msrp.p1_y.currency_code, row.msrp.p1_y.amount) == ("USD", 32.0)
    assert (row.msrp.p3_y.currency_code, row.msrp.p3_y.amount) == ("USD", 62.0)


def test_skip_and_take_choose_the_page(owner):
    def rows(**options):
        return list(
            owner.client.get_catalog(
                owner.customer.subscription,
                reserved_resource_type="VirtualMachines",
                location="westus",
                **options,
            )
        )

    every = [row.name for row in rows()]
    assert [row.name for row in rows(skip=3)] == every[3:]
    first = owner.call(
        "GET",
        f"/subscriptions/{owner.customer.subscription}{CAPACITY}/catalogs"
        "?reservedResourceType=VirtualMachines&location=westus&%24take=2",
    ).json()
    assert [row["name"] for row in first["value"]] == every[:2]


def test_other_types_are_sold_too(owner):
    subscription = owner.customer.subscription
    rows = list(owner.client.get_catalog(subscription, reserved_resource_type="SqlDatabases"))
    assert rows
    assert all(row.resource_type == "sqlDatabases" for row in rows)
    assert all(row.terms for row in rows)


def test_the_earlier_version_answers_a_bare_list(owner):
    answer = owner.call(
        "GET",
        f"/subscriptions/{owner.customer.subscription}{CAPACITY}/catalogs"
        "?reservedResourceType=VirtualMachines&location=westus",
        version="2022-03-01",
    )
    assert answer.status_code == 200
    rows = answer.json()
    assert isinstance(rows, list)
    assert any(row["name"] == "Standard_B1ls" for row in rows)


def test_a_page_of_the_catalog_links_to_the_next(owner):
    path = (
        f"/subscriptions/{owner.customer.subscription}{CAPACITY}/catalogs"
        "?reservedResourceType=VirtualMachines"
    )
    first = owner.call("GET", path).json()
    assert first["totalItems"] > len(first["value"]) == 50
    link = first["nextLink"]
    assert link.startswith(owner.desk.base_url + "/subscriptions/")
    assert "reservedResourceType=VirtualMachines" in link
    assert "api-version=2022-11-01" in link
    second = owner.call("GET", link).json()
    assert second["totalItems"] == first["totalItems"]
    assert not {row["name"] + row["locations"][0] for row in first["value"]} & {
        row["name"] + row["locations"][0] for row in second["value"]
    }
