# Die Liste der Reservierungen.

reservations-lead = { $count ->
    [one] { $count } Reservierung
   *[other] { $count } Reservierungen
}
reservations-lead-of-customers = { $count ->
    [one] { $count } Reservierung
   *[other] { $count } Reservierungen
} von { $customers } Kunden
reservations-which = Welche Reservierungen
reservations-show-active = Aktiv
reservations-show-expiring = Laufen bald ab
reservations-show-no-benefit = Ohne Nutzen
reservations-show-ended = Beendet
reservations-show-archived = Archiviert
reservations-show-all = Alle
reservations-state-no-benefit = Ohne Nutzen
reservations-state-expiring = Läuft ab

reservations-none-seen = Sie sehen noch keine Reservierungen. Hier erscheinen die, die Sie kaufen, und die anderer, sobald Sie eine Rolle an deren Aufträgen haben.
reservations-none-chosen = Keine Reservierung erfüllt alles, wonach gefragt wurde. Nehmen Sie einen Filter weg, oder suchen Sie unter allen.
reservations-none-active = Sie sehen keine aktive Reservierung.
reservations-none-expiring = Keine aktive Reservierung, die Sie sehen, läuft demnächst ab.
reservations-none-no-benefit = Jede aktive Reservierung, die Sie sehen, wird genutzt.
reservations-none-ended = Keine Reservierung, die Sie sehen, wurde zurückgegeben, umgetauscht oder beendet.
reservations-none-archived = Nichts, was Sie sehen, ist im Archiv. Beendete Reservierungen lassen sich dort ablegen.
reservations-none-all = Sie sehen keine Reservierungen.

reservations-filter = Filtern
reservations-filter-text = Suchen
reservations-filter-text-hint = Name, ID oder SKU
reservations-filter-customer = Kunde
reservations-filter-customer-hint = Teil des Namens
reservations-filter-type = Produktart
reservations-filter-region = Region
reservations-filter-term = Laufzeit
reservations-filter-scope = Bereich
reservations-filter-renew = Verlängerung
reservations-filter-within = Läuft ab
reservations-any = Beliebig
reservations-within-days = { $count ->
    [one] innerhalb von { $count } Tag
   *[other] innerhalb von { $count } Tagen
}
reservations-renewal-on = Verlängert sich selbst
reservations-renewal-off = Verlängert sich nicht
reservations-apply = Anwenden
reservations-clear = Filter aufheben
reservations-group = Nach Kunden gruppieren
reservations-ungroup = Eine Liste für alle Kunden
reservations-of-group = { $count ->
    [one] { $count } Reservierung
   *[other] { $count } Reservierungen
}

reservations-table = Reservierungen
reservations-sort-by = Sortieren nach
reservations-choose = { $name } auswählen
reservations-choose-all = Alle auf dieser Seite auswählen
reservations-column-name = Name
reservations-column-customer = Kunde
reservations-column-status = Status
reservations-column-quantity = Menge
reservations-column-expires = Läuft ab
reservations-column-scope = Bereich
reservations-column-term = Laufzeit
reservations-column-product = Art
reservations-column-region = Region
reservations-column-renewal = Verlängerung
reservations-on = Ein
reservations-off = Aus

reservations-pages = Seiten
reservations-first-page = Erste Seite
reservations-previous-page = Vorige Seite
reservations-next-page = Nächste Seite

reservations-download = Als CSV herunterladen
reservations-column-utilization = Genutzt, 7 Tage
reservations-filter-under = Genutzt, 7 Tage
reservations-under-percent = unter { $percent } %
reservations-percent = { $number } %
reservations-used-until = In den 7 Tagen bis { $day }
reservations-no-figures = Es wurden noch keine Zahlen zur Auslastung geladen. Sie kommen mit dem Weltdokument oder aus der CSV-Datei der täglichen Nutzung: prorata utilization import.
reservations-with-chosen = Ausgewählt:
reservations-deed-exchange = Umtauschen
reservations-deed-renew-on = Verlängerung einschalten
reservations-deed-renew-off = Verlängerung ausschalten
reservations-deed-archive = Archivieren

# Die Köpfe der Spalten der Datei.
reservations-file-name = Name
reservations-file-customer = Kunde
reservations-file-customer-id = Mandanten-ID
reservations-file-status = Status
reservations-file-used-1 = Auslastung über 1 Tag (%)
reservations-file-used-7 = Auslastung über 7 Tage (%)
reservations-file-used-30 = Auslastung über 30 Tage (%)
reservations-file-quantity = Menge
reservations-file-expires = Läuft ab
reservations-file-scope = Bereich
reservations-file-scope-id = Bereichs-ID
reservations-file-term = Laufzeit
reservations-file-plan = Zahlungsweise
reservations-file-product = Produktart
reservations-file-sku = SKU
reservations-file-region = Region
reservations-file-renewal = Verlängerung
reservations-file-reservation-id = Reservierungs-ID
reservations-file-order-id = Auftrags-ID
reservations-file-account = Abrechnungskonto

# Ansichten, die man behält.
views-yours = Ihre Ansichten
views-keep = Diese Ansicht speichern
views-name = Name der Ansicht
views-name-hint = Behält die Filter und die Sortierung, wie sie jetzt sind. Ein Name, den Sie schon vergeben haben, bekommt diese.
views-keep-button = Speichern
views-forget-button = Vergessen
views-forget = { $name } vergessen
views-name-fault = Geben Sie ihr einen Namen mit 1 bis { $count } Zeichen.
views-too-many = Sie haben so viele Ansichten gespeichert, wie möglich sind. Vergessen Sie zuerst eine.

# Mehrere Reservierungen auf einmal.
several-rows = Die ausgewählten Reservierungen
several-column-name = Reservierung
several-column-outcome = Ergebnis
several-column-what = Was geschieht
several-none = Es wurde nichts ausgewählt. Gehen Sie zur Liste zurück, und wählen Sie die Reservierungen aus, um die es geht.
several-not-confirmed = Setzen Sie hier ein Häkchen, um es zu bestätigen.
several-leave = Alles lassen, wie es ist
several-back = Zurück zu den Reservierungen
several-elsewhere = Was einem Kunden gehört, geschieht in dessen Mandanten. Dort geht es weiter:
several-elsewhere-button = { $count ->
    [one] Weiter mit { $count } von { $customer }
   *[other] Weiter mit { $count } von { $customer }
}
several-done = { $count } von { $all } sind, wie Sie es wollten.
several-changed-meanwhile = Es wurde nicht getan. Versuchen Sie es auf der Seite der Reservierung, die den Grund nennt.
several-badge-will = Wird getan
several-badge-already = Schon so
several-badge-done = Getan
several-badge-not = Geht nicht
several-exchange-title = Mehrere Reservierungen umtauschen
several-exchange-lead = Sie werden zusammen gegen andere abgegeben.
several-exchange-button = Umtauschen
several-exchange-done = Umgetauscht.
several-exchange-what = Wird abgegeben.
several-exchange-confirm = { $count ->
    [one] { $count } Reservierung umtauschen
   *[other] { $count } Reservierungen umtauschen
}
several-renew-on-title = Verlängerung einschalten
several-renew-on-lead = Am Ende der Laufzeit wird jede für eine weitere gekauft, zu einem Preis, der einige Tage vorher festgeschrieben wird. Bis dahin wird nichts bezahlt.
several-renew-on-what = Läuft am { $day } ab und wird an diesem Tag neu gekauft.
several-renew-on-done = Sie verlängert sich selbst.
several-renew-on-button = Verlängerung einschalten
several-renew-on-confirm = { $count ->
    [one] { $count } Reservierung sich selbst verlängern lassen
   *[other] { $count } Reservierungen sich selbst verlängern lassen
}
several-renew-off-title = Verlängerung ausschalten
several-renew-off-lead = Jede endet mit ihrer Laufzeit. Ab dann wird die Nutzung zum üblichen Preis berechnet.
several-renew-off-what = Läuft am { $day } ab und wird nicht neu gekauft.
several-renew-off-done = Sie verlängert sich nicht.
several-renew-off-button = Verlängerung ausschalten
several-renew-off-confirm = { $count ->
    [one] { $count } Reservierung mit ihrer Laufzeit enden lassen
   *[other] { $count } Reservierungen mit ihrer Laufzeit enden lassen
}
several-archive-title = Mehrere Reservierungen archivieren
several-archive-lead = Was vorbei ist, kommt aus dem Blick. Es bleibt verzeichnet, steht unter Archiviert und lässt sich wieder herausnehmen.
several-archive-what = Kommt aus dem Blick.
several-archive-done = Sie ist im Archiv.
several-archive-button = Archivieren
several-archive-confirm = { $count ->
    [one] { $count } Reservierung archivieren
   *[other] { $count } Reservierungen archivieren
}
