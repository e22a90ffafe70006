"""A desk with something on every page: Alder Freight has held reservations for two years."""

import datetime
import math

from desk import Customer, Member

NOW = "2026-11-16T09:30:00Z"
ROLES = {"owner": "alder-owner", "manager": "alder-reservations", "reader": "alder-reader"}

# Bought on, product, region, term, plan, units, name, and how much of it is used, in percent.
HELD = [
    ("2024-02-05", "Standard_D4s_v5", "westeurope", "P3Y", "Monthly", 12, "route planners", 97),
    ("2024-03-11", "Standard_D2s_v5", "westeurope", "P3Y", "Monthly", 20, "order intake", 88),
    ("2024-09-16", "Standard_E4s_v5", "eastus", "P3Y", "Upfront", 6, "fleet database", 100),
    ("2025-11-24", "Standard_D8s_v5", "uksouth", "P1Y", "Monthly", 4, "customs clearing", 62),
    ("2025-12-01", "Standard_D4s_v5", "eastus", "P1Y", "Monthly", 8, "tracking, east", 91),
    ("2025-12-09", "Standard_D2s_v3", "westeurope", "P1Y", "Upfront", 10, "depot terminals", 38),
    ("2026-01-19", "Standard_E4s_v5", "westeurope", "P1Y", "Upfront", 3, "reporting", 71),
    ("2026-02-02", "Standard_B2ms", "westeurope", "P1Y", "Monthly", 15, "build agents", 24),
    ("2026-03-02", "Standard_D4s_v5", "westeurope", "P3Y", "Upfront", 5, "geocoding", 99),
    ("2026-04-13", "Standard_HB120rs_v3", "westeurope", "P1Y", "Monthly", 1, "yearly plan run", 12),
    ("2026-05-18", "Standard_D2_v2", "eastus", "P1Y", "Upfront", 7, "label printers", 83),
    ("2026-06-22", "Standard_D8s_v5", "westeurope", "P3Y", "Monthly", 2, "search", 95),
    ("2026-08-10", "Standard_D4s_v5", "uksouth", "P1Y", "Monthly", 6, "tracking, UK", None),
    ("2026-10-05", "Standard_E4s_v5", "westeurope", "P3Y", "Monthly", 4, "invoices", 79),
]
OTHERS = [
    ("SqlDatabases", "SQLDB_GP_Compute_Gen5", "westeurope", "P1Y", "Upfront", 8, "order database"),
    ("RedisCache", "Azure_Redis_Cache_Premium_P1_Cache", "eastus", "P1Y", "Upfront", 2, "sessions"),
]


def person(desk, name):
    """A principal of the sample world."""
    row = next(row for row in desk.sandbox["principals"] if row["name"] == name)
    paying = [one for one in desk.sandbox["subscriptions"] if one["tenantId"] == row["tenantId"]]
    subscription = paying[0]["id"] if paying else None
    customer = Customer(desk, row["tenantId"], subscription, {})
    return Member(customer, name, row["clientId"], row["clientSecret"])


def fill(desk):
    """Plays two years; answers the people by what they are, and the orders by their names."""
    owner = person(desk, ROLES["owner"])
    bought = {}
    for day, sku, region, term, plan, quantity, name, _ in HELD:
        desk.set_clock(f"{day}T10:00:00Z")
        owner._token = owner._client = None
        bought[name] = owner.buy(
            sku=sku, location=region, term=term, plan=plan, quantity=quantity, name=name
        )
    desk.set_clock("2026-10-20T10:00:00Z")
    owner._token = owner._client = None
    for kind, sku, region, term, plan, quantity, name in OTHERS:
        bought[name] = owner.buy(
            resource_type=kind, sku=sku, location=region, term=term, plan=plan,
            quantity=quantity, name=name,
        )
    desk.set_clock("2026-11-03T15:00:00Z")
    owner._token = owner._client = None
    owner.give_back(*bought["order intake"], quantity=3)
    bought["order intake"] = live(owner, bought["order intake"])
    quote = owner.exchange_quote(
        [(*bought["search"], 2)],
        [{"sku": "Standard_D8s_v5", "location": "westeurope", "term": "P3Y", "plan": "Monthly",
          "quantity": 3, "name": "search"}],
    )
    owner.exchange(quote.properties.session_id)
    desk.set_clock(NOW)
    owner._token = owner._client = None
    use(desk, owner, bought)
    people = {what: person(desk, name) for what, name in ROLES.items()}
    people["agent"] = person(desk, "fir-agent")
    people["customer"] = person(desk, "cedar-owner")
    return people, bought


def live(owner, place):
    """What lives on of a reservation of which a part was given back."""
    items = owner.items(place[0])
    kept = [name for name, item in items.items()
            if item.properties.provisioning_state == "Succeeded"]
    return place[0], kept[0]


def use(desk, owner, bought):
    """Loads 45 days of usage: weeks with quiet ends, about as full as the list says."""
    last = datetime.date.fromisoformat(NOW[:10]) - datetime.timedelta(days=1)
    rows = []
    for _, _, _, _, _, quantity, name, percent in HELD:
        if percent is None or name == "search":
            continue
        order, reservation = bought[name]
        for back in range(45):
            day = last - datetime.timedelta(days=back)
            hours = 24 * quantity
            wave = 6 * math.sin(back * 1.7 + quantity) - (9 if day.weekday() > 4 else 0)
            share = 100 if percent == 100 else max(0, min(100, percent + wave))
            rows.append({
                "tenantId": owner.customer.tenant,
                "reservationOrderId": order,
                "reservationId": reservation,
                "usageDate": day.isoformat(),
                "reservedHours": str(hours),
                "usedHours": f"{hours * share / 100:.2f}",
            })
    desk.apply({"utilization": rows})
