### Everything that Innspill says in English: British and plain. A text that is missing here is said in bokmål.
###
### Every text may use $municipality, $contact, $privacy_url, $web_url and $channel (telegram, web or terminal).
### $kind is `person` or `organisation`. Spaces inside numbers are no-break spaces (U+00A0).

language-name = English
pattern-instant = EEEE d MMMM y 'at' HH:mm
pattern-day = EEEE d MMMM y
pattern-deadline = EEEE d MMMM y 'at' HH:mm', Norwegian time'
progress = { $n } of { $total }.
count-parts = { $part_count ->
    [one] { $part_count } part
   *[other] { $part_count } parts
}
count-characters = { $char_count ->
    [one] { $char_count } character
   *[other] { $char_count } characters
}
time-left = { COUNTDOWN($days) ->
    [-1] the deadline has passed
    [0] last day
    [one] { $days } day left
   *[other] { $days } days left
}

## Start

welcome =
    Welcome. Here you can respond to consultations from { $municipality }.
    { welcome-public }
welcome-case =
    Welcome. Here you respond to “{ $case_title }” from { $municipality }.
    Deadline: { $closes_at } ({ $time_left }).
    { welcome-public }
welcome-public =
    Your response will be public, with your name. We do not show your address, email or phone number publicly.
    There are about { $step_count } short steps, and you can change everything before you send. Choose “Back”, “Help” or “Cancel” at any time.
    Read more about privacy: { $privacy_url }
welcome-none-open = { $municipality } has no open consultations right now. You are welcome back later.
link-unknown = We cannot find the case in the link. You can choose a case later.
link-closed = The municipality no longer takes responses to “{ $case_title }”.
link-not-open = The consultation about “{ $case_title }” opens { $opens_at }.
link-beside-draft = Your draft is about “{ $case_title }”. You can change the case before you send it.
draft-found =
    Welcome back. You have a draft from { $saved_at }, at step { $n } of { $total }.
    Do you want to continue? “Start again” deletes the draft.
draft-expired =
    The draft has been deleted because it was left untouched for 30 days.
    { $channel ->
        [web] Choose “New response” to start again.
       *[other] Type /start to start again.
    }

## Type of respondent

type-ask =
    Who are you responding for?
    Choose “Organisation in Enhetsregisteret” if the club, association or company has an organisation number.
choose-again = { $channel ->
    [web] We did not recognise the answer. Choose one of the options.
   *[other] We did not recognise the answer. Choose one of the options, or type it.
}
choose-example = Example: { $first_choice }

## Organisation

org-number-ask =
    What is your organisation number? It has 9 digits.
    You can also type a part of the name, and we look for it.
org-number-example = Example: 974 760 673
org-number-short = { $count ->
    [one] The number has { $count } digit, but it should have 9. See if something is missing, and type it again.
   *[other] The number has { $count } digits, but it should have 9. See if something is missing, and type it again.
}
org-number-long = The number has { $count } digits, but it should have 9. See if something is there twice, and type it again.
org-number-eight = The number has 8 digits, like a phone number. An organisation number has 9. Type it again.
org-number-letters = We found characters that are not digits. Type only the 9 digits.
org-number-check =
    This number does not add up: { $org_number }. Two digits may have swapped places.
    Look at a letter or an invoice, and type it again.
org-number-stuck = Can you not find the number? Choose “Continue without a number”.
looking-up = We are looking up { $org_number } in Enhetsregisteret. It takes a few seconds.
still-looking = We are still waiting for Enhetsregisteret.
already-looking = We are already looking up the number in Enhetsregisteret. It takes a few seconds.
org-card =
    Enhetsregisteret (the Norwegian register of organisations) has this:
    { $org_name }, { $org_form }
    { $address }
    Is this correct?
org-card-no-address =
    Enhetsregisteret (the Norwegian register of organisations) has this:
    { $org_name }, { $org_form }
    Is this correct?
org-card-no = Then we will try another number.
register-no-answer =
    Enhetsregisteret is not answering right now. This does not mean that your number is wrong.
    We will go on without looking it up.
register-unknown =
    We cannot find { $org_number } in Enhetsregisteret. Type the number again if something is wrong.
    If it is right, you can respond without the number.
register-deleted =
    { $org_name } was deleted from Enhetsregisteret { $date }.
    Type the new number if you have one. Otherwise you can respond without one.
register-deleted-renamed =
    { $org_name } (before: { $old_names }) was deleted from Enhetsregisteret { $date }.
    Type the new number if you have one. Otherwise you can respond without one.
register-removed =
    Enhetsregisteret no longer shows anything about { $org_number }.
    Type another number if you have one. Otherwise you can respond without one.
card-address-doubtful = Enhetsregisteret is not sure of the address, so we ask for it afterwards.
card-note = Enhetsregisteret shows that the organisation is { $state }. You can still respond.
state-bankrupt = bankrupt
state-dissolving = being wound up
state-compulsory = being dissolved by a court
sub-entity =
    The number belongs to { $sub_name }, which is part of { $main_name }.
    Who are you responding for?
org-name-ask = What is the name of the organisation? Type the full name.
org-name-example = Example: Eksempelveien velforening
org-name-empty = We need a name with letters.
search-hits = { $count ->
    [one] We found { $count } organisation. Is it this one?
   *[other] We found { $count } organisations. Which one is it?
}
search-line = { $org_name }, { $place }. { $org_form }
searching = We are looking for “{ $query }” in Enhetsregisteret. It takes a few seconds.
search-no-answer =
    Enhetsregisteret is not answering right now, so we cannot look for names.
    Type the 9 digits, or try again.
search-none =
    We found no organisation with “{ $query }” in its name.
    Type another part of the name, or the 9 digits.

## Address

address-ask = { $kind ->
    [organisation] What is the postal address of { $org_name }?
   *[person] What is your address? We do not show it publicly, and you can skip this.
}
address-example = Example: Eksempelveien 12
address-empty = We need a street and number, a PO box or the name of a farm.
address-split =
    Address: { $address }
    Postcode and town: { $postal_code } { $postal_town }
    Is this correct?
postal-ask = What are the postcode and town?
postal-example = Example: 1385 Asker
postal-empty = We need a postcode and a town.
postal-invalid = A Norwegian postcode has 4 digits. Type it together with the town.
town-ask = Which town does { $postal_code } belong to?
town-example = Example: Asker
town-digits = There are digits in the town. Type it with letters.
foreign-ask = Type the postcode, the town and the country.
foreign-example = Example: 8700 Horsens, Denmark
foreign-country = We did not find a country. Type the country last, after a comma.
postal-mismatch =
    { $postal_code } belongs to { $register_town }. Should it be { $postal_code } { $register_town }?
    “No” keeps what you typed.
postal-unknown = We do not know the postcode { $postal_code }. Is it right?

## E-mail

email-ask =
    Which email address can the municipality reach you at? We do not show it publicly.
    You can skip this and give a phone number instead.
email-example = Example: kari.nordmann@example.no
email-at = The address has no @. Type the whole address.
email-domain = Something is missing after @, for example .no. Type the whole address.
email-space = There is a space in the address. Type it without.
email-several = We can take one address. Type the one you use most.
email-other = We could not read the address. Type it again.
email-typo =
    You typed { $email }. Should it be { $suggestion }?
    “No” keeps what you typed.

## Phone

phone-ask = { $optional ->
    [yes] Which phone number can the municipality reach you at? We do not show it publicly.
   *[no]
        Which phone number can the municipality reach you at? We do not show it publicly.
        We need a phone number when we have no email address.
}
phone-example = Example: 22 00 00 00
phone-length = { $count ->
    [one] The number has { $count } digit. A Norwegian number has 8. From other countries it begins with +.
   *[other] The number has { $count } digits. A Norwegian number has 8. From other countries it begins with +.
}
phone-length-example = Example: 22 00 00 00 or +46 8 465 004 00
phone-letters = We found characters that are not digits. Type only the number.
phone-unknown = We do not recognise the number. See if a digit is wrong, and type it again.
phone-needed = We need a phone number or an email address. Type the phone number, or choose “Back” and type the email address.

## Name

first-name-ask =
    { $kind ->
        [organisation] What is the first name of the contact person?
       *[person] What is your first name?
    }
    Middle names are welcome too. The name will be public together with the response.
first-name-example = Example: Kari
last-name-ask = What is the last name? Skip this if you have only one name.
last-name-example = Example: Nordmann
name-digits = There are digits in the name. Type it with letters.
name-empty = We need a name with letters.
name-too-long = The name can have { $max_chars } characters. Shorten it, and type it again.
name-split =
    First name: { $first_name }
    Last name: { $last_name }
    Is this correct?
name-split-no = Then we will take one name at a time.

## Consultation

case-ask =
    Which case is your response about?
    Choose one, or type the case number or a word from the title.
case-example = Example: { $first_case_number }
case-line = { $case_number } { $case_title }. Deadline: { $closes_at } ({ $time_left }).
case-found = Is it “{ $case_title }”, case { $case_number }? Deadline: { $closes_at } ({ $time_left }).
case-several = { $count ->
    [one] We found { $count } consultation. Is it this one?
   *[other] We found { $count } consultations. Which one is it?
}
case-no-hits =
    We found no open consultation with “{ $query }”.
    Try another word or the case number, or choose “Show all”.
case-none-open =
    { $municipality } has no open consultations right now.
    Your draft stays here for 30 days. You are welcome back.
case-closed =
    The deadline for “{ $case_title }” was { $closes_at }.
    You can still respond. We mark the response “after the deadline”, and the municipality decides whether to consider it.
case-gone = We cannot find the case any longer. Choose another one.
closed-by-staff =
    The municipality no longer takes responses to “{ $case_title }”.
    All your answers are saved, and you can choose another case.

## Response

response-ask =
    { $channel ->
        [web] Type or paste your response.
       *[other] Type or paste your response, in several messages if you like.
    }
    Say what you think, what you want changed, and why.
    The text will be public. Leave out national identity numbers and private details about other people.
    Choose “Done” when everything is in.
response-example = Example: I want a pavement along the school road because many children walk there.
response-part = Saved: { count-parts }, { count-characters }.
response-edited = The change is saved: { count-parts }, { count-characters }.
response-whole-saved = Saved: { count-characters }.
response-more = { $channel ->
    [web] Type more, or choose “Done”.
   *[other] Send more, or choose “Done”.
}
undone = The last part has been removed. Now: { count-parts }, { count-characters }.
undo-none = There is nothing to undo yet. Type your response.
response-preview = { $channel ->
    [web] This is your response now, { count-characters }:
   *[other] This is your response now, { count-characters } (page { $page } of { $page_count }):
}
response-empty = Your response is still empty. Type it here, and choose “Done” when everything is in.
response-invisible = The message has no visible characters. Type it with letters.
response-long = { $channel ->
    [web]
        The response can have { $max_chars } characters. It is { $over_count } too long, and the change is not saved.
        Shorten it, and save it again.
   *[other]
        The response can have { $max_chars } characters. This part is { $over_count } too long and is not saved.
        Shorten it, and send it again.
}
response-national-id = { $channel ->
    [web]
        The change is not saved: a number in the response may be a national identity number.
        Remove the number, and save it again.
   *[other]
        This part is not saved: a number in it may be a national identity number.
        Remove the number, and send the part again.
}

## Any answer

national-id = { $channel ->
    [telegram]
        A number with 11 digits may be a national identity number. We do not need it and have not saved it.
        You may want to delete your message.
   *[other] A number with 11 digits may be a national identity number. We do not need it and have not saved it.
}
text-control = We found characters that cannot be shown. Type the answer with ordinary characters.
too-long = The answer can have { $max_chars } characters. Shorten it, and type it again.
answer-edited = { $answer_label } is now { $value }.
answer-kept = The answer is as before.
edited-after-sending =
    The response has already been sent, so the change is not in it.
    Do you want to correct something? Send a new response in the same case.
edit-nothing = The message you changed is not one of the answers, so we changed nothing. You are here now:
edit-rejected = The change is not saved. Your earlier answer still holds.
changed = { $answer_label }: changed.

## Review

review = Check your response:
review-public = { $kind ->
    [organisation] When you send it, your response becomes public. It shows the names of the organisation and the contact person.
   *[person] When you send it, your response becomes public, with your name.
}
review-late = The deadline was { $closes_at }. We take the response in and mark it “after the deadline”.
review-unverified = The organisation number has not been looked up. You can send now.
review-stale = The response has changed since you checked it. Here it is now:

## Sending and receipt

already-sent = The response has been sent before. Reference number: { $reference }
not-sent =
    The response has not been sent yet. The fault is ours, and your draft is saved.
    Wait a few minutes, then choose “Send response” again.
receipt = Thank you. { $municipality } has received your response.
receipt-next =
    What happens now? Your response becomes part of the case and is there when the case is decided. You will not usually get a reply.
    { receipt-keep }
receipt-next-late =
    What happens now? Your response becomes part of the case. It came after the deadline, { $closes_at }, and the municipality decides whether to consider it. You will not usually get a reply.
    { receipt-keep }
receipt-keep =
    Do you want to correct something? Send a new response, and say that it replaces this one.
    Keep the reference number, and give it if you contact the municipality.
receipt-text = This is the text we received:
mine = Your responses:
mine-line = { $case_number } { $case_title }, received { $received_at }, reference number { $reference }
mine-draft = Draft: { $case_title }, last changed { $saved_at }
mine-draft-no-case = Draft: no case chosen, last changed { $saved_at }
mine-empty = { $channel ->
    [web] You have not sent a response from here yet. Choose “New response” to respond to a consultation.
   *[other] You have not sent a response from here yet. Type /start to respond to a consultation.
}

## Always

back-to = You answered: { $value }
back-first = This is the first question. Choose “Cancel” if you want to stop.
cancel-ask =
    Do you want to delete the draft?
    You can also take a break: the draft stays here for 30 days.
cancelled = { $channel ->
    [web] The draft has been deleted. Choose “New response” when you want to respond to a consultation.
   *[other] The draft has been deleted. Type /start when you want to respond to a consultation.
}
cancel-nothing = You have no draft now. Responses that you have sent are as before.
stale-button = The button belongs to an earlier question, so we changed nothing. You are here now:
unknown-command = { $channel ->
    [web] We do not know { $command }. Choose “Help” to see what you can do.
   *[other] We do not know { $command }. Type /help to see what you can do.
}
sticker = We cannot read stickers. Type the answer in words.
voice = We cannot listen to voice messages. Type the answer, or dictate it with the microphone on your keyboard.
photo = We cannot take pictures and files, and this is not saved. Type the content as text.
location = We do not need your location and have not saved it. Type the answer in words.
other = We cannot read this kind of message. Type the answer in words.
group =
    You respond in a private chat, so that others do not see your details.
    { $private_link }
language-ask = Choose a language. What you have typed yourself is not translated.
language-changed = The language is now English. Your answers are as before.

## Our fault

our-error =
    The fault is ours: we did not get your last message. Everything before it is saved.
    Send it again.
not-saved =
    This was not saved. The fault is ours. Your earlier answers are saved.
    Wait a few minutes, then send the same again.
rate-limited =
    Many messages came in a short time. The last ones are not saved.
    { $seconds ->
        [one] Wait { $seconds } second, and send them again.
       *[other] Wait { $seconds } seconds, and send them again.
    }

## Help

help-general =
    You answer one question at a time. Your draft stays here for 30 days.
    { $channel ->
        [web] “New response” begins, “My responses” shows what you have sent, “Language” changes the language.
       *[other] /start begins, /responses shows what you have sent, /language changes the language.
    }
help-type = Choose “Private person” when you respond for yourself. The others are for clubs, associations, companies and public bodies.
help-org-number =
    The number is often on invoices and letters. Spaces and “NO” do no harm.
    Example: 974 760 673 or NO 974 760 673 MVA
help-card = The name and address come from Enhetsregisteret. “Change address” is for this response only, not for the register.
help-org-name = Type the name as it stands in your statutes or on your letters.
help-address =
    { $kind ->
        [organisation] This is the address where the organisation receives its post.
       *[person] Your address shows where you live. It can count in planning cases. Skip this if your address is secret.
    }
    Example: Eksempelveien 12 or Postboks 1
help-postal = Type 4 digits and the town. Choose “Address outside Norway” if the address is in another country.
help-email = We need an email address or a phone number. Then the municipality can ask if something is unclear.
help-phone = We need a phone number or an email address. Then the municipality can ask if something is unclear.
help-first-name = A response cannot be anonymous. Type the name the way you write it yourself.
help-last-name = A response cannot be anonymous. Type the name the way you write it yourself.
help-case = The case number is in the letter or on the municipality’s website: year, slash, number.
help-response =
    { $channel ->
        [telegram]
            A short response is as good as a long one. “Undo last” removes the last part.
            A message that you delete in Telegram does not disappear here.
        [web] A short response is as good as a long one.
       *[other] A short response is as good as a long one. “Undo last” removes the last part.
    }
help-review = Nothing has been sent yet. Choose “Change …” for what you want to correct.
help-privacy =
    It is the municipality’s task to receive responses, and it uses your details for that.
    { $channel ->
        [telegram]
            The response is archived. Read more: { $privacy_url }
            The messages go through Telegram. You can also respond in the browser: { $web_url }
       *[other] The response is archived. Read more: { $privacy_url }
    }

## Names of the steps

name-respondent-type = Who is responding
name-organisation-number = Organisation number
name-organisation-name = Organisation
name-address = Address
name-postal = Postcode and town
name-email = Email
name-phone = Phone number
name-first-name = First name
name-last-name = Last name
name-name = Name
name-contact-person = Contact person
name-consultation = Case
name-text = Response

## Rows of the review and of the receipt

row-respondent-type = Who is responding
row-name = { $kind ->
    [organisation] Contact person
   *[person] Name
}
row-address = Address (not shown publicly)
row-email = Email (not shown publicly)
row-phone = Phone number (not shown publicly)
row-text = Response, { count-characters }
row-reference = Reference number
row-case = Case
row-received = Received
row-from = From

## Values

value-private-person = Private person
value-registered-organisation = Organisation in Enhetsregisteret
value-unregistered-organisation = Organisation without a number
value-skipped = skipped
value-case = { $case_number } { $case_title }
value-organisation = { $org_name }, organisation number { $org_number }
value-org-number = organisation number { $org_number }
value-place = { $place }, { COUNTRY($country) }
value-pair = { $first }{ $separator }{ $second }
value-instant = { $at }
value-text = { count-parts }, { count-characters }

## Buttons

label-private-person = Private person
label-registered-organisation = Organisation in Enhetsregisteret
label-unregistered-organisation = Organisation without a number
label-yes = Yes, that is correct
label-no = No
label-skip = Skip
label-back = Back
label-help = Help
label-cancel = Cancel
label-done = Done
label-send = Send response
label-keep = Keep
label-undo = Undo last
label-preview = Preview
label-show-more = Show more
label-show-previous = Show previous
label-show-all = Show all
label-show-whole = Show whole response
label-continue = Continue
label-start-again = Start again
label-try-again = Try again
label-without-number = Continue without a number
label-respond-anyway = Respond anyway
label-choose-another = Choose another case
label-foreign = Address outside Norway
label-home = Address in Norway
label-manual = Fill in myself
label-new-response = New response
label-mine = My responses
label-language = Language
label-delete-draft = Yes, delete the draft
label-keep-draft = No, continue
label-open-private = Open a private chat
label-see-answer = See whether the register has answered
label-review = Show all on one page
label-hit = { $org_name }, { $place }
label-case = { $case_number } { $case_title }
label-change-respondent-type = Change who is responding
label-change-organisation = Change organisation
label-change-name = Change name
label-change-address = Change address
label-change-email = Change email
label-change-phone = Change phone number
label-change-consultation = Change case
label-change-text = Change response
label-wipe = Delete the draft on this device

## Web page

offline = You are offline. What you type stays on this device and is sent when you are online again.
page-expired = This page has been open for a long time. Your answers are saved. Reload the page, and continue.
wipe-ask = Do you want to delete the draft on this device? The municipality still has responses that have been sent.
wiped = The draft on this device has been deleted.
web-service = Consultation responses
web-made-up-title = For trying out
web-made-up = Enhetsregisteret is not connected here. The organisations that you find are made up.
web-menu = Always here
web-skip = Go to the question
web-contact = Contact: { $contact }
web-start = Respond to a consultation
web-start-lead =
    Here you can respond to consultations from { $municipality }.
    You answer one question at a time. Your draft stays here for 30 days.
web-begin = Begin
web-start-link = Do you want to respond to the case in the link?
web-start-link-lead = You have been here before. If you have a draft, it will not be deleted.
web-begin-link = Respond to the case
web-stay = Continue where you were
web-next = Next
web-save = Save the draft
web-progress = Step { $n } of { $total }
web-mark-error = Error:
web-choices = Choices
web-or-type = Or type here
web-steps = The steps
web-here = You are here
web-change = Change
web-deadline = Deadline: { $closes_at } ({ $time_left }).
web-old-form = The page was old, so we changed nothing. This is where you are now:
web-unsaved = This is what you wrote. It is not saved.
web-error = This did not work
web-not-found = We cannot find this page. Your answers are saved.
web-too-large =
    The text is too long and is not saved.
    Go back in your browser, shorten it, and send it again.
web-unreadable =
    We could not read what your browser sent, and it is not saved.
    Go back in your browser, and try again.
web-elsewhere = The form came from another website, so we changed nothing.
web-cookies =
    We do not recognise your browser, so this is not saved.
    Allow cookies from this site, and try again. We use one, to remember your answers.
web-to-the-chat = Go to your response
web-privacy = Privacy
web-privacy-why-title = What we use your details for
web-privacy-why = The municipality has the task of receiving responses and uses your details for that. We do not need your national identity number.
web-privacy-public-title = What will be public
web-privacy-public = Your response will be public, with your name. If you respond for an organisation, so will its name.
web-privacy-contact-title = Address, email and phone number
web-privacy-contact =
    We do not show these publicly. The municipality uses them if something in your response is unclear.
    The municipality decides what others can see if somebody asks for access.
web-privacy-kept-title = How long we keep them
web-privacy-kept = A draft stays here for 30 days after you last wrote in it. Responses that have been sent are archived.
web-privacy-browser-title = Cookies
web-privacy-browser = Your browser gets one cookie, to remember your answers. It lasts for 30 days from your last visit.
web-privacy-telegram-title = Telegram
web-privacy-telegram = Your messages go through Telegram if you respond there.
web-privacy-rights-title = What you can ask for
web-privacy-rights = You can ask the municipality to see and correct the details about you.
web-no-contact = We cannot reach the service right now. What you write stays here and is sent when we can.
web-print = Print the receipt
web-log = What happened last
web-keys = Enter begins a new line. Ctrl and Enter do the same as “Done”.
web-left = Characters left:
web-overview = Show everything on one page
web-not-yet = Not answered yet
web-to-the-question = Back to the question
web-no-go-on = No, continue
web-to-the-start = Go to the start
web-busy =
    Very much comes from the same network right now. What you answered before is saved.
    Wait { $seconds } seconds, go back in the browser, and try again.
web-trap-label = Leave this field empty
web-trap = A hidden field was filled in, as programs do. Leave it empty, and try again.
web-embed-open = Respond to the consultation
web-embed-close = Close
web-embed-frame = Consultation response
web-accessibility = Accessibility
web-accessibility-what-title = What this is about
web-accessibility-what =
    This is about the pages for consultation responses of { $municipality }.
    They shall meet WCAG 2.2 at level AA. The law asks for WCAG 2.1 at level AA.
web-accessibility-how-title = How they are made
web-accessibility-how =
    You can use them with the keyboard alone, with a screen reader and without JavaScript.
    They also work at 400 % zoom and in dark colours.
    Every change of the program is tested automatically with axe in a real browser.
web-accessibility-known-title = What we know of
web-accessibility-known =
    We know of no fault now. Automatic tests do not find everything.
    Names and titles of cases stand in the language that they are written in.
web-accessibility-tell-title = Tell us of faults
web-accessibility-tell = Tell the municipality if something is hard to use. You can also respond in Telegram or on paper.
web-accessibility-complain-title = Complaints
web-accessibility-complain = The Norwegian supervisory authority for universal design of ICT takes complaints about websites.

## Terminal

terminal-hint = Type your answer, or the number in front of a choice. Ctrl-D ends.
terminal-finish = An empty line means “Done”.
terminal-draft-kept = Your draft stays here for 30 days. Type “innspill chat” when you want to continue.

## Telegram commands

# One command a line, as BotFather writes them: the word, a hyphen, what it does.
command-list =
    start - Respond to a consultation
    help - Get help with what you are doing
    back - Go one step back
    cancel - Stop and delete the draft
    language - Change language
    responses - See what you have sent
