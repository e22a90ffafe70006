# Das Regelwerk, und wie Vorgänge heißen.

policy-title = Regelwerk
policy-lead = Jede Regel, nach der entschieden wird: was sie sagt, seit wann, wo das steht und was sich als Nächstes ändert.
policy-tabs = Regelwerk
policy-tab-rules = Die Regeln
policy-tab-what-if = Was wäre wenn
policy-on = Stand
policy-day-fault = Schreiben Sie den Tag als Jahr-Monat-Tag, etwa 2027-02-01. Gezeigt wird der heutige Stand.
policy-job = Für
policy-job-all = Alles
policy-words = Suche
policy-words-such-as = cap, fee, monthly, 2027 …
policy-show = Anzeigen
policy-as-of = Das sind die Regeln mit Stand vom { $day }.
policy-to-today = Zurück zum heutigen Tag
policy-next = Was sich als Nächstes ändert
policy-next-after = Was nach dem { $day } datiert ist
policy-next-nothing = Nichts ist später als dieser Tag datiert.
policy-turn-begins = Ab diesem Tag:
policy-turn-exchange-right = Der Umtausch endet: Was ab diesem Tag von einem abgedeckten Dienst gekauft wird, lässt sich nicht mehr umtauschen. Jede vorher gekaufte Einheit behält ihren letzten Umtausch.
policy-turn-legacy-sale-stop = Ab diesem Tag werden diese VM-Serien nicht mehr verkauft oder verlängert. Laufende Reservierungen behalten ihren Rabatt bis zum Ende.
policy-found = { $count ->
    [one] { $count } Klausel
   *[other] { $count } Klauseln
}
policy-none = Keine Klausel enthält alle diese Wörter. Versuchen Sie weniger, oder sehen Sie alle an.
policy-all = Alle Klauseln anzeigen
policy-key-holds = gilt
policy-key-past = vorher
policy-key-later = später datiert
policy-key-mark = ein Tag, den die Regel nennt
policy-since = Seit { $day }
policy-from-to = { $from } bis { $to }
policy-always = Die Form einer Anfrage
policy-also = Auch für
policy-structural-long = Zur Form einer Anfrage: ohne Zahlen, also ohne Daten. Das galt schon immer.
policy-others = { $count ->
    [one] { $count } anderer Wert
   *[other] { $count } andere Werte
}
policy-later = später
policy-holds = gilt
policy-never-changed = Nie geändert
policy-read = gelesen am { $day }
policy-band = { $clause }: { $count ->
    [one] { $count } Wert, seit { $days }
   *[other] { $count } Werte, seit { $days }
}; es gilt der vom { $holds }
policy-history = Ihre Daten
policy-decisions = Entscheidungen, die sie geprüft haben
policy-decisions-none = Keine aufgezeichnete Entscheidung, die Sie sehen dürfen, hat diese Klausel geprüft.
policy-looked-through = { $count ->
    [one] Von der letzten Entscheidung, die Sie sehen dürfen
   *[other] Von den letzten { $count } Entscheidungen, die Sie sehen dürfen
}
policy-decision = Entscheidung
policy-when = Wann
policy-outcome = Ergebnis
policy-value-of = Wert seit
policy-outcome-met = Erfüllt
policy-outcome-not-met = Nicht erfüllt
policy-outcome-not-concerned = Nicht betroffen
policy-outcome-warned = Zu beachten
policy-outcome-waived = Durch Supportanfrage ausgesetzt

policy-job-purchase = Kauf
policy-job-refund = Erstattung
policy-job-exchange = Umtausch
policy-job-savings-plan = Sparplan
policy-job-trade-in = Eintausch
policy-job-split = Aufteilung
policy-job-merge = Zusammenführung
policy-job-renewal = Verlängerung
policy-job-payment = Zahlung
policy-job-update = Änderung
policy-job-archive = Archivierung
policy-job-change-directory = Wechsel des Mandanten
policy-job-scope = Bereich
policy-job-drain = Commit-Einheiten
policy-job-partner = Partner
policy-job-waiver = Ausnahmen
policy-job-request = Anträge

operation-purchase = Kauf
operation-refund = Erstattung
operation-exchange = Umtausch
operation-drain = Verbrauch von Commit-Einheiten
operation-instalment = Zahlung
operation-expiry = Ende einer Laufzeit
operation-renewal = Verlängerung
operation-split = Aufteilung
operation-savings-plan-purchase = Kauf eines Sparplans
operation-savings-plan-instalment = Zahlung eines Sparplans
operation-savings-plan-change = Änderung eines Sparplans
operation-savings-plan-expiry = Ende eines Sparplans
operation-trade-in = Eintausch
operation-merge = Zusammenführung
operation-update = Änderung
operation-archive = Archiviert
operation-unarchive = Aus dem Archiv geholt
operation-change-directory = Wechsel des Mandanten
operation-scope = Änderung des Bereichs von außen
operation-waiver = Ausnahme
operation-request = Antrag
