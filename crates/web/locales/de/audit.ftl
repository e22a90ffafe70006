# Das Protokoll, und aufgezeichnete Entscheidungen.

audit-who = Wer
audit-principal = Prinzipal
audit-decision-id = ID der Entscheidung
audit-partner = Im Namen des Partners
audit-target = Worum es ging
audit-correlation = ID der Anfrage
audit-address = Von
audit-approved = Genehmigt
audit-refused = Abgelehnt
audit-denied = Verwehrt
audit-failed = Misslungen
audit-about-decision = Über diese Entscheidung
audit-to-reservation = Zur Reservierung
audit-nothing-looked-at = Das geschah von selbst, als es fällig war: Keine Klausel wurde geprüft.
