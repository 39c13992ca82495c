### Everything that Innspill says in bokmål. A text that another language lacks is said in this one.
###
### Every text may use $municipality, $contact, $privacy_url, $web_url and $channel (telegram, web or terminal).
### $kind is `person` or `organisation`. Spaces inside numbers and in "kl. 14.05" are no-break spaces (U+00A0).

language-name = Bokmål
pattern-instant = EEEE d. MMMM y 'kl.' HH.mm
pattern-day = EEEE d. MMMM y
pattern-deadline = EEEE d. MMMM y 'kl.' HH.mm
progress = { $n } av { $total }.
count-parts = { $part_count ->
    [one] { $part_count } del
   *[other] { $part_count } deler
}
count-characters = { $char_count ->
    [one] { $char_count } tegn
   *[other] { $char_count } tegn
}
time-left = { COUNTDOWN($days) ->
    [-1] fristen er ute
    [0] siste dag
    [one] { $days } dag igjen
   *[other] { $days } dager igjen
}

## Start

welcome =
    Velkommen. Her kan du svare på høringer fra { $municipality }.
    { welcome-public }
welcome-case =
    Velkommen. Her svarer du på «{ $case_title }» fra { $municipality }.
    Frist: { $closes_at } ({ $time_left }).
    { welcome-public }
welcome-public =
    Svaret blir offentlig, med navnet ditt. Adresse, e-post og telefon viser vi ikke offentlig.
    Det er omtrent { $step_count } korte steg, og du kan endre alt før du sender. Velg «Tilbake», «Hjelp» eller «Avbryt» når du vil.
    Les mer om personvern: { $privacy_url }
welcome-none-open = { $municipality } har ingen åpne høringer akkurat nå. Kom gjerne tilbake senere.
link-unknown = Vi finner ikke saken i lenken. Du kan velge sak senere.
link-closed = Kommunen tar ikke lenger imot svar på «{ $case_title }».
link-not-open = Høringen om «{ $case_title }» åpner { $opens_at }.
link-beside-draft = Utkastet ditt gjelder «{ $case_title }». Du kan endre sak før du sender inn.
draft-found =
    Velkommen tilbake. Du har et utkast fra { $saved_at }, på steg { $n } av { $total }.
    Vil du fortsette? «Start på nytt» sletter utkastet.
draft-expired =
    Utkastet er slettet fordi det har ligget urørt i 30 dager.
    { $channel ->
        [web] Velg «Nytt høringssvar» for å begynne på nytt.
       *[other] Skriv /start for å begynne på nytt.
    }

## Type of respondent

type-ask =
    Hvem svarer du for?
    Velg «Organisasjon i Enhetsregisteret» hvis laget, foreningen eller bedriften har organisasjonsnummer.
choose-again = { $channel ->
    [web] Vi kjente ikke igjen svaret. Velg ett av alternativene.
   *[other] Vi kjente ikke igjen svaret. Velg ett av alternativene, eller skriv det.
}
choose-example = Eksempel: { $first_choice }

## Organisation

org-number-ask =
    Hva er organisasjonsnummeret deres? Det har 9 sifre.
    Du kan også skrive en del av navnet, så leter vi.
org-number-example = Eksempel: 974 760 673
org-number-short = { $count ->
    [one] Nummeret har { $count } siffer, men skal ha 9. Se om noe mangler, og skriv det på nytt.
   *[other] Nummeret har { $count } sifre, men skal ha 9. Se om noe mangler, og skriv det på nytt.
}
org-number-long = Nummeret har { $count } sifre, men skal ha 9. Se om noe er kommet med to ganger, og skriv det på nytt.
org-number-eight = Nummeret har 8 sifre, som et telefonnummer. Et organisasjonsnummer har 9. Skriv det på nytt.
org-number-letters = Vi fant tegn som ikke er sifre. Skriv bare de 9 sifrene.
org-number-check =
    Vi får ikke nummeret til å stemme: { $org_number }. Kanskje har to sifre byttet plass.
    Se på et brev eller en faktura, og skriv det på nytt.
org-number-stuck = Finner du ikke nummeret? Velg «Fortsett uten organisasjonsnummer».
looking-up = Vi slår opp { $org_number } i Enhetsregisteret. Det tar noen sekunder.
still-looking = Vi venter fortsatt på Enhetsregisteret.
already-looking = Vi slår allerede opp nummeret i Enhetsregisteret. Det tar noen sekunder.
org-card =
    Dette står i Enhetsregisteret:
    { $org_name }, { $org_form }
    { $address }
    Stemmer det?
org-card-no-address =
    Dette står i Enhetsregisteret:
    { $org_name }, { $org_form }
    Stemmer det?
org-card-no = Da prøver vi et annet nummer.
register-no-answer =
    Enhetsregisteret svarer ikke akkurat nå. Det betyr ikke at nummeret er feil.
    Vi går videre uten å slå det opp.
register-unknown =
    Vi finner ikke { $org_number } i Enhetsregisteret. Skriv nummeret på nytt hvis noe er feil.
    Hvis det er riktig, kan dere svare uten nummeret.
register-deleted =
    { $org_name } ble slettet fra Enhetsregisteret { $date }.
    Skriv det nye nummeret hvis dere har et. Ellers kan dere svare uten.
register-deleted-renamed =
    { $org_name } (før { $old_names }) ble slettet fra Enhetsregisteret { $date }.
    Skriv det nye nummeret hvis dere har et. Ellers kan dere svare uten.
register-removed =
    Enhetsregisteret viser ikke lenger opplysninger om { $org_number }.
    Skriv et annet nummer hvis dere har et. Ellers kan dere svare uten.
card-address-doubtful = Enhetsregisteret er ikke sikker på adressen, så vi spør om den etterpå.
card-note = Enhetsregisteret viser at organisasjonen er { $state }. Dere kan svare likevel.
state-bankrupt = konkurs
state-dissolving = under avvikling
state-compulsory = under tvangsavvikling
sub-entity =
    Nummeret tilhører { $sub_name }, som er en del av { $main_name }.
    Hvem svarer du for?
org-name-ask = Hva heter organisasjonen? Skriv hele navnet.
org-name-example = Eksempel: Eksempelveien velforening
org-name-empty = Vi trenger et navn med bokstaver.
search-hits = { $count ->
    [one] Vi fant { $count } organisasjon. Er det denne?
   *[other] Vi fant { $count } organisasjoner. Hvilken er det?
}
search-line = { $org_name }, { $place }. { $org_form }
searching = Vi leter etter «{ $query }» i Enhetsregisteret. Det tar noen sekunder.
search-no-answer =
    Enhetsregisteret svarer ikke akkurat nå, så vi kan ikke lete etter navn.
    Skriv de 9 sifrene, eller prøv igjen.
search-none =
    Vi fant ingen organisasjon med «{ $query }» i navnet.
    Skriv en annen del av navnet, eller de 9 sifrene.

## Address

address-ask = { $kind ->
    [organisation] Hva er postadressen til { $org_name }?
   *[person] Hva er adressen din? Vi viser den ikke offentlig, og du kan hoppe over.
}
address-example = Eksempel: Eksempelveien 12
address-empty = Vi trenger gate og nummer, postboks eller gårdsnavn.
address-split =
    Adresse: { $address }
    Postnummer og poststed: { $postal_code } { $postal_town }
    Stemmer det?
postal-ask = Hva er postnummer og poststed?
postal-example = Eksempel: 1385 Asker
postal-empty = Vi trenger postnummer og poststed.
postal-invalid = Et norsk postnummer har 4 sifre. Skriv det sammen med poststedet.
town-ask = Hvilket poststed hører til postnummer { $postal_code }?
town-example = Eksempel: Asker
town-letters = Poststedet har bare bokstaver. Skriv det på nytt.
foreign-ask = Skriv postnummer, sted og land.
foreign-example = Eksempel: 8700 Horsens, Danmark
foreign-country = Vi fant ikke noe land. Skriv landet til slutt, etter et komma.
postal-mismatch =
    { $postal_code } hører til { $register_town }. Skal det være { $postal_code } { $register_town }?
    «Nei» beholder det du skrev.
postal-unknown = Vi kjenner ikke postnummeret { $postal_code }. Er det riktig?

## E-mail

email-ask =
    Hvilken e-postadresse kan kommunen nå deg på? Vi viser den ikke offentlig.
    Du kan hoppe over og oppgi telefonnummer i stedet.
email-example = Eksempel: kari.nordmann@example.no
email-at = Adressen mangler @. Skriv hele adressen.
email-domain = Noe mangler etter @, for eksempel .no. Skriv hele adressen.
email-space = Det er et mellomrom i adressen. Skriv den uten.
email-several = Vi kan ta imot én adresse. Skriv den du bruker mest.
email-other = Vi klarte ikke å lese adressen. Skriv den på nytt.
email-typo =
    Du skrev { $email }. Skal det være { $suggestion }?
    «Nei» beholder det du skrev.

## Phone

phone-ask = { $optional ->
    [yes] Hvilket telefonnummer kan kommunen nå deg på? Vi viser det ikke offentlig.
   *[no]
        Hvilket telefonnummer kan kommunen nå deg på? Vi viser det ikke offentlig.
        Vi trenger telefon når vi ikke har e-post.
}
phone-example = Eksempel: 22 00 00 00
phone-length = { $count ->
    [one] Nummeret har { $count } siffer. Et norsk nummer har 8. Fra andre land begynner det med +.
   *[other] Nummeret har { $count } sifre. Et norsk nummer har 8. Fra andre land begynner det med +.
}
phone-length-example = Eksempel: 22 00 00 00 eller +46 8 465 004 00
phone-letters = Vi fant tegn som ikke er sifre. Skriv bare nummeret.
phone-unknown = Vi kjenner ikke igjen nummeret. Se om et siffer er feil, og skriv det på nytt.
phone-needed = Vi trenger telefon eller e-post. Skriv telefonnummeret, eller velg «Tilbake» og skriv e-post.

## Name

first-name-ask =
    { $kind ->
        [organisation] Hva er fornavnet til kontaktpersonen?
       *[person] Hva er fornavnet ditt?
    }
    Ta gjerne med mellomnavn. Navnet blir offentlig sammen med svaret.
first-name-example = Eksempel: Kari
last-name-ask = Hva er etternavnet? Hopp over hvis du bare har ett navn.
last-name-example = Eksempel: Nordmann
name-digits = Det er sifre i navnet. Skriv det med bokstaver.
name-empty = Vi trenger et navn med bokstaver.
name-too-long = Navnet kan ha { $max_chars } tegn. Kort det ned, og skriv det på nytt.
name-split =
    Fornavn: { $first_name }
    Etternavn: { $last_name }
    Stemmer det?
name-split-no = Da tar vi ett navn om gangen.

## Role

role-ask =
    I hvilken rolle svarer du?
    Du kan hoppe over.
label-chair = Styreleder
label-board-member = Styremedlem
label-manager = Daglig leder
label-employee = Ansatt
label-member = Medlem
label-another-role = Annen rolle

## Consultation

case-ask =
    Hvilken sak gjelder svaret?
    Velg, eller skriv saksnummeret eller et ord fra tittelen.
case-example = Eksempel: { $first_case_number }
case-line = { $case_number } { $case_title }. Frist: { $closes_at } ({ $time_left }).
case-found = Er det «{ $case_title }», sak { $case_number }? Frist: { $closes_at } ({ $time_left }).
case-several = { $count ->
    [one] Vi fant { $count } høring. Er det denne?
   *[other] Vi fant { $count } høringer. Hvilken er det?
}
case-no-hits =
    Vi fant ingen åpen høring med «{ $query }».
    Prøv et annet ord eller saksnummeret, eller velg «Vis alle».
case-none-open =
    { $municipality } har ingen åpne høringer akkurat nå.
    Utkastet ligger her i 30 dager. Kom gjerne tilbake.
case-closed =
    Fristen for «{ $case_title }» gikk ut { $closes_at }.
    Du kan fortsatt svare. Vi merker svaret «etter fristen», og kommunen avgjør om den tar hensyn til det.
case-gone = Vi finner ikke saken lenger. Velg en annen.
closed-by-staff =
    Kommunen tar ikke lenger imot svar på «{ $case_title }».
    Alt du har svart, er lagret, og du kan velge en annen sak.

## An earlier response

replaces-ask = { replaces-before } { $count ->
    [1] Erstatter det nye svaret det gamle?
   *[other] Erstatter det nye svaret ett av de gamle?
}
replaces-before = { $kind ->
    [organisation] Dere har svart på denne høringen før.
   *[person] Du har svart på denne høringen før.
}
replaces-line = Mottatt { $received_at }, kvitteringsnummer { $reference }.
replaces-reason = Et svar som er erstattet, ligger fortsatt i saken, merket «erstattet».

## Response

response-ask =
    { $channel ->
        [web] Skriv eller lim inn høringssvaret.
       *[other] Skriv eller lim inn høringssvaret, gjerne i flere meldinger.
    }
    Fortell hva du mener, hva du vil endre, og hvorfor.
    Teksten blir offentlig. Ikke ta med fødselsnummer eller private opplysninger om andre.
    Velg «Ferdig» når alt er med.
response-example = Eksempel: Jeg vil ha fortau langs skoleveien fordi mange barn går der.
response-part = Lagret: { count-parts }, { count-characters }.
response-edited = Endringen er lagret: { count-parts }, { count-characters }.
response-whole-saved = Lagret: { count-characters }.
response-more = { $channel ->
    [web] Skriv mer, eller velg «Ferdig».
   *[other] Send mer, eller velg «Ferdig».
}
undone = Den siste delen er tatt bort. Nå: { count-parts }, { count-characters }.
undo-none = Det er ikke noe å angre ennå. Skriv høringssvaret.
response-preview = { $channel ->
    [web] Slik er svaret nå, { count-characters }:
   *[other] Slik er svaret nå, { count-characters } (side { $page } av { $page_count }):
}
after-done = Dette kom etter «Ferdig» og er ikke med i svaret ennå:
after-done-ask = Vil du legge det til?
response-empty = Høringssvaret er tomt ennå. Skriv det her, og velg «Ferdig» når alt er med.
response-invisible = Meldingen har ingen synlige tegn. Skriv den med bokstaver.
response-long = { $channel ->
    [web]
        Svaret kan ha { $max_chars } tegn. Det er { $over_count } for mye, og endringen er ikke lagret.
        Kort det ned, og lagre det på nytt.
   *[other]
        Svaret kan ha { $max_chars } tegn. Denne delen gir { $over_count } for mye og er ikke lagret.
        Kort den ned, og send den på nytt.
}
response-national-id = { $channel ->
    [web]
        Endringen er ikke lagret: et nummer i svaret kan være et fødselsnummer.
        Ta bort nummeret, og lagre på nytt. Skriv et kontonummer slik: 1234.56.78903
   *[other]
        Denne delen er ikke lagret: et nummer i den kan være et fødselsnummer.
        Ta bort nummeret, og send delen på nytt. Skriv et kontonummer slik: 1234.56.78903
}

## Any answer

national-id = { $channel ->
    [telegram]
        Et nummer med 11 sifre kan være et fødselsnummer. Det trenger vi ikke, og vi har ikke lagret det.
        Slett gjerne meldingen din.
   *[other] Et nummer med 11 sifre kan være et fødselsnummer. Det trenger vi ikke, og vi har ikke lagret det.
}
text-control = Vi fant tegn som ikke kan vises. Skriv svaret med vanlige tegn.
said-before-asked = Meldingen kom før dette spørsmålet, så vi har ikke lagret den.
said-after-sending =
    Svaret er allerede sendt inn, så denne meldingen kom ikke med.
    Vil du legge til noe? Send et nytt svar i samme sak.
too-long = Svaret kan ha { $max_chars } tegn. Kort det ned, og skriv det på nytt.
short-text-empty = Vi trenger et svar med ord.
answer-edited = { $answer_label } er endret til { $value }.
answer-kept = Svaret er som før.
edited-after-sending =
    Svaret er allerede sendt inn, så endringen kom ikke med.
    Vil du rette noe? Send et nytt svar i samme sak.
edit-nothing = Meldingen du endret, er ikke et av svarene, så vi endret ingenting. Her er du nå:
edit-rejected = Endringen er ikke lagret. Svaret du ga før, gjelder fortsatt.
changed = { $answer_label } er endret.

## Review

review = Se over svaret:
review-public = { $kind ->
    [organisation] Når du sender inn, blir svaret offentlig, med navnet på organisasjonen og kontaktpersonen.
   *[person] Når du sender inn, blir svaret offentlig, med navnet ditt.
}
review-late = Fristen gikk ut { $closes_at }. Vi tar imot svaret og merker det «etter fristen».
review-unverified = Organisasjonsnummeret er ikke slått opp. Du kan likevel sende inn.
review-stale = Svaret er endret etter at du så over det. Her er det nå:

## Sending and receipt

already-sent = Svaret er allerede sendt inn. Kvitteringsnummer: { $reference }
not-sent =
    Svaret er ikke sendt inn ennå. Feilen er hos oss, og utkastet er lagret.
    Vent noen minutter, og velg «Send inn» på nytt.
receipt = Takk. { $municipality } har fått høringssvaret.
receipt-next =
    Hva skjer nå? Svaret blir en del av saken og er med når den blir avgjort. Du får vanligvis ikke noe svar tilbake.
    { receipt-keep }
receipt-next-late =
    Hva skjer nå? Svaret blir en del av saken. Det kom etter fristen { $closes_at }, og kommunen avgjør om den tar hensyn til det. Du får vanligvis ikke noe svar tilbake.
    { receipt-keep }
receipt-keep =
    Vil du rette noe? Send et nytt svar i samme navn herfra, så spør vi om det erstatter dette.
    Skriv kvitteringsnummeret i det nye svaret hvis du sender det fra et annet sted.
    Ta vare på kvitteringsnummeret, og oppgi det hvis du kontakter kommunen.
receipt-text = Dette er teksten vi fikk:
mine = Dine høringssvar:
mine-line = { $case_number } { $case_title }, mottatt { $received_at }, kvitteringsnummer { $reference }
mine-line-superseded = { mine-line }, erstattet av et nyere svar
mine-line-withdrawn = { mine-line }, trukket
mine-draft = Utkast: { $case_title }, sist endret { $saved_at }
mine-draft-no-case = Utkast: ingen sak er valgt, sist endret { $saved_at }
mine-empty = { $channel ->
    [web] Du har ikke sendt noe høringssvar herfra ennå. Velg «Nytt høringssvar» for å svare på en høring.
   *[other] Du har ikke sendt noe høringssvar herfra ennå. Skriv /start for å svare på en høring.
}

## Always

back-to = Du har svart: { $value }
back-first = Dette er det første spørsmålet. Velg «Avbryt» hvis du vil stoppe.
cancel-ask =
    Vil du slette utkastet?
    Du kan også ta en pause: utkastet ligger her i 30 dager.
cancelled = { $channel ->
    [web] Utkastet er slettet. Velg «Nytt høringssvar» når du vil svare på en høring.
   *[other] Utkastet er slettet. Skriv /start når du vil svare på en høring.
}
cancel-nothing = Du har ikke noe utkast nå. Svar du har sendt inn, er som før.
stale-button = Knappen hører til et tidligere spørsmål, så vi endret ingenting. Her er du nå:
unknown-command = { $channel ->
    [web] Vi kjenner ikke { $command }. Velg «Hjelp» for å se hva du kan gjøre.
   *[other] Vi kjenner ikke { $command }. Skriv /hjelp for å se hva du kan gjøre.
}
sticker = Vi kan ikke lese klistremerker. Skriv svaret med ord.
voice = Vi kan ikke høre talemeldinger. Skriv svaret, eller snakk det inn med mikrofonen på tastaturet.
photo = Vi kan ikke ta imot bilder og filer, og dette er ikke lagret. Skriv innholdet som tekst.
location = Vi trenger ikke posisjonen din og har ikke lagret den. Skriv svaret med ord.
other = Vi kan ikke lese denne typen melding. Skriv svaret med ord.
group =
    Høringssvar skriver du i en privat samtale, så andre ikke ser opplysningene dine.
    { $private_link }
language-ask = Velg språk. Det du selv har skrevet, blir ikke oversatt.
language-changed = Språket er nå bokmål. Svarene dine er som før.

## Our fault

our-error =
    Feilen er hos oss: vi fikk ikke med den siste meldingen. Alt før den er lagret.
    Send den på nytt.
not-saved =
    Dette ble ikke lagret. Feilen er hos oss. Det du svarte før, er lagret.
    Vent noen minutter, og send det samme på nytt.
no-room =
    Vi kan ikke ta imot nye svar akkurat nå. Feilen er hos oss.
    Det du har sendt inn før, er lagret. Prøv igjen om noen timer.
rate-limited =
    Det kom mange meldinger på kort tid. De siste er ikke lagret.
    { $seconds ->
        [one] Vent { $seconds } sekund, og send dem på nytt.
       *[other] Vent { $seconds } sekunder, og send dem på nytt.
    }

## Help

help-general =
    Du svarer på ett spørsmål om gangen. Utkastet ligger her i 30 dager.
    { $channel ->
        [web] «Nytt høringssvar» begynner, «Mine svar» viser det du har sendt, «Språk» bytter språk.
       *[other] /start begynner, /mine viser det du har sendt, /sprak bytter språk.
    }
help-type = Velg «Privatperson» når du svarer for deg selv. De andre er for lag, foreninger, bedrifter og offentlige organer.
help-org-number =
    Nummeret står ofte på fakturaer og brev. Mellomrom og «NO» gjør ikke noe.
    Eksempel: 974 760 673 eller NO 974 760 673 MVA
help-card = Navn og adresse kommer fra Enhetsregisteret. «Endre adresse» gjelder bare dette svaret, ikke registeret.
help-org-name = Skriv navnet slik det står i vedtektene eller på brev fra dere.
help-address =
    { $kind ->
        [organisation] Dette er adressen som organisasjonen får post på.
       *[person] Adressen viser hvor du bor. Det kan telle i plansaker. Hopp over hvis du har hemmelig adresse.
    }
    Eksempel: Eksempelveien 12 eller Postboks 1
help-postal = Skriv 4 sifre og stedet. Velg «Adresse utenfor Norge» hvis adressen er i et annet land.
help-email = Vi trenger e-post eller telefon, så kommunen kan spørre hvis noe er uklart.
help-phone = Vi trenger telefon eller e-post, så kommunen kan spørre hvis noe er uklart.
help-first-name = Et høringssvar kan ikke være anonymt. Skriv navnet slik du selv skriver det.
help-last-name = Et høringssvar kan ikke være anonymt. Skriv navnet slik du selv skriver det.
help-role = Rollen viser hvem du er i organisasjonen, og om du svarer på vegne av den.
help-case = Saksnummeret står i brevet eller på kommunens nettside: år, skråstrek, nummer.
help-replaces =
    Svar ja hvis det nye svaret skal stå alene. Ta da med alt som fortsatt gjelder.
    Svar nei hvis du bare vil legge til noe.
help-response =
    { $channel ->
        [telegram]
            Et kort svar er like bra som et langt. «Angre siste» tar bort siste del.
            En melding du sletter i Telegram, blir ikke borte her.
        [web] Et kort svar er like bra som et langt.
       *[other] Et kort svar er like bra som et langt. «Angre siste» tar bort siste del.
    }
help-review = Ingenting er sendt ennå. Velg «Endre …» ved det du vil rette.
help-privacy =
    Kommunen har som oppgave å ta imot høringssvar og bruker opplysningene til det.
    { $channel ->
        [telegram]
            Svaret blir arkivert. Les mer: { $privacy_url }
            Meldingene går gjennom Telegram. Du kan også svare i nettleseren: { $web_url }
       *[other] Svaret blir arkivert. Les mer: { $privacy_url }
    }

## Names of the steps

name-respondent-type = Hvem som svarer
name-organisation-number = Organisasjonsnummer
name-organisation-name = Organisasjon
name-address = Adresse
name-postal = Postnummer og poststed
name-email = E-post
name-phone = Telefon
name-first-name = Fornavn
name-last-name = Etternavn
name-role = Rolle
name-name = Navn
name-contact-person = Kontaktperson
name-consultation = Sak
name-replaces = Hva svaret erstatter
name-text = Høringssvar

## Rows of the review and of the receipt

row-respondent-type = Hvem svarer
row-name = { $kind ->
    [organisation] Kontaktperson
   *[person] Navn
}
row-address = Adresse (viser vi ikke offentlig)
row-email = E-post (viser vi ikke offentlig)
row-phone = Telefon (viser vi ikke offentlig)
row-replaces = Erstatter
row-text = Høringssvar, { count-characters }
row-reference = Kvitteringsnummer
row-case = Sak
row-received = Mottatt
row-from = Fra

## Values

value-private-person = Privatperson
value-registered-organisation = Organisasjon i Enhetsregisteret
value-unregistered-organisation = Organisasjon uten org.nr.
value-chair = Styreleder
value-board-member = Styremedlem
value-manager = Daglig leder
value-employee = Ansatt
value-member = Medlem
value-another-role = Annen rolle
value-skipped = hoppet over
value-case = { $case_number } { $case_title }
value-replaces-nothing = ingen tidligere svar
value-organisation = { $org_name }, organisasjonsnummer { $org_number }
value-org-number = organisasjonsnummer { $org_number }
value-place = { $place }, { COUNTRY($country) }
value-pair = { $first }{ $separator }{ $second }
value-instant = { $at }
# Behind a time in the hour that comes twice, when clocks are put back.
summer-time = sommertid
winter-time = normaltid
value-text = { count-parts }, { count-characters }

## Buttons

label-private-person = Privatperson
label-registered-organisation = Organisasjon i Enhetsregisteret
label-unregistered-organisation = Organisasjon uten org.nr.
label-yes = Ja, det stemmer
label-no = Nei
label-skip = Hopp over
label-back = Tilbake
label-help = Hjelp
label-cancel = Avbryt
label-done = Ferdig
label-send = Send inn
label-keep = Behold
label-undo = Angre siste
label-add-text = Ja, legg det til
label-leave-out = Nei, la det være
label-preview = Forhåndsvis
label-show-more = Vis flere
label-show-previous = Vis forrige
label-show-all = Vis alle
label-show-whole = Vis hele svaret
label-continue = Fortsett
label-start-again = Start på nytt
label-try-again = Prøv igjen
label-without-number = Fortsett uten organisasjonsnummer
label-respond-anyway = Svar likevel
label-choose-another = Velg en annen sak
label-replaces-it = Ja, erstatt { $reference }
label-replaces-one = Erstatt { $reference }
label-replaces-nothing = { $count ->
    [1] Nei, begge gjelder
   *[other] Nei, alle gjelder
}
label-foreign = Adresse utenfor Norge
label-home = Adresse i Norge
label-manual = Fyll inn selv
label-new-response = Nytt høringssvar
label-mine = Mine svar
label-language = Språk
label-delete-draft = Ja, slett utkastet
label-keep-draft = Nei, fortsett
label-open-private = Åpne privat samtale
label-see-answer = Se om registeret har svart
label-review = Vis alt på én side
label-hit = { $org_name }, { $place }
label-case = { $case_number } { $case_title }
label-change-respondent-type = Endre hvem som svarer
label-change-organisation = Endre organisasjon
label-change-name = Endre navn
label-change-address = Endre adresse
label-change-email = Endre e-post
label-change-phone = Endre telefon
label-change-role = Endre rolle
label-change-consultation = Endre sak
label-change-replaces = Endre hva svaret erstatter
label-change-text = Endre høringssvar
label-wipe = Slett utkastet på denne maskinen

## Web page

offline = Du er uten nett. Det du skriver, ligger på denne maskinen og blir sendt når nettet er tilbake.
page-expired = Nettsiden har stått åpen lenge. Det du har svart, er lagret. Last nettsiden på nytt, og fortsett.
wipe-ask = Vil du slette utkastet på denne maskinen? Kvitteringer vises heller ikke her lenger. Kommunen har fortsatt svar som er sendt inn.
wiped = Utkastet er slettet på denne maskinen.
web-service = Høringssvar
web-made-up-title = Til prøve
web-made-up = Enhetsregisteret er ikke koblet til her. Organisasjonene du finner, er oppdiktet.
web-menu = Alltid her
web-skip-to-content = Gå til innholdet
web-skip = Gå til spørsmålet
web-contact = Kontakt: { $contact }
web-start = Svar på en høring
web-start-lead =
    Her kan du svare på høringer fra { $municipality }.
    Du svarer på ett spørsmål om gangen. Utkastet ligger her i 30 dager.
web-begin = Begynn
web-start-case = Svar på «{ $case_title }»
web-start-link = Vil du svare på saken i lenken?
web-start-link-lead = Du har vært her før. Hvis du har et utkast, blir det ikke slettet.
web-begin-link = Svar på saken
web-stay = Fortsett der du var
web-next = Neste
web-save = Lagre utkastet
web-progress = Steg { $n } av { $total }
web-mark-error = Feil:
web-choices = Valg
web-or-type = Eller skriv her
web-steps = Stegene
web-here = Her er du nå
web-change = Endre
web-deadline = Frist: { $closes_at } ({ $time_left }).
web-old-form = Siden var gammel, så vi endret ingenting. Her er du nå:
web-unsaved = Dette skrev du. Det er ikke lagret.
web-error = Dette gikk ikke
web-not-found = Vi finner ikke denne siden. Det du har svart, er lagret.
web-too-large =
    Teksten er for lang og er ikke lagret.
    Gå tilbake i nettleseren, kort den ned, og send den på nytt.
web-unreadable =
    Vi klarte ikke å lese det nettleseren sendte, og det er ikke lagret.
    Gå tilbake i nettleseren, og prøv på nytt.
web-elsewhere = Skjemaet kom fra en annen nettside, så vi endret ingenting.
web-cookies =
    Vi kjenner ikke igjen nettleseren din, så dette er ikke lagret.
    Utkastet kan være eldre enn 30 dager. Da begynner du på nytt.
    Ellers: Tillat informasjonskapsler herfra, og prøv på nytt. Vi bruker én, for å huske svarene dine.
web-to-the-chat = Gå til høringssvaret
web-privacy = Personvern
web-privacy-why-title = Hva vi bruker opplysningene til
web-privacy-why = Kommunen har som oppgave å ta imot høringssvar og bruker opplysningene til det. Vi trenger ikke fødselsnummer.
web-privacy-public-title = Hva som blir offentlig
web-privacy-public = Svaret blir offentlig, med navnet ditt. Hvis du svarer for en organisasjon, gjelder det navnet på den også.
web-privacy-contact-title = Adresse, e-post og telefon
web-privacy-contact =
    Dette viser vi ikke offentlig. Kommunen bruker det hvis noe i svaret er uklart.
    Kommunen avgjør hva andre får se hvis noen ber om innsyn.
web-privacy-kept-title = Hvor lenge vi har dem
web-privacy-kept = Et utkast ligger her i 30 dager etter at du sist skrev i det. Det vi ikke klarte å lese, sletter vi også etter 30 dager. Svar som er sendt inn, blir arkivert.
web-privacy-browser-title = Informasjonskapsler
web-privacy-browser =
    Nettleseren får én informasjonskapsel, for å huske svarene dine. Når du ikke har skrevet noe på 30 dager, åpner den ingenting mer.
    Det du holder på å skrive, ligger også i nettleseren, til du lukker fanen.
web-privacy-telegram-title = Telegram
web-privacy-telegram = Meldingene går gjennom Telegram hvis du svarer der.
web-privacy-rights-title = Hva du kan be om
web-privacy-rights =
    Du kan be kommunen om å få se og rette opplysningene om deg.
    Kommunen har et personvernombud som du kan spørre.
    Datatilsynet tar imot klager.
web-no-contact = Vi får ikke kontakt akkurat nå. Det du skriver, blir her og blir sendt når det går igjen.
web-print = Skriv ut kvitteringen
web-sending = Sender …
web-own-window = Åpne høringssvaret i et eget vindu
web-overview-title = Alt du har svart
web-log = Det siste som skjedde
web-keys = Enter gir ny linje. Ctrl og Enter er det samme som «Ferdig».
web-left = Tegn igjen:
web-overview = Vis alt på én side
web-not-yet = Ikke besvart ennå
web-to-the-question = Tilbake til spørsmålet
web-no-go-on = Nei, fortsett
web-to-the-start = Gå til starten
web-busy =
    Det kommer svært mye fra samme nett akkurat nå. Det du har svart før, er lagret.
    Vent { $seconds } sekunder, gå tilbake i nettleseren, og prøv på nytt.
web-full =
    Vi kan ikke ta imot mer tekst fra dette nettet i dag. Det du svarte før, er lagret.
    Du kan sende inn det som er lagret, eller prøve igjen i morgen.
web-trap-label = La dette feltet stå tomt
web-trap = Et skjult felt var fylt ut, slik programmer gjør. La det stå tomt, og prøv på nytt.
web-embed-open = Svar på høringen
web-embed-close = Lukk
web-embed-frame = Høringssvar
web-accessibility = Tilgjengelighet
web-accessibility-what-title = Hva dette gjelder
web-accessibility-what =
    Dette gjelder nettsidene for høringssvar hos { $municipality }.
    De skal følge WCAG 2.2 på nivå AA. Loven krever WCAG 2.1 på nivå AA.
web-accessibility-how-title = Slik er de laget
web-accessibility-how =
    Du kan bruke dem med bare tastatur, med skjermleser og uten JavaScript.
    De virker også forstørret til 400 % og i mørke farger.
    Hver endring i programmet blir prøvd automatisk med axe i en ekte nettleser.
web-accessibility-known-title = Det vi vet om
web-accessibility-known =
    Vi vet ikke om feil nå. Automatiske prøver finner ikke alt.
    Navn fra Enhetsregisteret og titler på saker står på det språket de er skrevet på.
web-accessibility-tell-title = Si fra om feil
web-accessibility-tell = Si fra til kommunen hvis noe er vanskelig å bruke.
web-accessibility-complain-title = Klage
web-accessibility-complain = Tilsynet for universell utforming av IKT tar imot klager på nettsider.

## Terminal

terminal-hint = Skriv svaret, eller nummeret foran et valg. Ctrl-D avslutter.
terminal-finish = En tom linje betyr «Ferdig».
terminal-draft-kept = Utkastet ligger her i 30 dager. Start «innspill chat» på samme måte når du vil fortsette.

## Telegram commands

# One command a line, as BotFather writes them: the word, a hyphen, what it does.
command-list =
    start - Svar på en høring
    hjelp - Få hjelp til det du holder på med
    tilbake - Gå ett steg tilbake
    avbryt - Stopp og slett utkastet
    sprak - Bytt språk
    mine - Se det du har sendt inn

## Exports: what the columns, the values and the choices are called

column-reference = Kvitteringsnummer
column-status = Status
column-case-number = Saksnummer
column-consultation = Høring
column-consultation-id = Høringens nummer
column-received-at = Mottatt
column-late = Etter fristen
column-respondent-type = Hvem svarer
column-organisation-number = Organisasjonsnummer
column-main-organisation-number = Hovedenhetens organisasjonsnummer
column-organisation-name = Organisasjon
column-organisation-form = Organisasjonsform
column-register-status = Status i Enhetsregisteret
column-first-name = Fornavn
column-last-name = Etternavn
column-email = E-post
column-phone = Telefon
column-address = Adresse
column-postal-code = Postnummer
column-postal-town = Poststed
column-country = Land
column-text = Høringssvar
column-attachments = Vedlegg
column-channel = Kanal
column-locale = Språk
column-form-version = Skjemaversjon
column-register-language = Språk i Enhetsregisteret
column-organisation-kind = Type organisasjon
column-role = Rolle
column-replaces = Erstatter
column-replaced-by = Erstattet av
value-country = { COUNTRY($country) }
value-status-received = Mottatt
value-status-superseded = Erstattet av et nyere svar
value-status-withdrawn = Trukket
value-late-true = Ja
value-late-false = Nei
value-register-status-active = Registrert
value-register-status-bankrupt = Konkurs
value-register-status-dissolving = Under avvikling
value-register-status-deleted = Slettet
value-register-status-not-found = Ikke funnet
value-register-status-unverified = Ikke slått opp ennå
value-channel-telegram = Telegram
value-channel-web = Nettsiden
value-channel-terminal = Terminal
value-register-language-nb = Bokmål
value-register-language-nn = Nynorsk
value-organisation-kind-public-body = Offentlig organ
value-organisation-kind-sole-proprietor = Enkeltpersonforetak
export-chosen = Utvalg
export-everything = Alle høringssvar
export-since-last = Nye siden forrige eksport
export-received-from = Mottatt fra og med
export-received-before = Mottatt før
export-without = Utelatt
export-words = Søkeord
export-filter = Utvalget for maskiner
export-count = Antall høringssvar
export-latest = Siste svar mottatt
export-program = Program
export-sheet-responses = Høringssvar
export-sheet-about = Om utvalget
export-goes-on = Lange svar
export-goes-on-right = Fortsetter i kolonnene til høyre, merket (2), (3) og så videre
export-number = Nr.
export-date = Mottatt
export-respondent = Innsender
export-response = Høringssvar
export-summary = Sammendrag
export-assessment = Kommunens vurdering
export-summer-time = { summer-time }
export-winter-time = { winter-time }
export-no-responses = Ingen høringssvar

## Staff: getting in, and one's own account

staff-desk = Høringssvar for ansatte
staff-nav = Sidene
staff-nav-consultations = Høringer
staff-nav-responses = Høringssvar
staff-nav-downloads = Nedlasting
staff-nav-set-aside = Lagt til side
staff-nav-history = Hvem gjorde hva
staff-nav-people = Ansatte
staff-nav-account = Kontoen din
staff-role = Rolle
staff-role-reader = leser
staff-role-editor = redaktør
staff-role-admin = administrator
staff-moment = { $at }

staff-log-in = Logg inn
staff-log-out = Logg ut
staff-email = E-postadresse
staff-password = Passord
staff-code = Kode
staff-code-hint = Seks sifre fra appen, eller en av gjenopprettingskodene dine.
staff-code-app = Kode fra appen, seks sifre
staff-login-wrong = E-postadressen, passordet eller koden stemmer ikke. En kode virker bare én gang.
staff-wait = { $seconds ->
    [one] Det har vært mange forsøk. Vent { $seconds } sekund, og prøv på nytt.
   *[other] Det har vært mange forsøk. Vent { $seconds } sekunder, og prøv på nytt.
}
staff-lost = Har du mistet passordet eller appen? Den som inviterte deg, kan lage en ny lenke.
staff-logged-out = Du er ikke logget inn lenger, så ingenting ble endret. Logg inn, og prøv på nytt.
staff-old-form = Skjemaet er for gammelt, så ingenting ble endret. Gå tilbake, last siden på nytt, og prøv igjen.
staff-not-for-you = Rollen din gir ikke tilgang til denne siden.
staff-not-saved = Dette ble ikke lagret. Feilen er hos oss. Vent litt, og prøv på nytt.
staff-not-found = Vi finner ikke denne siden.
staff-our-error = Noe gikk galt. Feilen er hos oss.
staff-damaged = Svaret er skadet på disken, så vi viser det ikke. Si fra til dem som drifter tjenesten.
staff-error = Siden kan ikke vises
staff-to-the-front = Til forsiden

staff-link-over = Lenken er brukt, eller den er eldre enn et døgn. Den som inviterte deg, kan lage en ny.
staff-choose-password = Velg et passord
staff-invited = Du er invitert som { $role }, med e-postadressen { $email }.
staff-password-new = Nytt passord
staff-password-again = Det nye passordet en gang til
staff-password-hint = Minst { $count } tegn. Flere ord etter hverandre er fint, og mellomrom er lov.
staff-password-short = Passordet er for kort. Velg minst { $count } tegn.
staff-password-long = Passordet er for langt. Velg en kortere setning.
staff-password-guessable = Passordet er lett å gjette. Velg ord som ikke handler om deg, kommunen eller året.
staff-password-again-wrong = Passordene er ulike. Skriv det samme to ganger.
staff-next = Neste
staff-set-up-app = Sett opp en autentiseringsapp
staff-app-why = Når du logger inn, trenger du passordet og en kode fra en app på telefonen.
staff-app-scan = Åpne en autentiseringsapp på telefonen, og skann QR-koden.
staff-app-code = Skriv koden som appen viser.
staff-app-secret = Kan appen ikke lese bildet? Skriv denne nøkkelen i den:
staff-picture = QR-kode for appen
staff-code-wrong = Koden stemmer ikke. Vent til appen viser en ny, og skriv den.
staff-codes = Gjenopprettingskoder
staff-codes-told =
    Du er logget inn. Uten telefonen kan du bruke en av disse kodene i stedet.
    Hver kode virker én gang. Skriv dem ut, eller lagre dem i en passordbok: de vises bare nå.
staff-codes-kept = Kodene er tatt vare på
staff-codes-left = { $count ->
    [one] { $count } igjen
   *[other] { $count } igjen
}

staff-demo = Prøv siden for ansatte
staff-demo-told =
    Du kommer inn som administrator, uten passord.
    Lenken virker én gang, og bare mens demoen kjører.
staff-demo-enter = Gå inn
staff-demo-over = Lenken er brukt, eller demoen er startet på nytt. Den skriver ut en ny.

staff-sessions = Hvor du er logget inn
staff-sessions-told = Du blir logget ut etter en halvtime uten bruk, og alltid etter tolv timer.
staff-session-browser = Nettleser
staff-session-address = Adresse
staff-session-begun = Logget inn
staff-session-active = Sist brukt
staff-session-this = Denne
staff-session-end = Logg ut der
staff-language = Språk
staff-change-password = Bytt passord
staff-password-current = Passordet du har nå
staff-current-wrong = Passordet stemmer ikke med det du har nå.

## Exports on paper

export-contact-person = Kontaktperson
export-about-case = Saken gjelder
export-other-answers = Andre svar
export-contents = Innhold
export-page = Side

## The staff desk

desk-pattern-moment = dd.MM.y HH.mm
desk-pattern-day = dd.MM.y
desk-all = Alle
desk-all-consultations = Alle høringer
desk-consultation = Høring
desk-title = Tittel
desk-state = Tilstand
desk-state-open = Åpen
desk-state-late = Etter fristen, tar fortsatt imot
desk-state-planned = Ikke åpnet
desk-state-closed = Lukket
desk-first-day = Første dag
desk-last-day = Siste dag
desk-documents = Dokumenter
desk-link = Lenke for innbyggere
desk-qr-code = QR-kode til plakater
desk-link-telegram = Lenke til Telegram
desk-responses = Svar
desk-responses-to = svar på { $case_title }
desk-new = Siste 24 timer
desk-late = Etter fristen
desk-unverified = Ikke slått opp
desk-unseen = { $count ->
    [one] { $count } melding er lagt til side, og ingen har sett på den.
   *[other] { $count } meldinger er lagt til side, og ingen har sett på dem.
}
desk-no-consultations = Det er ingen høringer ennå.
desk-other-rounds = Andre høringer i saken
desk-add = Ny høring
desk-change = Endre
desk-change-consultation = Endre høringen
desk-save = Lagre
desk-back = Tilbake uten å lagre
desk-close = Lukk høringen
desk-close-ask = Vil du lukke høringen?
desk-close-means = Da tar vi ikke imot flere svar, heller ikke etter fristen. Du kan åpne den igjen.
desk-reopen = Åpne høringen igjen
desk-reopen-ask = Vil du åpne høringen igjen?
desk-reopen-means = Da tar vi imot svar. De som kommer etter siste dag, blir merket.
desk-hint-case-number = År, skråstrek og nummer, for eksempel 18/101.
desk-hint-title = Slik innbyggerne ser den, høyst 300 tegn.
desk-hint-opens = Tom betyr at den er åpen med en gang.
desk-hint-closes = Svar som kommer senere, blir merket.
desk-hint-closes-change = Svar som er kommet inn, beholder merket de har.
desk-hint-url = Hvor dokumentene ligger, for eksempel https://example.no/sak.
desk-wrong-fields = { $count ->
    [one] Se på { $count } felt. Ingenting er lagret ennå.
   *[other] Se på { $count } felt. Ingenting er lagret ennå.
}
desk-wrong-case-number = Skriv saksnummeret som år, skråstrek og nummer, for eksempel 18/101.
desk-wrong-title = Skriv en tittel på én linje, høyst 300 tegn.
desk-wrong-opens = Skriv første dag som 2026-12-31, eller la feltet stå tomt.
desk-wrong-closes = Skriv siste dag som 2026-12-31.
desk-wrong-order = Siste dag er før første dag. Endre en av dem.
desk-wrong-url = Skriv hele adressen, med https:// foran, eller la feltet stå tomt.
desk-chart = Svar per dag
desk-chart-says = { $count ->
    [one] Søyler for svar per dag, høyst { $count } på en dag. Tallene står i tabellen under.
   *[other] Søyler for svar per dag, høyst { $count } på en dag. Tallene står i tabellen under.
}
desk-chart-table = Vis tallene
desk-day = Dag
desk-earlier = Tidligere
desk-latest = De siste svarene
desk-show-all = { $count ->
    [one] Vis { $count } svar
   *[other] Vis alle { $count } svar
}
desk-no-responses = Det er ikke kommet noen svar ennå.
desk-from-whom = Fra
desk-search = Søk
desk-search-hint = Ord, begynnelsen av ord, og fraser i anførselstegn. Også navn, e-post, telefon, organisasjonsnummer og kvitteringsnummer.
desk-deadline = Frist
desk-in-time = Innen fristen
desk-too-late = Etter fristen
desk-from = Fra og med
desk-to = Til og med
desk-only-unverified = Bare ikke slått opp i Enhetsregisteret
desk-order = Rekkefølge
desk-order-newest = Nyeste først
desk-order-oldest = Eldste først
desk-order-respondent = Innsender
desk-order-case = Sak
desk-find = Vis
desk-clear = Nullstill
desk-found = { $count ->
    [0] Ingen svar passer med dette.
    [one] { $count } svar
   *[other] { $count } svar
}
desk-pages = Sider
desk-pages-below = Sider, under lista
desk-first-page = Første side
desk-previous-page = Forrige side
desk-next-page = Neste side
desk-mark-late = Etter fristen
desk-mark-unverified = Ikke slått opp
desk-neighbours = Svarene ved siden av
desk-to-the-list = Til lista
desk-previous = Forrige svar
desk-next = Neste svar
desk-section-respondent = Innsender
desk-section-contact = Kontaktperson
desk-section-case = Saken gjelder
desk-section-received = Om svaret
desk-differs = Dette står annerledes i Enhetsregisteret
desk-hand-on = Last ned dette svaret
desk-format = Format
desk-format-csv = CSV, regneark
desk-format-xlsx = Excel
desk-format-json = JSON
desk-format-ndjson = JSON, ett svar per linje
desk-format-pdf = PDF, én fil per svar
desk-format-pdf-public = PDF uten adresse, e-post og telefon
desk-format-pdf-all = PDF, én fil per høring
desk-format-docx = Word, tabell for vurdering
desk-format-fiks-arkiv = KS Fiks Arkiv
desk-format-archive = Alle formater i én ZIP
desk-download = Last ned
desk-download-more = Flere valg
desk-download-these = Last ned disse
desk-with-words = Søkeord:
desk-since-last = Bare nye siden forrige nedlasting
desk-since-last-means = Nye er de som kom etter din forrige nedlasting av det samme, i samme format.
desk-chosen-now = { $count ->
    [one] { $count } svar er valgt da siden ble åpnet.
   *[other] { $count } svar var valgt da siden ble åpnet.
}
desk-chosen-of-each = Av dem:
desk-public-means = PDF uten adresse, e-post og telefon tar bare med svar som gjelder.
desk-wrong-not-public = Trukne svar blir ikke med i en PDF for alle. Velg et annet format eller en annen status.
desk-wrong-format = Velg et format fra lista.
desk-my-downloads = Dine nedlastinger
desk-asked = Bestilt
desk-job-waiting = Venter på tur
desk-job-running = Blir skrevet
desk-job-ready = Klar
desk-job-failed = Gikk ikke
desk-job-too-big = Filen ble for stor
desk-job-damaged = Skade på disken
desk-kept-an-hour = En ferdig fil ligger her i en time, eller til nyere filer trenger plassen. Bare du kan hente den.
desk-download-waiting = Venter til nedlastingen foran er ferdig.
desk-download-begun = Begynner å skrive.
desk-download-running = { $part } av { $whole } svar er skrevet.
desk-download-ready = Ferdig: { $whole } svar, { $size }.
desk-download-failed = Dette gikk ikke, og feilen er hos oss. Ingenting er lastet ned. Prøv på nytt om litt.
desk-download-too-big =
    Filen blir større enn 2 GB, og ingenting er lastet ned. Velg færre svar.
    Den som drifter tjenesten, kan hente alt med kommandoen innspill export.
desk-download-damaged = Et svar er skadet på disken, og ingenting er lastet ned. Si fra til dem som drifter tjenesten.
desk-download-gone = Filen ligger her ikke lenger. Bestill den på nytt under nedlastinger.
desk-too-many-downloads = Du har mange nedlastinger i gang. Vent til en av dem er ferdig, eller avbryt en.
desk-progress = Hvor langt nedlastingen er kommet
desk-fetch = Hent filen
desk-see-whether-ready = Se om den er klar
desk-stop = Avbryt nedlastingen
desk-delete = Slett filen
desk-to-downloads = Til nedlastinger
desk-set-aside-means = Dette kom inn, men vi klarte ikke å lese eller behandle det. Ingen svar er gått tapt av det. Etter 30 dager sletter vi det.
desk-nothing-set-aside = Ingenting er lagt til side.
desk-when = Når
desk-reason = Grunn
desk-raw = Slik det kom
desk-show = Vis
desk-seen = Sett av
desk-not-seen = Ingen ennå
desk-mark-seen = Merk som sett
desk-who = Hvem
desk-nobody = Ukjent
desk-action = Handling
desk-object = Gjelder
desk-where = Fra adresse
desk-detail = Detaljer
desk-detail-everything = Alle
desk-detail-yes = ja
desk-detail-no = nei
desk-detail-count = Antall
desk-detail-filter = Utvalg
desk-detail-format = Format
desk-detail-case-number = Saksnummer
desk-detail-consultation-id = Høringens nummer
desk-detail-consultation = Høringens nummer
desk-detail-respondent-type = Hvem svarer
desk-detail-channel = Kanal
desk-detail-late = Etter fristen
desk-detail-unverified = Bare ikke slått opp
desk-detail-received-from = Mottatt fra og med
desk-detail-received-before = Mottatt før
desk-detail-after-id = Nyere enn svar nummer
desk-detail-search = Søk nummer
desk-detail-reference = Kvitteringsnummer
desk-detail-title = Tittel
desk-detail-closes = Siste dag
desk-detail-opens = Første dag
desk-detail-url = Dokumenter
desk-detail-role = Rolle
desk-detail-before = Før
desk-detail-reason = Grunn
desk-detail-reason-password = feil passord
desk-detail-reason-code = feil kode
desk-detail-reason-early = prøvde for tidlig igjen
desk-detail-reason-unknown = ukjent konto
desk-detail-with = Med
desk-detail-with-demo-link = lenken til prøve
desk-detail-first = Fra
desk-detail-last = Til
desk-action-login = Logget inn
desk-action-login-failed = Innlogging gikk ikke
desk-action-logout = Logget ut
desk-action-session-ended = Avsluttet en økt
desk-action-staff-invited = Inviterte
desk-action-staff-enrolled = Tok i bruk invitasjonen
desk-action-staff-password-changed = Byttet passord
desk-action-staff-password-change-failed = Klarte ikke å bytte passord
desk-action-staff-enrolment-failed = Feil kode da invitasjonen ble tatt i bruk
desk-action-staff-reset = Lagde ny lenke
desk-action-staff-disabled = Stengte ute
desk-action-staff-role-changed = Endret rolle
desk-action-consultation-added = La til høring
desk-action-consultation-changed = Endret høring
desk-action-consultation-closed = Lukket høring
desk-action-consultation-reopened = Åpnet høring igjen
desk-action-response-viewed = Leste svar
desk-action-responses-listed = Så en liste over svar
desk-action-responses-searched = Søkte
desk-action-responses-exported = Hentet ut svar
desk-action-database-copied = Tok en sikkerhetskopi
desk-action-database-restored = La tilbake en sikkerhetskopi
desk-action-postcodes-loaded = Hentet inn postnummer
desk-action-set-aside-viewed = Leste det som er lagt til side
desk-action-set-aside-seen = Merket som sett
desk-invite = Inviter
desk-change-role = Endre rollen
desk-acts = Hva du kan gjøre
desk-new-link = Ny lenke
desk-disable = Steng ute
desk-member-invited = Invitert
desk-member-expired = Lenken er for gammel
desk-member-enrolled = I bruk
desk-member-disabled = Stengt ute
desk-link-for = Gi denne lenken til { $email }. Den vises bare nå, virker én gang, og varer i et døgn.
desk-wrong-email = Skriv hele e-postadressen, for eksempel kari.nordmann@example.no.
desk-already-invited = Denne adressen er invitert fra før. Lag en ny lenke i lista.
desk-not-yourself = Dette kan du ikke gjøre med din egen konto. Be en annen administrator.

## Exports: what takes longer, and volumes

desk-download-running-again = { $part } av { $whole } svar, i gjennomlesing nummer { $reading }.
value-part = del { $number } av { $of }

## The desk: the account of a demo

desk-member-demo = Prøvekonto, uten passord

## Versions at the desk

desk-status = Status
desk-status-received = Gjelder
desk-status-superseded = Erstattet
desk-status-withdrawn = Trukket
desk-count-received = { $count } gjelder
desk-count-superseded = { $count } erstattet
desk-count-withdrawn = { $count } trukket
desk-replaced-by = Erstattet av { $reference }
desk-older-version = Dette er en eldre versjon. { $reference } gjelder nå.
desk-still-replaced = { $references } er fortsatt merket som erstattet av dette.
desk-versions = Versjoner
desk-version-shown = vises her
desk-see-changes = Se hva som er endret
desk-see-changes-of = fra { $old } til { $new }
desk-happened = Dette er skjedd med svaret
desk-happening = Hendelse
desk-note = Notat
desk-note-alone = Skrev et notat
desk-received-by = Mottatt: { $how }
desk-changed = { $what }: fra «{ $before }» til «{ $after }»
desk-changed-in = { $what }: «{ $after }»
desk-changed-out = { $what }: «{ $before }» er tatt bort
desk-changed-by-respondent = Innsenderen
desk-changed-by-entity-register = Enhetsregisteret
desk-compare = Endret fra { $old } til { $new }
desk-compare-same = Teksten er den samme.
desk-compare-spaces = Bare mellomrom og linjeskift er endret i teksten.
desk-compare-coarse = Mye er endret. Derfor vises noen avsnitt hele, uten at ordene er sammenlignet.
desk-compare-added = Nytt
desk-compare-removed = Tatt bort
desk-compare-changed = Endret
desk-compare-word-added = nytt:
desk-compare-word-removed = tatt bort:
desk-compare-word-end = , slutt,
desk-compare-answers = Andre opplysninger som er endret
desk-compare-what = Opplysning
desk-compare-before = Før
desk-compare-after = Nå
desk-compare-empty = tomt
desk-decide = Endre status eller skriv et notat
desk-decide-ask = Hva vil du gjøre?
desk-decide-note = Bare skriv et notat
desk-decide-withdrawn = Marker som trukket
desk-decide-superseded = Marker som erstattet av et annet svar
desk-decide-received = Sett tilbake til mottatt
desk-decide-by = Kvitteringsnummeret til svaret som gjelder i stedet
desk-decide-by-hint = Bare når du markerer svaret som erstattet.
desk-decide-note-hint = Du kan la feltet stå tomt når du endrer status. Høyst { $max_chars } tegn. Notatet blir lagret sammen med svaret.
desk-noted = Notatet er lagret.
desk-decided = Lagret. Status nå: { $status }.
desk-wrong-decision = Velg hva du vil gjøre med svaret.
desk-wrong-same = Svaret har denne statusen allerede. Skriv et notat hvis du vil legge til noe.
desk-wrong-meanwhile = Statusen er endret etter at du åpnet siden. Se hva som gjelder nå, og lagre på nytt hvis det fortsatt er riktig.
desk-wrong-no-by = Skriv kvitteringsnummeret til svaret som gjelder i stedet.
desk-wrong-by =
    Vi kan ikke bruke { $reference } her. Skriv kvitteringsnummeret til et annet svar på samme høring.
    Et svar som er trukket, eller som dette har erstattet, kan ikke velges.
desk-wrong-no-note = Skriv notatet.
desk-wrong-note = Notatet har { $count } tegn og kan ha { $max_chars }. Kort det ned.
desk-detail-status = Status
desk-detail-status-received = gjelder
desk-detail-status-superseded = erstattet
desk-detail-status-withdrawn = trukket
desk-detail-before-received = mottatt
desk-detail-before-superseded = erstattet
desk-detail-before-withdrawn = trukket
desk-detail-after = Etter
desk-detail-after-received = mottatt
desk-detail-after-superseded = erstattet
desk-detail-after-withdrawn = trukket
desk-detail-by = Erstattet av
desk-action-response-noted = Skrev et notat om svar
desk-action-response-status = Endret status på svar

access-title = Alt vi har om deg
access-about = Her er alt som er lagret om høringssvarene under, og om samtalen de kom fra. Ansvarlig:
access-response = Høringssvar
access-changes = Endringer
access-registered = Enhetsregisteret har
access-draft = Utkast som ikke er sendt inn
access-conversation = Samtalen, og det vi sa sist
access-set-aside = Det vi ikke kunne lese
access-log = Hva ansatte har gjort med svarene
access-matches = Svar som kan være dine
access-matches-why = De har samme e-postadresse eller telefonnummer. Det som er lagret om dem, er ikke med her.
