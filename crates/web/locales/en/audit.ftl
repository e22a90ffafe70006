# The audit, and recorded decisions.

audit-who = Who
audit-principal = Principal
audit-decision-id = Decision id
audit-partner = On behalf of the partner
audit-target = What it was about
audit-correlation = Request id
audit-address = From
audit-approved = Approved
audit-refused = Refused
audit-denied = Denied
audit-failed = Failed
audit-about-decision = About this decision
audit-to-reservation = To the reservation
audit-nothing-looked-at = This happened by itself when it fell due: no clause was looked at.
