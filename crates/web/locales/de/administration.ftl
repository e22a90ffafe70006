# Verwaltung: Prinzipale, Rollen, Empfänger, Listen, Aufgaben, Aussteller.

admin-parts = Teile der Verwaltung
admin-overview = Überblick
admin-principals = Prinzipale
admin-roles = Rollen
admin-assignments = Rollenzuweisungen
admin-receivers = Empfänger
admin-imports = Importe
admin-jobs = Aufgaben
admin-issuers = Aussteller

# Was der Überblick von jedem Teil sagt.
admin-card-principals = { $people ->
    [one] { $people } Person
   *[other] { $people } Personen
}, { $programs ->
    [one] { $programs } Programm
   *[other] { $programs } Programme
}{ $guests ->
    [0] { "" }
    [one] , { $guests } Gast
   *[other] , { $guests } Gäste
}
admin-card-roles = { $count ->
    [one] eigene Rolle neben den vorgegebenen
   *[other] eigene Rollen neben den vorgegebenen
}
admin-card-receivers = { $count ->
    [0] noch niemand erfährt, was geschieht
    [one] erfährt, was geschieht
   *[other] erfahren, was geschieht
}
admin-card-parked-deliveries = { $count ->
    [one] { $count } Benachrichtigung kam nicht an
   *[other] { $count } Benachrichtigungen kamen nicht an
}
admin-card-imports = { $count ->
    [one] Import ist hier verzeichnet
   *[other] Importe sind hier verzeichnet
}
admin-card-jobs = { $count ->
    [one] Aufgabe wartet auf ihren Zeitpunkt
   *[other] Aufgaben warten auf ihren Zeitpunkt
}
admin-card-parked-jobs = { $count ->
    [one] { $count } Aufgabe wurde aufgegeben
   *[other] { $count } Aufgaben wurden aufgegeben
}
admin-card-issuers = { $count ->
    [0] nur Konten dieses Dienstes selbst melden sich an
    [one] Aussteller, dem neben diesem Dienst vertraut wird
   *[other] Ausstellern wird neben diesem Dienst vertraut
}

# Wörter, die viele Seiten teilen.
admin-show = Anzeigen
admin-save = Änderungen speichern
admin-not-now = Jetzt nicht
admin-optional = (optional)
admin-none = Keine
admin-never = Nie
admin-not-told = Nicht angegeben
admin-not-known = Nicht bekannt
admin-name = Name
admin-kind = Art
admin-state = Zustand
admin-role = Rolle
admin-where = Wo
admin-since = Seit
admin-who = Wer
admin-what = Was
admin-when = Wann
admin-by-whom = Von
admin-description = Beschreibung
admin-address = Adresse
admin-pages = Seiten
admin-previous = Vorige Seite
admin-next = Nächste Seite
admin-attempts = { $count ->
    [0] Noch nicht versucht
    [one] Einmal versucht
   *[other] { $count }-mal versucht
}
admin-done-changed = Die Änderungen sind gespeichert.

# Prinzipale
admin-search = Name, Benutzername, E-Mail oder Kennung
admin-which = Welche
admin-which-all = Alle
admin-which-people = Personen
admin-which-programs = Programme
admin-which-guests = Gäste
admin-principals-total = { $count ->
    [0] Niemand
    [one] { $count } Prinzipal
   *[other] { $count } Prinzipale
}
admin-no-principals = Zu dieser Suche passt niemand. Suchen Sie nach einem kürzeren Teil des Namens oder unter allen.
admin-signs-in-with = Meldet sich an mit
admin-kind-person = Person
admin-kind-program = Programm
admin-kind-guest = Gast
admin-kind-guest-program = Gastprogramm
admin-kind-gone = Nicht mehr in diesem Mandanten
admin-by-home = Eigenem Mandanten
admin-by-code = Passwort und Code
admin-by-password = Passwort
admin-by-issuer = Anderem Aussteller
admin-by-secrets = { $count ->
    [0] Keinem Geheimnis
    [one] { $count } Geheimnis
   *[other] { $count } Geheimnissen
}
admin-state-active = Aktiv
admin-state-invited = Eingeladen
admin-state-disabled = Gesperrt

admin-add-person = Person hinzufügen
admin-add-person-lead = Sie erhält eine Einladung: einen Link, mit dem sie ein Passwort wählt. Sie hat keine Rolle, bis Sie ihr eine geben.
admin-user-name = Benutzername
admin-user-name-hint = Womit sie sich anmeldet, etwa anna@contoso.example
admin-display-name = Anzeigename
admin-mail = E-Mail
admin-add-and-invite = Hinzufügen und einladen
admin-invited = Eine Einladung für { $name }
admin-invited-lead = Geben Sie diesen Link so weiter, dass nur diese Person ihn lesen kann. Mit ihm wählt sie einmal ein Passwort. Er wird jetzt gezeigt und nie wieder.
admin-invitation-link = Link
admin-good-until = Gültig bis
admin-kept-it = Ich habe es aufbewahrt

admin-added = Hinzugefügt
admin-object-id = Objektkennung
admin-client-id = Clientkennung
admin-home = Heimatmandant
admin-sign-in = Anmeldung
admin-password = Passwort
admin-password-since = Gewählt
admin-no-password = Noch nicht gewählt
admin-invited-until = Einladung gültig bis
admin-reset-password = Passwort zurücksetzen
admin-invite-again = Neue Einladung ausstellen
admin-second-factor = Zweiter Faktor
admin-second-factor-on = Einmalcodes werden verlangt
admin-second-factor-off = Keiner; Personen richten ihn selbst auf ihrer Kontoseite ein
admin-reset-factor = Zweiten Faktor zurücksetzen
admin-account = Konto
admin-account-open = Offen
admin-account-closed = Gesperrt: niemand meldet sich damit an
admin-account-own = Ihr eigenes; sperren müsste es jemand anderes aus der Verwaltung
admin-account-at = Konto bei { $issuer }
admin-disable = Sperren
admin-enable = Wieder öffnen
admin-change-person = Name und E-Mail

admin-secrets = Geheimnisse
admin-secret = Geheimnis
admin-no-secrets = Dieses Programm hat kein Geheimnis und kann sich daher nicht anmelden. Erstellen Sie unten eines.
admin-first-secret = Aus dem Weltdokument
admin-begins-with = Beginnt mit
admin-made = Erstellt
admin-ends = Endet
admin-used = Zuletzt benutzt
admin-secret-ended = abgelaufen
admin-secret-ends = endet { $when }
admin-add-secret = Geheimnis hinzufügen
admin-secret-for = Wofür es ist
admin-secret-days = Gültig für wie viele Tage
admin-make-secret = Geheimnis erstellen
admin-remove-secret = Widerrufen
admin-secret-made = Das neue Geheimnis
admin-secret-made-lead = Legen Sie es dort ab, wo das Programm es liest. Es wird jetzt gezeigt und nie wieder; aufbewahrt wird nur sein Hashwert.
admin-done-secret-removed = Das Geheimnis ist widerrufen, und mit ihm jedes Token, das dafür ausgestellt wurde.

admin-no-roles = Keine Rollen: von diesem Mandanten ist nichts zu sehen.
admin-why = Warum?
admin-sessions = Wo angemeldet
admin-no-sessions = Zurzeit nirgends.
admin-browser = Browser
admin-address-from = Adresse
admin-proof = Ausgewiesen mit
admin-proof-secret = Geheimnis
admin-proof-password = Passwort
admin-proof-password-and-code = Passwort und Code
admin-proof-issuer = Anderer Aussteller
admin-proof-issuer-and-code = Anderer Aussteller mit zweitem Faktor
admin-end = Beenden
admin-end-all = Alle Sitzungen beenden
admin-done-ended = Diese Sitzung ist beendet.
admin-done-ended-all = Alle Sitzungen und Token sind beendet.
admin-done-second-factor = Der zweite Faktor ist entfernt, alle Sitzungen sind beendet.
admin-done-disabled = Das Konto ist gesperrt.
admin-done-enabled = Das Konto ist wieder offen.

admin-make-invitation = Zurücksetzen und Einladung ausstellen
admin-confirm-reset = Passwort von { $name } zurücksetzen?
admin-confirm-reset-password = Das jetzige Passwort gilt sofort nicht mehr. Ein anderes wird mit einer Einladung gewählt, die Sie weitergeben.
admin-confirm-reset-factor = Der zweite Faktor bleibt, wie er ist.
admin-confirm-sessions-end = { $count ->
    [0] Zurzeit besteht keine Anmeldung.
    [one] Die eine bestehende Sitzung endet.
   *[other] Alle { $count } Sitzungen enden.
}
admin-confirm-factor = Zweiten Faktor von { $name } entfernen?
admin-confirm-factor-says = Danach genügt das Passwort allein, bis ein neuer eingerichtet ist. Tun Sie es nur, wenn Sie sicher sind, wer darum bittet.
admin-confirm-end-all = Alle Sitzungen von { $name } beenden?
admin-confirm-end-all-says = Auch jedes Token, das auf sie zurückgeht, endet. Eine neue Anmeldung ist möglich.
admin-confirm-disable = Konto von { $name } sperren?
admin-confirm-disable-says = Niemand meldet sich mehr damit an, und seine Token enden.
admin-confirm-disable-kept = Seine Rollen und alles, was damit getan wurde, bleiben, wie sie sind. Sie können es wieder öffnen.
admin-confirm-secret = Geheimnis „{ $name }“ widerrufen?
admin-confirm-secret-says = Ein Programm, das es noch benutzt, kann sich nicht mehr anmelden, und jedes dafür ausgestellte Token endet sofort.
admin-confirm-secret-used = Zuletzt wurde es am { $when } benutzt.
admin-confirm-secret-unused = Es wurde nie benutzt.
admin-confirm-secret-unknown = Wann es zuletzt benutzt wurde, ist nicht bekannt.

admin-fault-other = Das wurde nicht angenommen: { $fault }.
admin-fault-user-name = Geben Sie 3 bis 64 Buchstaben, Ziffern oder Zeichen aus . _ - + @ ein, etwa anna@contoso.example.
admin-fault-user-name-taken = Dieser Benutzername ist vergeben. Wählen Sie einen anderen.
admin-fault-display-name = Geben Sie 1 bis 128 Zeichen ein.
admin-fault-mail = Geben Sie eine Adresse wie anna@contoso.example ein, oder nichts.
admin-fault-name = Geben Sie 1 bis 64 Zeichen ein.
admin-fault-days = Geben Sie eine ganze Zahl von 1 bis 730 ein.

# Rollen und Zuweisungen
admin-own-roles = Eigene Rollen
admin-no-own-roles = Noch keine. Erstellen Sie eine, wo keine vorgegebene Rolle genau das erlaubt, was jemand tun soll.
admin-new-role = Neue Rolle
admin-built-in = Vorgegeben
admin-built-in-roles = Vorgegebene Rollen
admin-allows = Erlaubt
admin-role-actions = { $count ->
    [one] { $count } Muster
   *[other] { $count } Muster
}
admin-role-lead = Was sie erlaubt, abzüglich dessen, was wieder herausgenommen ist, an den Orten, an denen sie gegeben ist, und darunter.
admin-role-in-parts = Ihre Berechtigungen stehen in mehreren Teilen; geändert wird sie daher über die Schnittstelle und nicht hier.
admin-changed-at = Zuletzt geändert
admin-actions = Aktionen
admin-actions-hint = Eine je Zeile; * steht für alles, etwa Microsoft.Capacity/reservationOrders/*
admin-not-actions = Ausgenommene Aktionen
admin-not-actions-hint = Was aus den Aktionen wieder herausgenommen ist, eine je Zeile
admin-assignable = Zuweisbar an
admin-scopes-hint = Orte, einer je Zeile, etwa /providers/Microsoft.Capacity oder /subscriptions/…
admin-make-role = Rolle erstellen
admin-delete-role = Rolle löschen
admin-who-has-it = Wer sie hat
admin-done-role-made = Die Rolle ist erstellt. Sie kann jetzt gegeben werden.
admin-done-role-deleted = Die Rolle ist gelöscht.
admin-confirm-role = Rolle „{ $name }“ löschen?
admin-confirm-role-says = Das geht nur, solange niemand sie hat, und kann nicht rückgängig gemacht werden.
admin-fault-role-name = Geben Sie einen Namen von 1 bis 128 Zeichen ein.
admin-fault-role-description = Geben Sie höchstens 1.000 Zeichen ein.
admin-fault-actions = Geben Sie eine Aktion je Zeile ein, etwa Microsoft.Capacity/reservationOrders/read.
admin-fault-no-actions = Geben Sie mindestens eine Aktion ein.
admin-fault-scopes = Geben Sie einen Ort je Zeile ein, etwa /providers/Microsoft.Capacity.

admin-at = Ort
admin-at-hint = Zuweisungen hier, darüber und darunter; / ist der ganze Mandant
admin-only-role = Nur Zuweisungen von { $role }.
admin-all-roles = Alle Rollen anzeigen
admin-no-assignments = Niemand hat hier eine Rolle.
admin-place-root = Der ganze Mandant
admin-place-capacity = Alle Reservierungen
admin-place-order = Auftrag über Reservierungen
admin-place-reservation = Reservierung
admin-place-plan-order = Auftrag über Sparpläne
admin-place-plan = Sparplan
admin-place-subscription = Abonnement
admin-place-management-group = Verwaltungsgruppe
admin-place-benefits = Alle Sparpläne
admin-give-role = Rolle geben
admin-give-at = Sie gilt hier und darunter:
admin-to = Wem
admin-to-hint = Ein Name, eine Clientkennung oder eine Objektkennung aus diesem Mandanten
admin-choose-role = Wählen Sie eine Rolle
admin-what-for = Wofür
admin-remove-role = Entziehen
admin-done-given = Die Rolle ist gegeben.
admin-done-removed = Die Rolle ist entzogen.
admin-confirm-remove = { $name } die Rolle { $role } entziehen?
admin-confirm-remove-says = Sie gilt an: { $place }. Was sie dort erlaubt, endet mit der nächsten Anfrage.
admin-fault-place = An diesem Ort werden keine Rollen gegeben. Geben Sie einen Pfad wie /subscriptions/… ein.
admin-fault-no-place = Diesen Ort gibt es nicht, oder Sie dürfen nicht von ihm wissen.
admin-fault-to = Geben Sie an, wer die Rolle erhält.
admin-fault-role = Wählen Sie eine Rolle.
admin-fault-nobody = Das ist niemand aus diesem Mandanten, oder der Name mehrerer. Geben Sie eine Objektkennung an.

# Empfänger und Zustellungen
admin-receivers-lead = Programme erfahren durch signierte Webhooks, Personen durch E-Mail, was in diesem Mandanten geschieht.
admin-no-receivers = Noch erfährt es niemand. Fügen Sie einen Webhook oder eine E-Mail-Adresse hinzu.
admin-add-receiver = Empfänger hinzufügen
admin-channel = Durch
admin-channel-webhook = Webhook
admin-channel-mail = E-Mail
admin-told-of = Erfährt
admin-all-kinds = Alles
admin-some-kinds = { $count ->
    [one] { $count } Art
   *[other] { $count } Arten
}
admin-receiver-active = Ein
admin-receiver-paused = Aus
admin-receiver-gone = Fort
admin-kinds-hint = Kreuzen Sie an, was gemeldet wird; ohne Kreuz wird alles gemeldet.
admin-address-hint = Eine URL, die mit https:// beginnt, oder E-Mail-Adressen mit Kommas dazwischen
admin-test = Test
admin-test-says = Sendet eine Benachrichtigung, die nichts besagt
admin-send-test = Test senden
admin-telling = Meldungen
admin-telling-on = Was geschieht, wird gemeldet
admin-telling-off = Nichts wird gemeldet; was inzwischen geschieht, wird auch später nicht gemeldet
admin-switch-on = Einschalten
admin-switch-off = Ausschalten
admin-webhook-secret = Signaturgeheimnis
admin-webhook-secret-says = Jede Nachricht wird damit signiert; ein neues signiert einen Tag lang neben dem vorigen
admin-webhook-secret-made = Das Signaturgeheimnis
admin-webhook-secret-lead = Der Empfänger prüft damit jede Nachricht. Es wird jetzt gezeigt und nie wieder.
admin-rotate = Neues Geheimnis erstellen
admin-removal = Entfernen
admin-removal-says = Mit allem, was dorthin unterwegs ist
admin-remove-receiver = Entfernen
admin-confirm-rotate = Neues Signaturgeheimnis für { $name } erstellen?
admin-confirm-rotate-says = Es wird einmal gezeigt. Das vorige signiert noch 24 Stunden daneben und dann nicht mehr.
admin-confirm-receiver = { $name } entfernen?
admin-confirm-receiver-says = Dorthin wird nichts mehr gemeldet, und was unterwegs ist, wird verworfen. Das kann nicht rückgängig gemacht werden.
admin-done-receiver-added = Der Empfänger ist hinzugefügt.
admin-done-receiver-removed = Der Empfänger ist entfernt.
admin-done-tested = Ein Test ist unterwegs. Kommt er nicht an, so steht er bei den Empfängern, mit dem, was schiefging.
admin-done-paused = Dorthin wird nichts mehr gemeldet.
admin-done-active = Dorthin wird wieder gemeldet.
admin-done-retried = Es wird jetzt noch einmal versucht.
admin-fault-url = Geben Sie eine URL ein, die mit https:// beginnt und weder Namen noch Passwort enthält.
admin-fault-mails = Geben Sie E-Mail-Adressen mit Kommas dazwischen ein.
admin-fault-receiver-name = Geben Sie höchstens 128 Zeichen ein.
admin-fault-channel = Wählen Sie Webhook oder E-Mail.
admin-fault-kind = Eines davon kann nicht gemeldet werden.
admin-parked = Was nicht ankam
admin-parked-lead = Diese wurden drei Tage lang versucht und aufgegeben.
admin-nothing-parked = Alles, was zu melden war, ist angekommen oder noch unterwegs.
admin-on-the-way = Unterwegs
admin-to-whom = An
admin-happened = Geschehen
admin-trouble = Was zuletzt schiefging
admin-retry = Erneut versuchen
admin-retry-all = Alle erneut versuchen
admin-notice-test = Ein Test
admin-notice-expiring = Eine Reservierung endet bald
admin-notice-expired = Eine Reservierung ist geendet
admin-notice-renewed = Eine Reservierung wurde verlängert
admin-notice-not-renewed = Eine Verlängerung schlug fehl
admin-notice-payment-failed = Eine Zahlung schlug fehl
admin-notice-request-submitted = Ein Antrag wartet auf Genehmigung
admin-notice-request-approved = Ein Antrag wurde genehmigt
admin-notice-request-rejected = Ein Antrag wurde abgelehnt
admin-notice-request-withdrawn = Ein Antrag wurde zurückgezogen
admin-notice-request-stopped = Ein Antrag wurde angehalten
admin-notice-request-done = Ein Antrag wurde ausgeführt
admin-notice-request-failed = Ein Antrag konnte nicht ausgeführt werden
admin-notice-request-expiring = Ein Antrag verfällt bald
admin-notice-request-expired = Ein Antrag ist verfallen
admin-notice-ticket-opened = Eine Supportanfrage wurde eröffnet
admin-notice-ticket-answered = Eine Supportanfrage wurde beantwortet
admin-notice-ticket-closed = Eine Supportanfrage wurde geschlossen
admin-notice-exception-granted = Eine Ausnahme wurde gewährt

# Importe
admin-held = Was geladen ist
admin-list = Liste
admin-rows = Zeilen
admin-of-it = Davon
admin-dates = Gilt ab
admin-since-between = { $oldest } bis { $newest }
admin-held-prices = Preise in { $currency }
admin-held-ratios = Verhältnisse der Größenflexibilität
admin-held-sizes = Maschinengrößen
admin-held-types = { $count ->
    [one] { $count } Produktart
   *[other] { $count } Produktarten
}
admin-held-groups = { $count ->
    [one] { $count } Gruppe
   *[other] { $count } Gruppen
}
admin-list-retail-prices = Listenpreise (JSON der Retail Prices API)
admin-list-prices = Preise (eigene CSV-Datei)
admin-list-ratios = Verhältnisse der Größenflexibilität (CSV)
admin-list-sizes = Maschinengrößen (CSV)
admin-list-utilization = Auslastung nach Tagen (CSV der täglichen Zusammenfassungen)
admin-usage-tenant = Wessen Auslastung
admin-usage-tenant-hint = Für die Auslastung: die Kennung des Mandanten, der die Reservierungen hält; Ihr eigener, wenn nichts angegeben ist
admin-fault-tenant = Geben Sie die Kennung eines Mandanten ein, oder nichts.
admin-take-in = Liste aufnehmen
admin-take-in-now = Aufnehmen
admin-take-in-says = Alle guten Zeilen werden gemeinsam aufgenommen oder keine. Unbrauchbare Zeilen werden mit ihrer Nummer und dem Grund aufgeführt.
admin-since-day = Verhältnisse gelten ab
admin-since-hint = Für Verhältnisse, die selbst keinen Tag nennen; heute, wenn nichts angegeben ist
admin-strict = Nichts aufnehmen, wenn eine Zeile abgewiesen wird
admin-file = Datei
admin-file-size = Hier höchstens { $size } MiB; größere Dateien werden auf der Befehlszeile aufgenommen.
admin-past = Die letzten Importe
admin-no-past = Hier wurde noch nichts aufgenommen. Was geladen ist, kam mit dem Programm, einem Weltdokument oder über die Befehlszeile.
admin-written = Neu oder geändert
admin-unchanged = Unverändert
admin-rejected = Abgewiesen
admin-import-taken = Aufgenommen
admin-import-partly = Teilweise aufgenommen
admin-import-refused = Zurückgewiesen
admin-import-running = Eine Liste wird gerade aufgenommen.
admin-import-look = Sehen, wie weit es ist
admin-import-rows = { $count ->
    [0] Wird gelesen …
   *[other] { $count } Zeilen gelesen …
}
admin-import-working = Diese Seite bringt sich selbst auf den neuesten Stand. Sie können sie verlassen; die Liste wird dennoch aufgenommen.
admin-look-again = Noch einmal nachsehen
admin-import-all = Jede Zeile wurde aufgenommen
admin-import-some = Die guten Zeilen wurden aufgenommen
admin-import-nothing = Nichts wurde aufgenommen
admin-import-refused-strict = Zeilen wurden abgewiesen, und Sie wollten, dass dann nichts aufgenommen wird.
admin-import-refused-all-rejected = Alle Zeilen wurden abgewiesen.
admin-import-refused-failed = Die Liste konnte nicht geschrieben werden. Den Grund findet der Betreiber im Log. Versuchen Sie es später noch einmal.
admin-rejected-rows = Abgewiesene Zeilen
admin-line = Zeile
admin-field = Feld
admin-reason = Grund
admin-import-more = { $count ->
    [one] { $count } weitere Zeile wurde abgewiesen.
   *[other] { $count } weitere Zeilen wurden abgewiesen.
}
admin-skipped = Übergangen
admin-skipped-says = Gültige Zeilen, die hier nicht gebraucht werden.
admin-back-to-imports = Alle Importe
admin-fault-form = Das Formular konnte nicht gelesen werden. Wählen Sie die Datei noch einmal.
admin-fault-list = Wählen Sie, welche Liste es ist.
admin-fault-day = Geben Sie einen Tag wie 2026-03-01 ein, oder nichts.
admin-fault-no-file = Wählen Sie eine Datei.
admin-fault-file-size = Diese Datei ist hier zu groß. Nehmen Sie sie auf der Befehlszeile auf: prorata prices import, ratios import oder sizes import.
admin-fault-file-broken = Die Datei kam nicht vollständig an oder ist hier zu groß. Wählen Sie sie noch einmal, oder nehmen Sie sie auf der Befehlszeile auf.
admin-fault-other-import = Eine andere Liste wird gerade aufgenommen. Warten Sie, bis sie fertig ist, und wählen Sie die Datei dann noch einmal.

# Aufgaben
admin-jobs-lead = Was von selbst geschieht: Zahlungen, Hinweise und Enden von Aufträgen, genehmigte Anträge, Aufräumen.
admin-jobs-parked = { $count ->
    [0] Keine wurde aufgegeben
    [one] { $count } wurde aufgegeben
   *[other] { $count } wurden aufgegeben
}
admin-jobs-waiting = { $count ->
    [0] Keine wartet
    [one] { $count } wartet
   *[other] { $count } warten
}
admin-no-parked-jobs = Jede Aufgabe lief oder wird von selbst noch einmal versucht.
admin-no-jobs = Nichts wird fällig. Aufgaben entstehen, wenn etwas gekauft oder beantragt wird.
admin-jobs-done-says = Eine erledigte Aufgabe steht nicht mehr hier; was sie tat, steht im Verlauf ihres Auftrags und im Protokoll.
admin-job = Aufgabe
admin-due = Fällig
admin-run-again = Erneut ausführen
admin-job-parked = Aufgegeben
admin-job-running = Läuft
admin-job-due = Fällig
admin-job-waiting = Wartet
admin-job-of-order-due = Was von einem Auftrag fällig wird
admin-job-of-charge-instalment = Eine Zahlung eines Auftrags
admin-job-of-expire-order = Das Ende eines Auftrags
admin-job-of-savings-plan-due = Was von einem Sparplan fällig wird
admin-job-of-request-due = Ein Antrag
admin-job-of-sweep-quotes = Alte Angebote aufräumen
admin-done-job = Die Aufgabe läuft noch einmal.
admin-done-no-job = Sie war nicht mehr aufgegeben; es gab nichts zu tun.

# Aussteller
admin-issuers-lead = OpenID-Anbieter, deren Konten und Token hier angenommen werden. Geändert werden sie vom Betreiber.
admin-no-issuers = Keine: nur Konten dieses Dienstes melden sich an. Der Betreiber fügt einen hinzu mit: prorata issuer add.
admin-issuer-unasked = Noch nicht gefragt
admin-issuer-good = Antwortet
admin-issuer-cached = Antwortete zuletzt nicht
admin-issuer-down = Antwortet nicht
admin-issuer-generic = OpenID Connect
admin-issuer-forms = Aussteller
admin-issuer-id = Name in Links
admin-issuer-shape = Art
admin-issuer-use = Benutzt für
admin-issuer-for-people = Personen am Portal und Token von Programmen
admin-issuer-for-programs = Token von Programmen
admin-issuer-provision = Beim ersten Mal entsteht ein Prinzipal
admin-provision-none = Für niemanden
admin-provision-users = Für Personen
admin-provision-all = Für Personen und Programme
admin-issuer-role = Verlangt die Rolle
admin-issuer-audiences = Token müssen gerichtet sein an
admin-issuer-tenants = Spricht für die Mandanten
