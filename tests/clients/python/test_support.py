"""Support requests by the official client: every operation, and what each refuses."""

import base64
import datetime
import uuid

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.support import models

import support
from desk import code
from support import BILLING, name

MEMBERS = {
    "owner": [("Owner", "/subscriptions/{subscription}")],
    "helper": [("Support Request Contributor", "/subscriptions/{subscription}")],
    "purchaser": [("Reservation Purchaser", "/subscriptions/{subscription}")],
    "reader": [("Reader", "/subscriptions/{subscription}")],
    "nobody": [],
}
# One test of each flavour: the operations are the same but for their group's name.
FLAVOURS = ["subscription", "tenant"]


@pytest.fixture(scope="module")
def team(desk):
    return desk.customer(members=MEMBERS)


@pytest.fixture(scope="module")
def owner(team):
    return support.client(team.owner)


@pytest.fixture(params=FLAVOURS)
def groups(request, owner):
    return Groups(owner, request.param == "tenant")


class Groups:
    """The operation groups of one flavour."""

    def __init__(self, client, of_tenant):
        end = "_no_subscription" if of_tenant else ""
        self.client = client
        self.tickets = getattr(client, "support_tickets" + end)
        self.communications = getattr(client, "communications" + end)
        self.chats = getattr(client, "chat_transcripts" + end)
        self.workspaces = getattr(client, "file_workspaces" + end)
        self.files = getattr(client, "files" + end)


def refused(status, wanted, call, *arguments, **keywords):
    with pytest.raises(HttpResponseError) as raised:
        call(*arguments, **keywords)
    assert raised.value.status_code == status, raised.value
    assert code(raised.value) == wanted, raised.value
    return raised.value.error


def test_what_can_be_asked_about_is_walked(owner):
    names = {one.display_name for one in owner.services.list()}
    assert {"Billing", "Subscription management",
            "Service and subscription limits (quotas)"} <= names
    service, problem = support.exchanges_and_refunds(owner)
    assert service.name == BILLING
    assert owner.services.get(service.name).display_name == "Billing"
    found = owner.problem_classifications.get(service.name, problem.name)
    assert found.display_name == "Reservation management / Exchanges and refunds"
    refused(404, "ResourceNotFound", owner.services.get, str(uuid.uuid4()))
    refused(404, "ResourceNotFound", owner.problem_classifications.get, BILLING, "lost")
    listed = {one.name for one in owner.operations.list()}
    assert "Microsoft.Support/supportTickets/write" in listed


def test_a_ticket_is_opened_looked_at_and_changed(groups):
    under = name("ticket")
    free = models.CheckNameAvailabilityInput(name=under, type="Microsoft.Support/supportTickets")
    assert groups.tickets.check_name_availability(free).name_available
    opened = groups.tickets.begin_create(under, support.ticket(groups.client)).result()
    assert (opened.name, opened.status, opened.severity) == (under, "Open", "moderate")
    assert opened.service_display_name == "Billing"
    assert opened.service_level_agreement.sla_minutes == 240
    assert opened.description == "We need an exception.\nThank you."
    assert not groups.tickets.check_name_availability(free).name_available
    assert groups.tickets.get(under.upper()).support_ticket_id == opened.support_ticket_id

    change = models.UpdateSupportTicket(
        severity="critical",
        advanced_diagnostic_consent="Yes",
        contact_details=models.UpdateContactProfile(first_name="Augusta"),
    )
    changed = groups.tickets.update(under, change)
    assert (changed.severity, changed.advanced_diagnostic_consent) == ("critical", "Yes")
    assert (changed.contact_details.first_name, changed.contact_details.last_name) == (
        "Augusta", "Byron")
    assert changed.service_level_agreement.sla_minutes == 60
    closed = groups.tickets.update(under, models.UpdateSupportTicket(status="closed"))
    assert closed.status == "Closed"
    assert groups.tickets.update(under, models.UpdateSupportTicket(status="open")).status == "Open"


def test_the_same_name_is_the_same_ticket_and_another_request_is_a_conflict(groups):
    under, wish = name("ticket"), support.ticket(groups.client)
    first = groups.tickets.begin_create(under, wish).result()
    again = groups.tickets.begin_create(under, wish).result()
    assert again.support_ticket_id == first.support_ticket_id
    other = support.ticket(groups.client, title="Something else")
    refused(409, "SupportTicketAlreadyExists", groups.tickets.begin_create, under, other)


def test_creating_answers_202_with_its_operation_and_then_200(team):
    owner = team.owner
    wish = {"properties": {
        "serviceId": f"/providers/Microsoft.Support/services/{BILLING}",
        "problemClassificationId": support.exchanges_and_refunds(support.client(owner))[1].id,
        "title": "x", "description": "y", "severity": "Minimal",
        "advancedDiagnosticConsent": "no", "contactDetails": support.CONTACT,
    }}
    path = (f"/subscriptions/{team.subscription}/providers/Microsoft.Support/supportTickets/"
            + name("ticket"))
    first = owner.call("PUT", path, wish, version="2024-04-01")
    assert (first.status_code, first.content) == (202, b""), first.text
    polled = owner.call("GET", first.headers["azure-asyncoperation"], version=None)
    assert polled.json()["status"] == "Succeeded"
    result = owner.call("GET", first.headers["location"], version=None)
    assert result.json()["status"] == "Succeeded"
    again = owner.call("PUT", path, wish, version="2024-04-01")
    assert again.status_code == 200 and again.json()["properties"]["severity"] == "minimal"
    lost = first.headers["azure-asyncoperation"].replace("operationsStatus/", "operationsStatus/0")
    assert owner.call("GET", lost, version=None).status_code == 400
    stranger = team.nobody.call("GET", first.headers["azure-asyncoperation"], version=None)
    assert stranger.status_code in (403, 404)


def test_every_fault_of_a_ticket_is_told_at_once(groups):
    wish = support.ticket(groups.client, contact={
        "primary_email_address": "nobody",
        "preferred_contact_method": "phone",
        "preferred_time_zone": "Mars",
        "country": "US",
        "preferred_support_language": "tlh",
    }, service_id="/providers/Microsoft.Support/services/lost", file_workspace_name="lost")
    error = refused(400, "BadRequest", groups.tickets.begin_create, name("ticket"), wish)
    targets = {detail.target for detail in error.details}
    contact = "properties.contactDetails."
    assert targets == {
        "properties.serviceId",
        contact + "primaryEmailAddress",
        contact + "phoneNumber",
        contact + "preferredTimeZone",
        contact + "country",
        contact + "preferredSupportLanguage",
        "properties.fileWorkspaceName",
    }
    assert all(detail.message for detail in error.details)
    empty = models.SupportTicketDetails(
        service_id="", problem_classification_id="", title="", description=" ", severity="high",
        advanced_diagnostic_consent="Maybe",
        contact_details=models.ContactProfile(
            first_name="", last_name="", preferred_contact_method="fax", primary_email_address="",
            preferred_time_zone="", country="", preferred_support_language=""))
    error = refused(400, "BadRequest", groups.tickets.begin_create, name("ticket"), empty)
    assert len(error.details) == 13


def test_a_name_that_cannot_be_is_refused(groups):
    wish = support.ticket(groups.client)
    refused(400, "BadRequest", groups.tickets.begin_create, "a b", wish)
    long = models.CheckNameAvailabilityInput(
        name="x" * 129, type="Microsoft.Support/supportTickets")
    answer = groups.tickets.check_name_availability(long)
    assert not answer.name_available and "128" in answer.message
    wrong = models.CheckNameAvailabilityInput(name="x", type="Microsoft.Support/communications")
    refused(400, "BadRequest", groups.tickets.check_name_availability, wrong)


def test_an_update_that_says_nothing_or_spoils_the_contact_is_refused(groups):
    under = name("ticket")
    groups.tickets.begin_create(under, support.ticket(groups.client)).result()
    refused(400, "BadRequest", groups.tickets.update, under, models.UpdateSupportTicket())
    change = models.UpdateSupportTicket(
        contact_details=models.UpdateContactProfile(country="Mars"))
    error = refused(400, "BadRequest", groups.tickets.update, under, change)
    assert error.target == "contactDetails.country"
    refused(404, "ResourceNotFound", groups.tickets.update, name("lost"),
            models.UpdateSupportTicket(status="closed"))


def test_tickets_are_listed_filtered_and_paged(desk, groups):
    before = desk.now()
    wish = support.ticket(groups.client)
    names = [name("page") for _ in range(3)]
    for one in names:
        groups.tickets.begin_create(one, wish).result()
    groups.tickets.update(names[0], models.UpdateSupportTicket(status="closed"))
    pages = groups.tickets.list(top=2).by_page()
    first, second = list(next(pages)), list(next(pages))
    assert len(first) == 2 and second
    assert not {one.name for one in first} & {one.name for one in second}
    listed = {one.name for one in groups.tickets.list(filter="status eq 'Open'")}
    assert names[0] not in listed and set(names[1:]) <= listed
    closed = groups.tickets.list(filter=f"status eq 'Closed' and createdDate ge {before}")
    assert names[0] in {one.name for one in closed}
    assert not list(groups.tickets.list(filter="createdDate gt 2030-01-01T00:00:00Z"))
    by_service = groups.tickets.list(filter=f"serviceId eq '{wish.service_id}'")
    assert set(names) <= {one.name for one in by_service}
    assert not list(groups.tickets.list(filter="problemClassificationId eq 'other'"))
    assert not list(groups.tickets.list(filter="status eq 'Updating'"))
    refused(400, "BadRequest", list, groups.tickets.list(filter="status ne 'Open'"))
    refused(400, "BadRequest", list, groups.tickets.list(top=101))


def test_something_is_said_about_a_ticket_once(groups):
    ticket, under = name("ticket"), name("message")
    groups.tickets.begin_create(ticket, support.ticket(groups.client)).result()
    free = models.CheckNameAvailabilityInput(name=under, type="Microsoft.Support/communications")
    assert groups.communications.check_name_availability(ticket, free).name_available
    message = models.CommunicationDetails(
        subject="More", body="First line\nSecond", sender="ada@example.com")
    said = groups.communications.begin_create(ticket, under, message).result()
    assert (said.body, said.communication_direction) == ("First line\nSecond", "outbound")
    assert not groups.communications.check_name_availability(ticket, free).name_available
    again = groups.communications.begin_create(ticket, under, message).result()
    assert again.created_date == said.created_date
    other = models.CommunicationDetails(subject="x", body="y", sender="ada@example.com")
    refused(409, "CommunicationAlreadyExists", groups.communications.begin_create, ticket, under,
            other)
    for number in range(11):
        groups.communications.begin_create(ticket, f"more-{number}", message).result()
    listed = [one.name for one in groups.communications.list(ticket)]
    assert len(listed) == 12 and listed[0] == under
    assert groups.communications.get(ticket, under).subject == "More"
    assert not list(groups.communications.list(ticket, filter="communicationType eq 'phone'"))
    since = said.created_date.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    kept = groups.communications.list(
        ticket, filter=f"communicationType eq 'web' and createdDate ge {since}")
    assert len(list(kept)) == 12
    assert not list(groups.communications.list(ticket, filter="createdDate gt 2030-01-01"))


def test_what_cannot_be_said_is_refused(groups):
    ticket = name("ticket")
    groups.tickets.begin_create(ticket, support.ticket(groups.client)).result()
    nameless = models.CommunicationDetails(subject="x", body="y")
    error = refused(400, "BadRequest", groups.communications.begin_create, ticket, "a", nameless)
    assert error.target == "properties.sender"
    both = models.CommunicationDetails(subject="", body="", sender="ada")
    error = refused(400, "BadRequest", groups.communications.begin_create, ticket, "a", both)
    assert len(error.details) >= 2
    message = models.CommunicationDetails(subject="x", body="y", sender="ada@example.com")
    groups.tickets.update(ticket, models.UpdateSupportTicket(status="closed"))
    refused(400, "BadRequest", groups.communications.begin_create, ticket, "a", message)
    refused(404, "ResourceNotFound", groups.communications.begin_create, name("lost"), "a", message)
    refused(404, "ResourceNotFound", groups.communications.get, ticket, "lost")


def test_nobody_chats_here(groups):
    ticket = name("ticket")
    groups.tickets.begin_create(ticket, support.ticket(groups.client)).result()
    assert list(groups.chats.list(ticket)) == []
    refused(404, "ResourceNotFound", groups.chats.get, ticket, str(uuid.uuid4()))
    refused(404, "ResourceNotFound", lambda: list(groups.chats.list(name("lost"))))


def test_a_file_comes_in_two_parts(groups):
    workspace = name("files")
    made = groups.workspaces.create(workspace)
    assert made.expiration_time - made.created_on == datetime.timedelta(hours=24)
    assert groups.workspaces.create(workspace).created_on == made.created_on
    assert groups.workspaces.get(workspace).name == workspace
    half, whole = 2_621_440, 2_621_440 + 100
    sizes = models.FileDetails(chunk_size=half, file_size=whole, number_of_chunks=2)
    file = groups.files.create(workspace, "log.txt", sizes)
    assert (file.file_size, file.number_of_chunks) == (whole, 2)
    assert groups.files.get(workspace, "log.txt").chunk_size == half
    parts = [b"a" * half, b"b" * 100]
    for index, part in enumerate(parts):
        sent = models.UploadFile(content=base64.b64encode(part).decode(), chunk_index=index)
        assert groups.files.upload(workspace, "log.txt", sent) is None
        assert groups.files.upload(workspace, "log.txt", sent) is None, "the same part again"
    other = models.UploadFile(content=base64.b64encode(b"c" * 100).decode(), chunk_index=1)
    refused(409, "ChunkAlreadyExists", groups.files.upload, workspace, "log.txt", other)
    assert [one.name for one in groups.files.list(workspace)] == ["log.txt"]
    ticket = support.ticket(groups.client, file_workspace_name=workspace)
    opened = groups.tickets.begin_create(name("ticket"), ticket).result()
    assert opened.file_workspace_name == workspace


def test_files_that_do_not_fit_are_refused(groups):
    workspace = name("files")
    groups.workspaces.create(workspace)
    for chunk, size, chunks, wrong in [
        (2_621_441, 2_621_441, 1, 1),
        (2_621_440, 5_242_881, 3, 2),
        (100, 300, 2, 1),
    ]:
        sizes = models.FileDetails(chunk_size=chunk, file_size=size, number_of_chunks=chunks)
        error = refused(400, "BadRequest", groups.files.create, workspace, "a.txt", sizes)
        assert len(error.details or [error]) == wrong
    sizes = models.FileDetails(chunk_size=10, file_size=10, number_of_chunks=1)
    groups.files.create(workspace, "a.txt", sizes)
    other = models.FileDetails(chunk_size=11, file_size=11, number_of_chunks=1)
    refused(409, "FileAlreadyExists", groups.files.create, workspace, "a.txt", other)
    for body, index in [("not base64!", 0), ("aGk=", 0), ("aGk=", 1)]:
        sent = models.UploadFile(content=body, chunk_index=index)
        refused(400, "BadRequest", groups.files.upload, workspace, "a.txt", sent)
    refused(404, "ResourceNotFound", groups.files.get, workspace, "lost.txt")
    refused(404, "ResourceNotFound", groups.workspaces.get, name("lost"))
    refused(400, "BadRequest", groups.workspaces.create, "a b")


def test_who_may_ask(team):
    owner = support.client(team.owner)
    wish = support.ticket(owner)
    for member in (team.helper, team.purchaser):
        under = name("ticket")
        mine = support.client(member)
        opened = mine.support_tickets.begin_create(under, wish).result()
        assert owner.support_tickets.get(under).support_ticket_id == opened.support_ticket_id
        assert mine.support_tickets.get(under).name == under, "who opened it sees it"
    theirs = name("ticket")
    owner.support_tickets.begin_create(theirs, wish).result()
    # A purchaser may ask, and looks at nothing but their own.
    purchaser = support.client(team.purchaser)
    refused(404, "ResourceNotFound", purchaser.support_tickets.get, theirs)
    assert theirs not in {one.name for one in purchaser.support_tickets.list()}
    reader = support.client(team.reader)
    assert reader.support_tickets.get(theirs).name == theirs
    refused(403, "AuthorizationFailed", reader.support_tickets.begin_create, name("t"), wish)
    change = models.UpdateSupportTicket(status="closed")
    refused(403, "AuthorizationFailed", reader.support_tickets.update, theirs, change)
    refused(403, "AuthorizationFailed", reader.file_workspaces.create, name("files"))
    nobody = support.client(team.nobody)
    with pytest.raises(HttpResponseError) as raised:
        nobody.support_tickets.begin_create(name("t"), wish)
    assert raised.value.status_code in (403, 404)


def test_a_tenants_tickets_are_their_openers(team):
    owner, nobody = support.client(team.owner), support.client(team.nobody)
    under, wish = name("ticket"), support.ticket(owner)
    owner.support_tickets_no_subscription.begin_create(under, wish).result()
    mine = name("ticket")
    nobody.support_tickets_no_subscription.begin_create(mine, wish).result()
    refused(404, "ResourceNotFound", nobody.support_tickets_no_subscription.get, under)
    listed = {one.name for one in nobody.support_tickets_no_subscription.list()}
    assert listed == {mine}


def test_another_tenants_tickets_do_not_exist(desk, team):
    under = name("ticket")
    owner = support.client(team.owner)
    owner.support_tickets.begin_create(under, support.ticket(owner)).result()
    stranger = desk.customer().owner
    with pytest.raises(ResourceNotFoundError):
        support.client(stranger, team.subscription).support_tickets.get(under)
    with pytest.raises(ResourceNotFoundError):
        support.client(stranger).support_tickets_no_subscription.get(under)
