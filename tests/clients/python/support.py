"""The official support client against a desk, and the people who work at it."""

import base64
import hashlib
import uuid

from azure.identity import ClientSecretCredential
from azure.mgmt.support import MicrosoftSupport
from azure.mgmt.support import models

from desk import CAPACITY, Customer, Member

BILLING = "517f2da6-78fd-0498-4e22-ad26996b1dfc"
CONTACT = {
    "firstName": "Ada",
    "lastName": "Byron",
    "preferredContactMethod": "email",
    "primaryEmailAddress": "ada@example.com",
    "preferredTimeZone": "Pacific Standard Time",
    "country": "usa",
    "preferredSupportLanguage": "en-US",
}


def client(member, subscription=None):
    """The unmodified client, of a subscription or of the tenant as a whole."""
    base = member.desk.base_url
    credential = ClientSecretCredential(
        member.customer.tenant,
        member.client_id,
        member.secret,
        authority=base,
        disable_instance_discovery=True,
        connection_verify=member.desk.ca,
    )
    return MicrosoftSupport(
        credential,
        subscription or member.customer.subscription,
        base_url=base,
        credential_scopes=[base + "/.default"],
        connection_verify=member.desk.ca,
        polling_interval=1,
        retry_total=0,
    )


def exchanges_and_refunds(of):
    """Walks to Billing, Reservation management, Exchanges and refunds, as a portal does."""
    service = next(one for one in of.services.list() if one.display_name == "Billing")
    problems = of.problem_classifications.list(service.name)
    wanted = "Reservation management / Exchanges and refunds"
    return service, next(one for one in problems if one.display_name == wanted)


def ticket(of, contact=(), **wish):
    """A ticket as the client's own model."""
    service, problem = exchanges_and_refunds(of)
    return models.SupportTicketDetails(**{
        "service_id": service.id,
        "problem_classification_id": problem.id,
        "title": "Please let it go",
        "description": "We need an exception.\nThank you.",
        "severity": "moderate",
        "advanced_diagnostic_consent": "No",
        "contact_details": models.ContactProfile(**{
            "first_name": "Ada",
            "last_name": "Byron",
            "preferred_contact_method": "email",
            "primary_email_address": "ada@example.com",
            "preferred_time_zone": "Pacific Standard Time",
            "country": "usa",
            "preferred_support_language": "en-US",
        } | dict(contact)),
    } | wish)


def name(what):
    return f"{what}-{uuid.uuid4().hex[:12]}"


def desk_member(desk):
    """Somebody who works at the desk, in a tenant of their own without any role."""
    tenant = desk.customer(members={"agent": []})
    desk.apply({"deskMembers": [
        {"tenantId": tenant.tenant, "clientId": tenant.agent.client_id}
    ]})
    return tenant.agent


def of_reservation(order, reservation):
    return f"/prorata/reservationOrders/{order}/reservations/{reservation}"


def ask(member, order, reservation, quantity, under=None, asked=None):
    """Opens a ticket from a reservation; answers the response."""
    body = {
        "asked": asked or {"refund": {"quantity": quantity}},
        "reason": "The machines are gone.",
        "contactDetails": CONTACT,
    }
    path = f"{of_reservation(order, reservation)}/supportTickets/{under or name('refund')}"
    return member.call("PUT", path, body, version=None)


def case_of(agent, ticket_name):
    """A ticket as the desk sees it."""
    found = agent.call("GET", "/prorata/desk/supportTickets?$top=100", version=None)
    assert found.status_code == 200, found.text
    row = next(one for one in found.json()["value"] if one["ticket"]["name"] == ticket_name)
    shown = agent.call("GET", f"/prorata/desk/supportTickets/{row['id']}", version=None)
    assert shown.status_code == 200, shown.text
    return shown.json()


def grant(agent, ticket_id, clauses, lapses_on, exception=None, **more):
    body = {"clauses": clauses, "lapsesOn": lapses_on, "reason": "They asked nicely."} | more
    path = f"/prorata/desk/supportTickets/{ticket_id}/exceptions/{exception or uuid.uuid4()}"
    return agent.call("PUT", path, body, version=None)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def content(answer):
    """The bytes of a file that was answered, held against its digest."""
    data = base64.b64decode(answer["content"])
    assert sha256(data) == answer["sha256"]
    return data
