# Die Seiten einer Reservierung.

reservation-menu = Zu dieser Reservierung
reservation-overview = Übersicht
reservation-access = Zugriffssteuerung (IAM)
reservation-configuration = Konfiguration
reservation-properties = Eigenschaften
reservation-history = Verlauf
reservation-payments = Zahlungen
reservation-decisions = Entscheidungen
reservation-support = Neue Supportanfrage

reservation-commands = Befehle
reservation-refund = Erstattung
reservation-exchange = Umtausch
reservation-trade-in = Eintausch
reservation-split = Aufteilen
reservation-merge = Zusammenführen
reservation-rename = Umbenennen
reservation-archive = Archivieren
reservation-unarchive = Aus dem Archiv holen
reservation-ask = Erstattung beantragen
reservation-barred = Zurzeit nicht möglich:
reservation-why = Warum?
reservation-why-ended = Sie ist beendet; es gibt nichts mehr, womit das geschehen könnte.
reservation-why-role = Ihre Rollen erlauben es nicht.
reservation-why-partner = Ihr Partner { $partner } gibt sie für Sie ab. Fragen Sie dort.
reservation-why-no-exchange = Die Einheiten haben kein Recht auf Umtausch mehr.
reservation-why-one-unit = Sie umfasst eine Einheit; aufteilen lassen sich zwei oder mehr.
reservation-why-no-sibling = In ihrem Auftrag gibt es keine andere laufende Reservierung, mit der sie zusammengeführt werden könnte.
reservation-why-live = Sie läuft. Nur was beendet ist, kann aus dem Blick genommen werden.

reservation-done-renamed = Sie hat ihren neuen Namen.
reservation-done-archived = Sie ist archiviert. In Listen, die Archiviertes zeigen, bleibt sie zu sehen.
reservation-done-unarchived = Sie ist wieder zu sehen.
reservation-done-split = Sie wurde aufgeteilt. Ihre Teile stehen unten.
reservation-done-merged = Dazu wurden die Reservierungen zusammengeführt.
reservation-done-saved = Die Änderung ist gespeichert.
reservation-moved = Jemand hat diese Reservierung geändert, nachdem das Formular gezeigt wurde; es ist nichts geschehen. Sehen Sie sie sich an, wie sie jetzt ist, und senden Sie das Formular erneut.
reservation-leave = So lassen
reservation-on = Ein
reservation-off = Aus
reservation-empty = keine Angabe
reservation-archived = Archiviert
reservation-essentials = Das Wesentliche

reservation-ends = Läuft ab
reservation-ends-in = { $day } ({ $left })
reservation-scope = Bereich
reservation-renewal = Verlängerung
reservation-product = Produkt
reservation-sku = SKU
reservation-region = Region
reservation-quantity = Menge
reservation-term = Laufzeit
reservation-plan = Zahlungsweise
reservation-unit-price = Preis einer Einheit für die Laufzeit
reservation-price = Preis für die Laufzeit
reservation-began = Vorteil seit
reservation-name = Name
reservation-id = Kennung der Reservierung
reservation-order-id = Kennung des Auftrags
reservation-order-name = Name des Auftrags
reservation-resource-id = Ressourcen-ID
reservation-resource-type = Ressourcentyp
reservation-first-ordered = Zuerst bestellte Menge
reservation-flexibility = Größenflexibilität
reservation-payer = Zahlendes Abonnement
reservation-account = Abrechnungskonto
reservation-profile = Abrechnungsprofil
reservation-agreement = Vertrag
reservation-payment = Zahlungsmittel
reservation-currency = Währung
reservation-buyer = Gekauft von
reservation-acquired = Wie sie erworben wurde
reservation-bought = Gekauft
reservation-changed = Zuletzt geändert
reservation-revision = Fassung
reservation-group-identity = Identität
reservation-group-product = Was reserviert ist
reservation-group-billing = Wer zahlt
reservation-group-life = Ihr Verlauf

reservation-new-name = Neuer Name
reservation-name-hint = Was in Listen zu lesen ist. Programme kennen sie an ihren Kennungen, und die bleiben.
reservation-name-empty = Geben Sie einen Namen ein.
reservation-name-long = Der Name ist länger als { $count } Zeichen.
reservation-name-plain = Lassen Sie Tabulatoren, Zeilenumbrüche und Zeichen weg, die die Zeile umdrehen.
reservation-archive-says = Sie ist beendet und wird aus den Listen genommen. Nichts geht verloren: Verlauf, Zahlungen und Entscheidungen bleiben, und Sie können sie jederzeit zurückholen.
reservation-unarchive-says = Sie ist wieder in den Listen zu sehen.

no-benefit-subscription-deleted = Von dieser Reservierung hat nichts einen Vorteil: Das Abonnement, für das sie gilt, wurde gelöscht. Geben Sie ihr einen anderen Bereich, oder teilen Sie sie.
no-benefit-subscription-moved = Von dieser Reservierung hat nichts einen Vorteil: Für ihr Abonnement zahlt ein anderes Konto. Geben Sie ihr einen anderen Bereich, oder teilen Sie sie.
no-benefit-resource-group-missing = Von dieser Reservierung hat nichts einen Vorteil: Ihre Ressourcengruppe gibt es nicht mehr. Geben Sie ihr einen anderen Bereich, etwa das ganze Abonnement.
no-benefit-management-group-missing = Von dieser Reservierung hat nichts einen Vorteil: Ihre Verwaltungsgruppe ist nicht in diesem Mandanten. Geben Sie ihr einen anderen Bereich, oder teilen Sie sie.

relations = Woher sie kam und was aus ihr wurde
relation-source = Sie kam aus
relation-merged-from = Sie wurde zusammengeführt aus
relation-renewed = Sie wurde verlängert als
relation-rest = Die behaltenen Einheiten bestehen fort in
relation-split = Sie wurde aufgeteilt in
relation-merged = Sie ging auf in
relation-swapped = Sie lebt als ihr Gegenstück mit oder ohne Premium-Speicher fort in

prospects = Was jede Einheit noch kann
prospect-yes = Ja
prospect-limited = Mit Grenzen
prospect-no = Nein
prospect-open = Offen
prospect-unseen = Nur wer den Auftrag sehen darf, sieht, was es einbrächte.
prospect-charging = Gerade wird eine Zahlung des Auftrags ausgeführt. Sehen Sie gleich noch einmal nach.
prospect-return = Gegen Geld zurückgeben
prospect-return-yes = { $count ->
    [one] Ihre Einheit brächte heute { $payout }
   *[other] Alle { $units } brächten heute { $payout }
}
prospect-return-fewer = Nicht alle Einheiten auf einmal
prospect-return-no = Zurzeit keine Rückgabe
prospect-return-one = Eine Einheit allein brächte { $amount }.
prospect-return-fee = Eine Gebühr von { $amount } wird einbehalten.
prospect-return-cancelled = Künftige Zahlungen von { $amount } entfielen.
prospect-return-goes = Das Geld geht { $where }.
prospect-return-cap = Auf die Obergrenze werden { $counted } angerechnet; von { $cap } blieben { $left }.
prospect-return-way = Angebot ansehen
prospect-exchange = Umtauschen
prospect-exchange-type = Diese Art von Produkt kann nicht umgetauscht werden.
prospect-exchange-free = Umtausch möglich, so oft Sie möchten
prospect-exchange-last = { $count ->
    [one] Ein letzter Umtausch je Einheit
   *[other] { $count } letzte Umtausche je Einheit
}
prospect-exchange-bought-after = Kein Umtausch: Sie wurde gekauft, als der Umtausch für ihren Dienst schon beendet war
prospect-exchange-used = Kein Umtausch: Die Einheiten hatten ihren letzten
prospect-exchange-nothing = Für ihren Dienst gibt es keinen Umtausch mehr
prospect-exchange-way = Umtausch beginnen
prospect-span-free = Bis { $until } (ab { $from }): so oft Sie möchten.
prospect-span-last = { $count ->
    [one] Von { $from } bis { $until }: ein letzter Umtausch je Einheit.
   *[other] Von { $from } bis { $until }: { $count } letzte Umtausche je Einheit.
}
prospect-span-none = Von { $from } bis { $until }: keiner.
prospect-trade-in = In einen Sparplan eintauschen
prospect-trade-in-no = Diese Art von Produkt kann nicht in einen Sparplan eingetauscht werden.
prospect-trade-in-yes = Kann { $kinds } werden
prospect-plan-compute = ein Sparplan für Rechenleistung
prospect-plan-database = ein Sparplan für Datenbanken
prospect-trade-in-worth = Der Plan muss zu mindestens { $amount } verpflichten: was zurückkommt und was nie gezahlt wird.
prospect-trade-in-cap = Die Obergrenze für Erstattungen bleibt unberührt.
prospect-trade-in-way = Pläne vergleichen
prospect-renewal = Verlängerung
prospect-renewal-off = Endet am { $day } und wird nicht verlängert
prospect-renewal-off-then = Danach wird die Nutzung zu nutzungsbasierten Preisen berechnet.
prospect-renewal-on = Wird am { $day } verlängert
prospect-renewal-way = Verlängerung ändern
prospect-renewal-buys = Gekauft würden { $units } von { $sku } für { $term }, { $paid }.
prospect-renewal-price = Das sind { $amount } zum heutigen Preis.
prospect-renewal-locked-price = Das sind { $amount } zum festgehaltenen Preis.
prospect-renewal-locks = Der Preis wird am { $day } festgehalten.
prospect-renewal-locked = Der Preis wurde am { $day } festgehalten.
prospect-renewal-trap = Was die Verlängerung kauft, kann nicht mehr umgetauscht werden. Um das Recht zu behalten, tauschen Sie bis { $day } um, oder schalten Sie die Verlängerung aus.
prospect-clause = Alle Daten dieser Klausel
in-force-since = in Kraft seit

usage = Auslastung
usage-spans = Über wie viele Tage
usage-span = { $count ->
    [one] Letzter Tag
   *[other] Letzte { $count } Tage
}
usage-percent = { $number } %
usage-chart = { $count ->
    [one] Auslastung am letzten Tag mit Werten
   *[other] Auslastung an jedem der letzten { $count } Tage
}
usage-plan-chart = { $count ->
    [one] Verbrauchte Commit-Einheiten in jeder der letzten 24 Stunden
   *[other] Verbrauchte Commit-Einheiten an jedem der letzten { $count } Tage
}
usage-day = Tag (UTC)
usage-hour = Stunde (UTC)
usage-hours-used = Genutzte Stunden
usage-hours-reserved = Reservierte Stunden
usage-unknown = kein Wert
usage-covered = Aus dem Plan bezahlt
usage-overage = Über den Plan hinaus
usage-bought = Gekaufte Commit-Einheiten
usage-used = Verbraucht
usage-left = Übrig
usage-trend-up = Mehr als in der Woche davor.
usage-trend-down = Weniger als in der Woche davor.
usage-trend-same = Etwa wie in der Woche davor.
usage-up-to = Werte bis { $day }.
usage-stale = Das ist { $count } Tage her: Neuere wurden nicht geladen.
usage-none = Zu dieser Reservierung wurde keine Nutzung geladen; deshalb lässt sich hier nicht sagen, wie viel von ihr genutzt wird.
usage-none-how = Prorata misst die Nutzung nicht selbst. Laden Sie die täglichen Nutzungsübersichten des Anbieters mit „prorata utilization import“ und ihrer CSV-Datei, oder mit einem Weltdokument wie diesem:
usage-example = ein Weltdokument mit einem Wert
usage-plan-none = Von diesem Plan wurde noch nichts verbraucht.
usage-plan-how = Nutzung wird aus dem Plan bezahlt, wenn sie an „/prorata/reservations/…/usage“ der API gesendet wird.

chart-zoom-in = Vergrößern
chart-zoom-out = Verkleinern
chart-how = Zeigen Sie auf einen Balken, oder lesen Sie ihn mit den Pfeiltasten ab.
chart-table = Dasselbe als Tabelle

history-revision = Fassung
history-by-desk = Prorata, nach dem Kalender
history-by-unknown = nicht aufgezeichnet
history-proof = Nachweis
history-nothing = Von dem, was hier steht, wurde nichts geändert.
history-older = Ältere
history-newest = Neueste
history-state = Zustand
history-renew-as = Verlängert als
history-archived = Archiviert
history-yes = Ja
history-no = Nein
history-the-same = wieder dasselbe
history-benefit = Vorteil
history-benefits = in Nutzung

decision-kind-purchase = Kauf
decision-kind-refund = Erstattung
decision-kind-exchange = Umtausch
decision-kind-exchange-purchase = Kauf bei einem Umtausch
decision-kind-exchange-return = Rückgabe bei einem Umtausch
decision-kind-trade-in-return = Rückgabe bei einem Eintausch
decision-kind-drain = Nutzung aus dem Plan bezahlt
decision-kind-instalment = Zahlung
decision-kind-expiry = Ende der Laufzeit
decision-kind-renewal = Verlängerung
decision-kind-split = Aufteilung
decision-kind-merge = Zusammenführung
decision-kind-trade-in = Eintausch
decision-kind-update = Änderung
decision-kind-archive = Archiviert
decision-kind-unarchive = Aus dem Archiv geholt
decision-kind-change-directory = Umzug in einen anderen Mandanten
decision-kind-scope = Bereich folgte einer Änderung des Verzeichnisses
decision-kind-waiver = Ausnahme gewährt
decision-kind-unknown = Änderung

decisions-lead = Jede Entscheidung, die diese Reservierung zu dem gemacht hat, was sie ist, die neueste zuerst. Zu jeder ist aufbewahrt, was geprüft wurde; so lässt sie sich nachprüfen.
decisions-none = Es ist keine Entscheidung aufgezeichnet.
decision-what = Entscheidung
decision-at = Wann
decision-by = Von
decision-verdict = Ergebnis
decision-approved = Genehmigt
decision-refused = Abgelehnt
decision-proof = Nachweis
decision-see = Nachweis ansehen
decision-operation = Kennung des Vorgangs
decision-client = Client
decision-partner = Im Namen des Partners
decision-counted = Auf die Obergrenze angerechnet
decision-correlation = Korrelationskennung
decision-policy = Regelbuch
decision-policy-same = das zurzeit verwendete
decision-policy-other = ein früheres; Daten und Quellen sind die der Entscheidung
decision-no-proof = Hier wurde nichts entschieden: Es folgt aus dem, was vorher vereinbart war.

payments-of-the-order = Zahlungen gehören zum Auftrag mit allen seinen Reservierungen.
payments-currency = Alle Beträge in
payments-sums = Summen
payments-paid = Bisher gezahlt
payments-returned = Zurückgezahlt
payments-to-come = Noch zu zahlen
payments-next = Nächste Zahlung
payments-overdue = Überfällig
payments-schedule = Zahlungsplan
payments-number = Nr.
payments-due = Fällig
payments-amount = Betrag
payments-state = Zustand
payment-paid = Gezahlt
payment-refused = Abgewiesen
payment-scheduled = Geplant
payment-never = Entfällt
payments-ledger = Buchungen
payments-ledger-lead = Doppelte Buchführung: In jeder Buchung sind Soll und Haben gleich.
payments-no-entries = Es ist nichts gebucht: Noch wurde nichts gezahlt.
payments-at = Buchung
payments-account = Konto
payments-debit = Soll
payments-credit = Haben
payments-unseen = Die Zahlungen gehören zum Auftrag, den Ihre Rollen Sie nicht sehen lassen.
account-prepaid = Gezahlt und noch nicht verbraucht
account-used = Verbraucht
account-other-prepaid = Gezahlt und noch nicht verbraucht, eines anderen Auftrags
account-other-used = Verbraucht, eines anderen Auftrags
account-fee = Gebühren für Rückgaben
account-payer = Zahler: { $means }
account-means-prepayment = Vorauszahlung des Vertrags
account-means-overage = Überschreitungsrechnung
account-means-wire = Überweisung
account-means-card = Karte
account-means-invoice = Rechnung
account-means-credit-90-days = befristetes Guthaben
account-means-credit-note = Gutschrift
account-means-credit-memo = Gutschrift mit neuer Berechnung
account-means-reopened-invoice = wieder geöffnete Rechnungen
account-means-next-invoice = Rechnung des nächsten Monats
account-means-future-purchase = Guthaben für einen künftigen Kauf

split-lead = Jeder Teil wird eine Reservierung desselben Auftrags. Nichts wird gezahlt, und kein Recht geht verloren.
split-parts = Einheiten jedes Teils
split-held = gehalten; die Teile zusammen müssen ebenso viele sein.
split-part = Teil
split-show = Zeigen, was daraus wird
split-more = Teil hinzufügen
split-refused = So kann sie nicht aufgeteilt werden
split-becomes = Daraus wird
split-button = { $count ->
    [one] In { $count } Reservierung aufteilen
   *[other] In { $count } Reservierungen aufteilen
}
split-note-end = Jeder Teil endet am { $day }, wie das Ganze.
split-note-same = Jeder Teil behält Kaufdatum, Recht auf Umtausch, Bereich und Namen.
split-note-roles = Wer eine Rolle auf dieser Reservierung hat, hat sie auf jedem Teil.
split-note-renewal = Ihre Verlängerung wird ausgeschaltet; schalten Sie sie dort wieder ein, wo Sie sie wünschen.
split-repair = In { $parts } aufteilen
split-unread = Geben Sie ganze Zahlen von Einheiten ein.
merge-lead = Reservierungen desselben Auftrags werden zu einer mit allen ihren Einheiten. Was sich unterscheidet, muss vorher angeglichen werden.
merge-siblings = Andere laufende Reservierungen des Auftrags
merge-with = Zusammenführen mit
merge-unlike = anders
merge-choose = Wählen Sie mindestens eine, mit der sie zusammengeführt wird.
merge-refused = Diese können nicht zusammengeführt werden
merge-becomes = { $count ->
    [one] Aus { $count } Reservierung wird { $name } mit { $units }
   *[other] Aus { $count } Reservierungen wird { $name } mit { $units }
}
merge-note-first = Name und Einstellungen sind die dieser Reservierung; Kaufdatum und Rechte sind bei allen gleich.
merge-note-roles = Wer auf jeder von ihnen eine Rolle hat, hat sie auf dem, was sie werden.
merge-note-renewal = Eine Verlängerung, die eingeschaltet war, wird ausgeschaltet.
merge-button = Zusammenführen

configuration-now = Wie sie eingestellt ist
configuration-ended = Sie ist beendet; es lässt sich nichts mehr einstellen.
configuration-role = Ihre Rollen lassen Sie sehen, wie sie eingestellt ist, aber nichts ändern.
configuration-scope-hint = Wo der Rabatt wirkt. Ihn zu ändern kostet nichts.
configuration-choose = Bitte wählen
configuration-scope-choose = Wählen Sie, wofür sie gelten soll.
configuration-no-resource-groups = Es gibt keine Ressourcengruppe, die Sie sehen dürfen.
configuration-no-management-groups = Es gibt keine Verwaltungsgruppe, die Sie sehen dürfen.
configuration-flexibility-hint = Ein: Sie hilft auch anderen Größen derselben Gruppe nach deren Verhältnis. Aus: nur dieser Größe.
configuration-renewal-hint = Was am Ende der Laufzeit geschieht.
configuration-renewal-role = Über die Verlängerung bestimmt ein Besitzer, dem auch das zahlende Abonnement gehört.
configuration-renewal-if = Wäre sie eingeschaltet:
configuration-renewal-would-trap = Was eine Verlängerung kaufte, könnte nicht mehr umgetauscht werden.
configuration-renewal-refused = Heute könnte sie nicht gekauft werden:
configuration-show = Wirkung zeigen
configuration-to-review = Änderung prüfen
configuration-review = Änderung prüfen
configuration-refused = Das lässt sich nicht einstellen
configuration-effect = Was die Änderung bewirkt
configuration-available = Verfügbar
configuration-available-says = Den Bereich gibt es, und dasselbe Konto zahlt für ihn.
configuration-unavailable = Nicht verfügbar
configuration-loses = Verliert den Rabatt
configuration-gains = Gewinnt ihn
configuration-helps = Kann ihn danach nutzen
configuration-nobody = kein Abonnement, das Sie sehen dürfen
configuration-note-shared = Auch Abonnements des Kontos, die Sie nicht sehen dürfen, können ihn nutzen. Rabatte gehen dorthin, wo sie passen, der engste Bereich zuerst.
configuration-note-narrow = { $count ->
    [one] Was nicht in diesem Abonnement läuft, wird voll berechnet, auch wenn Einheiten ungenutzt bleiben.
   *[other] Was nicht in diesen { $count } Abonnements läuft, wird voll berechnet, auch wenn Einheiten ungenutzt bleiben.
}
configuration-note-flexible = Auch anderen Größen derselben Gruppe wird geholfen; so bleiben weniger Einheiten ungenutzt.
configuration-note-rigid = Ab jetzt wird nur dieser Größe geholfen; andere Größen der Gruppe werden voll berechnet.
configuration-note-renews = Am Ende der Laufzeit wird dasselbe erneut gekauft und berechnet.
configuration-note-ends = Am Ende der Laufzeit endet sie, und Nutzung wird zu nutzungsbasierten Preisen berechnet.
configuration-note-undo = Es wirkt sofort, kostet nichts und lässt sich zurückändern.
configuration-save = Änderung speichern
configuration-unchanged = Nichts unterscheidet sich von dem, wie sie eingestellt ist.
configuration-nothing = Es wurde nichts ausgefüllt, das sich ändern ließe.
