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
town-letters = A town has letters only. Type it again.
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

## Role

role-ask =
    In which role are you responding?
    You can skip this.
label-chair = Chair
label-board-member = Board member
label-manager = Manager
label-employee = Employee
label-member = Member
label-another-role = Another role

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

## An earlier response

replaces-ask = { replaces-before } { $count ->
    [1] Does the new response replace the old one?
   *[other] Does the new response replace one of the old ones?
}
replaces-before = { $kind ->
    [organisation] Your organisation has responded to this consultation before.
   *[person] You have responded to this consultation before.
}
replaces-line = Received { $received_at }, reference number { $reference }.
replaces-reason = A response that is replaced stays in the case, marked “replaced”.

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
after-done = This came after “Done” and is not in the response yet:
after-done-ask = Do you want to add it?
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
        Remove the number, and save it again. Type an account number like this: 1234.56.78903
   *[other]
        This part is not saved: a number in it may be a national identity number.
        Remove the number, and send the part again. Type an account number like this: 1234.56.78903
}

## Any answer

national-id = { $channel ->
    [telegram]
        A number with 11 digits may be a national identity number. We do not need it and have not saved it.
        You may want to delete your message.
   *[other] A number with 11 digits may be a national identity number. We do not need it and have not saved it.
}
text-control = We found characters that cannot be shown. Type the answer with ordinary characters.
said-before-asked = Your message came before this question, so we have not saved it.
said-after-sending =
    The response has already been sent, so this message is not in it.
    Do you want to add something? Send a new response in the same case.
too-long = The answer can have { $max_chars } characters. Shorten it, and type it again.
short-text-empty = We need an answer in words.
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
    Do you want to correct something? Send a new response in the same name from here. We ask whether it replaces this.
    Write the reference number in the new response if you send it from elsewhere.
    Keep the reference number, and give it if you contact the municipality.
receipt-text = This is the text we received:
mine = Your responses:
mine-line = { $case_number } { $case_title }, received { $received_at }, reference number { $reference }
mine-line-superseded = { mine-line }, replaced by a later response
mine-line-withdrawn = { mine-line }, withdrawn
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
no-room =
    We cannot take in new responses right now. The fault is ours.
    What you sent in earlier is saved. Try again in a few hours.
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
help-role = The role shows who you are in the organisation, and if you respond for it.
help-case = The case number is in the letter or on the municipality’s website: year, slash, number.
help-replaces =
    Answer yes if the new response is to stand alone. Then put in everything that still holds.
    Answer no if you only want to add something.
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
name-role = Role
name-name = Name
name-contact-person = Contact person
name-consultation = Case
name-replaces = What the response replaces
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
row-replaces = Replaces
row-text = Response, { count-characters }
row-reference = Reference number
row-case = Case
row-received = Received
row-from = From

## Values

value-private-person = Private person
value-registered-organisation = Organisation in Enhetsregisteret
value-unregistered-organisation = Organisation without a number
value-chair = Chair
value-board-member = Board member
value-manager = Manager
value-employee = Employee
value-member = Member
value-another-role = Another role
value-skipped = skipped
value-case = { $case_number } { $case_title }
value-replaces-nothing = no earlier response
value-organisation = { $org_name }, organisation number { $org_number }
value-org-number = organisation number { $org_number }
value-place = { $place }, { COUNTRY($country) }
value-pair = { $first }{ $separator }{ $second }
value-instant = { $at }
# Behind a time in the hour that comes twice, when clocks are put back.
summer-time = summer time
winter-time = winter time
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
label-add-text = Yes, add it
label-leave-out = No, leave it out
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
label-replaces-it = Yes, replace { $reference }
label-replaces-one = Replace { $reference }
label-replaces-nothing = { $count ->
    [1] No, both stand
   *[other] No, they all stand
}
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
label-change-role = Change role
label-change-consultation = Change case
label-change-replaces = Change what the response replaces
label-change-text = Change response
label-wipe = Delete the draft on this device

## Web page

offline = You are offline. What you type stays on this device and is sent when you are online again.
page-expired = This page has been open for a long time. Your answers are saved. Reload the page, and continue.
wipe-ask = Do you want to delete the draft on this device? Receipts will no longer be shown here either. The municipality still has responses that have been sent.
wiped = The draft on this device has been deleted.
web-service = Consultation responses
web-made-up-title = For trying out
web-made-up = Enhetsregisteret is not connected here. The organisations that you find are made up.
web-menu = Always here
web-skip-to-content = Go to the content
web-skip = Go to the question
web-contact = Contact: { $contact }
web-start = Respond to a consultation
web-start-lead =
    Here you can respond to consultations from { $municipality }.
    You answer one question at a time. Your draft stays here for 30 days.
web-begin = Begin
web-start-case = Respond to “{ $case_title }”
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
    Your draft may be older than 30 days. Then you begin anew.
    Otherwise: Allow cookies from this site, and try again. We use one, to remember your answers.
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
web-privacy-kept = A draft stays here for 30 days after you last wrote in it. What we could not read is deleted after 30 days too. Responses that have been sent are archived.
web-privacy-browser-title = Cookies
web-privacy-browser =
    Your browser gets one cookie, to remember your answers. When you have written nothing for 30 days, it opens nothing any more.
    What you are writing is also kept in the browser, until you close the tab.
web-privacy-telegram-title = Telegram
web-privacy-telegram = Your messages go through Telegram if you respond there.
web-privacy-rights-title = What you can ask for
web-privacy-rights =
    You can ask the municipality to see and correct the details about you.
    It has a data protection officer whom you can ask.
    The Norwegian Data Protection Authority takes complaints.
web-no-contact = We cannot reach the service right now. What you write stays here and is sent when we can.
web-print = Print the receipt
web-sending = Sending …
web-own-window = Open the response in a window of its own
web-overview-title = All that you have answered
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
web-full =
    We cannot take in more text from this network today. What you answered before is saved.
    You can send in what is saved, or try again tomorrow.
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
web-accessibility-tell = Tell the municipality if something is hard to use.
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

## Exports: what the columns, the values and the choices are called

column-reference = Reference number
column-status = Status
column-case-number = Case number
column-consultation = Consultation
column-consultation-id = Consultation no.
column-received-at = Received
column-late = After the deadline
column-respondent-type = Respondent
column-organisation-number = Organisation number
column-main-organisation-number = Main entity’s organisation number
column-organisation-name = Organisation
column-organisation-form = Organisation form
column-register-status = Status in Enhetsregisteret
column-first-name = First name
column-last-name = Last name
column-email = Email
column-phone = Phone number
column-address = Address
column-postal-code = Postcode
column-postal-town = Town
column-country = Country
column-text = Response
column-attachments = Attachments
column-channel = Channel
column-locale = Language
column-form-version = Form version
column-register-language = Language in Enhetsregisteret
column-organisation-kind = Kind of organisation
column-role = Role
column-replaces = Replaces
column-replaced-by = Replaced by
value-country = { COUNTRY($country) }
value-status-received = Received
value-status-superseded = Replaced by a newer response
value-status-withdrawn = Withdrawn
value-late-true = Yes
value-late-false = No
value-register-status-active = Registered
value-register-status-bankrupt = Bankrupt
value-register-status-dissolving = Being wound up
value-register-status-deleted = Deleted
value-register-status-not-found = Not found
value-register-status-unverified = Not looked up yet
value-channel-telegram = Telegram
value-channel-web = Website
value-channel-terminal = Terminal
value-register-language-nb = Bokmål
value-register-language-nn = Nynorsk
value-organisation-kind-public-body = Public body
value-organisation-kind-sole-proprietor = Sole proprietorship
export-chosen = Selection
export-everything = All responses
export-since-last = New since the last export
export-received-from = Received from and including
export-received-before = Received before
export-without = Left out
export-words = Words searched for
export-filter = The selection for machines
export-count = Number of responses
export-latest = Latest response received
export-program = Program
export-sheet-responses = Responses
export-sheet-about = About the selection
export-goes-on = Long responses
export-goes-on-right = They go on in the columns to the right, marked (2), (3) and so on
export-number = No.
export-date = Received
export-respondent = Respondent
export-response = Response
export-summary = Summary
export-assessment = The municipality’s assessment
export-summer-time = { summer-time }
export-winter-time = { winter-time }
export-no-responses = No responses

## Staff: getting in, and one's own account

staff-desk = Responses for staff
staff-nav = The pages
staff-nav-consultations = Consultations
staff-nav-responses = Responses
staff-nav-downloads = Downloads
staff-nav-set-aside = Set aside
staff-nav-history = Who did what
staff-nav-people = Staff
staff-nav-account = Your account
staff-role = Role
staff-role-reader = reader
staff-role-editor = editor
staff-role-admin = administrator
staff-moment = { $at }

staff-log-in = Log in
staff-log-out = Log out
staff-email = Email address
staff-password = Password
staff-code = Code
staff-code-hint = Six digits from the app, or one of your recovery codes.
staff-code-app = Code from the app, six digits
staff-login-wrong = The email address, password or code does not match. A code works only once.
staff-wait = { $seconds ->
    [one] There have been many tries. Wait { $seconds } second, and try again.
   *[other] There have been many tries. Wait { $seconds } seconds, and try again.
}
staff-lost = Have you lost your password or app? Whoever invited you can make a new link.
staff-logged-out = You are no longer logged in, so nothing was changed. Log in, and try again.
staff-old-form = The form is too old, so nothing was changed. Go back, reload the page, and try again.
staff-not-for-you = Your role gives no access to this page.
staff-not-saved = This was not saved. The fault is ours. Wait a little, and try again.
staff-not-found = We cannot find this page.
staff-our-error = Something went wrong. The fault is ours.
staff-damaged = This response is damaged on the disk, so we do not show it. Tell those who run the service.
staff-error = The page cannot be shown
staff-to-the-front = To the front page

staff-link-over = The link has been used, or is older than a day. Whoever invited you can make a new one.
staff-choose-password = Choose a password
staff-invited = You are invited as { $role }, with the email address { $email }.
staff-password-new = New password
staff-password-again = The new password once more
staff-password-hint = At least { $count } characters. Several words in a row are fine, and spaces are allowed.
staff-password-short = The password is too short. Choose at least { $count } characters.
staff-password-long = The password is too long. Choose a shorter sentence.
staff-password-guessable = The password is easy to guess. Avoid words about you, the municipality or the year.
staff-password-again-wrong = The passwords differ. Type the same one twice.
staff-next = Next
staff-set-up-app = Set up an authenticator app
staff-app-why = To log in, you need your password and a code from a phone app.
staff-app-scan = Open an authenticator app on your phone, and scan the QR code.
staff-app-code = Type the code that the app shows.
staff-app-secret = Can the app not read the picture? Type this key into it:
staff-picture = QR code for the app
staff-code-wrong = The code does not match. Wait until the app shows a new one, and type that.
staff-codes = Recovery codes
staff-codes-told =
    You are logged in. Without your phone, you can use one of these codes instead.
    Each works once. Print them, or keep them in a password manager: they are shown only now.
staff-codes-kept = I have kept them
staff-codes-left = { $count ->
    [one] { $count } left
   *[other] { $count } left
}

staff-demo = Try the pages for staff
staff-demo-told =
    You come in as an administrator, without a password.
    The link works once, and only while the demo runs.
staff-demo-enter = Go in
staff-demo-over = The link has been used, or the demo was started again. It prints a new one.

staff-sessions = Where you are logged in
staff-sessions-told = You are logged out after half an hour without use, and always after twelve hours.
staff-session-browser = Browser
staff-session-address = Address
staff-session-begun = Logged in
staff-session-active = Last used
staff-session-this = This one
staff-session-end = Log out there
staff-language = Language
staff-change-password = Change password
staff-password-current = The password you have now
staff-current-wrong = The password is not the one you have now.

## Exports on paper

export-contact-person = Contact person
export-about-case = The case
export-other-answers = Other answers
export-contents = Contents
export-page = Page

## The staff desk

desk-pattern-moment = d MMM y HH:mm
desk-pattern-day = d MMM y
desk-all = All
desk-all-consultations = All consultations
desk-consultation = Consultation
desk-title = Title
desk-state = State
desk-state-open = Open
desk-state-late = Past the deadline, still takes responses
desk-state-planned = Not open yet
desk-state-closed = Closed
desk-first-day = First day
desk-last-day = Last day
desk-documents = Documents
desk-link = Link for residents
desk-qr-code = QR code for posters
desk-link-telegram = Link to Telegram
desk-responses = Responses
desk-responses-to = responses to { $case_title }
desk-new = Last 24 hours
desk-late = Late
desk-unverified = Not looked up
desk-unseen = { $count ->
    [one] { $count } message was set aside, and nobody has looked at it.
   *[other] { $count } messages were set aside, and nobody has looked at them.
}
desk-no-consultations = There are no consultations yet.
desk-other-rounds = Other consultations in the case
desk-add = New consultation
desk-change = Change
desk-change-consultation = Change the consultation
desk-save = Save
desk-back = Back without saving
desk-close = Close the consultation
desk-close-ask = Close the consultation?
desk-close-means = No more responses are taken in then, not even late ones. You can reopen it.
desk-reopen = Reopen the consultation
desk-reopen-ask = Reopen the consultation?
desk-reopen-means = Responses are taken in again then. Those after the last day are marked.
desk-hint-case-number = Year, slash and number, such as 18/101.
desk-hint-title = As residents see it, at most 300 characters.
desk-hint-opens = Empty means that it is open at once.
desk-hint-closes = Responses that come later are marked.
desk-hint-closes-change = Responses that are in keep the mark that they have.
desk-hint-url = Where the documents are, such as https://example.no/case.
desk-wrong-fields = { $count ->
    [one] Something is missing in { $count } field. Nothing is saved yet.
   *[other] Something is missing in { $count } fields. Nothing is saved yet.
}
desk-wrong-case-number = Write the case number as year, slash and number, such as 18/101.
desk-wrong-title = Write a title on one line, at most 300 characters.
desk-wrong-opens = Write the first day as 2026-12-31, or leave the field empty.
desk-wrong-closes = Write the last day as 2026-12-31.
desk-wrong-order = The last day is before the first day. Change one of them.
desk-wrong-url = Write the whole address, beginning with https://, or leave the field empty.
desk-chart = Responses per day
desk-chart-says = { $count ->
    [one] Bars for responses per day, at most { $count } in a day. The table below has the figures.
   *[other] Bars for responses per day, at most { $count } in a day. The table below has the figures.
}
desk-chart-table = Show the figures
desk-day = Day
desk-earlier = Earlier
desk-latest = The latest responses
desk-show-all = { $count ->
    [one] Show { $count } response
   *[other] Show all { $count } responses
}
desk-no-responses = No responses have come yet.
desk-from-whom = From
desk-search = Search
desk-search-hint = Words, beginnings of words, and phrases in quotation marks. Also names, email, phone, organisation and reference numbers.
desk-deadline = Deadline
desk-in-time = In time
desk-too-late = Late
desk-from = From
desk-to = To
desk-only-unverified = Only those not looked up
desk-order = Order
desk-order-newest = Newest first
desk-order-oldest = Oldest first
desk-order-respondent = Respondent
desk-order-case = Case
desk-find = Show
desk-clear = Clear
desk-found = { $count ->
    [0] No responses match this.
    [one] { $count } response
   *[other] { $count } responses
}
desk-pages = Pages
desk-pages-below = Pages, below the list
desk-first-page = First page
desk-previous-page = Previous page
desk-next-page = Next page
desk-mark-late = Late
desk-mark-unverified = Not looked up
desk-neighbours = Responses beside this one
desk-to-the-list = To the list
desk-previous = Previous response
desk-next = Next response
desk-section-respondent = Respondent
desk-section-contact = Contact person
desk-section-case = The case
desk-section-received = About the response
desk-differs = The entity register has this otherwise
desk-hand-on = Download this response
desk-format = Format
desk-format-csv = CSV, spreadsheet
desk-format-xlsx = Excel
desk-format-json = JSON
desk-format-ndjson = JSON, one response a line
desk-format-pdf = PDF, one file a response
desk-format-pdf-public = PDF without address, e-mail and phone
desk-format-pdf-all = PDF, one file a consultation
desk-format-docx = Word, table for assessment
desk-format-fiks-arkiv = KS Fiks Arkiv
desk-format-archive = All formats in one ZIP
desk-download = Download
desk-download-more = More choices
desk-download-these = Download these
desk-with-words = Words:
desk-since-last = Only what is new since my last download
desk-since-last-means = New is what came after your last download of the same, in the same format.
desk-chosen-now = { $count ->
    [one] { $count } response was chosen when this page was opened.
   *[other] { $count } responses were chosen when this page was opened.
}
desk-chosen-of-each = Of them:
desk-public-means = PDF without address, e-mail and phone holds only responses that stand.
desk-wrong-not-public = Withdrawn responses are not part of a PDF for everybody. Choose another format or another status.
desk-wrong-format = Choose a format from the list.
desk-my-downloads = Your downloads
desk-asked = Ordered
desk-job-waiting = Waiting
desk-job-running = Being written
desk-job-ready = Ready
desk-job-failed = Failed
desk-job-too-big = The file was too big
desk-job-damaged = Damage on the disk
desk-kept-an-hour = A finished file stays here for an hour, or until newer ones need the room. Only you can fetch it.
desk-download-waiting = Waiting until the download before it is done.
desk-download-begun = Beginning to write.
desk-download-running = { $part } of { $whole } responses are written.
desk-download-ready = Done: { $whole } responses, { $size }.
desk-download-failed = This failed, and the mistake is ours. Nothing was downloaded. Try again in a while.
desk-download-too-big =
    The file would be larger than 2 GB, and nothing was downloaded. Choose fewer responses.
    Whoever runs the service can fetch it all with the command innspill export.
desk-download-damaged = A response is damaged on the disk, and nothing was downloaded. Tell those who run the service.
desk-download-gone = The file is not here any more. Order it again under downloads.
desk-too-many-downloads = You have many downloads under way. Wait until one is done, or cancel one.
desk-progress = How far the download has come
desk-fetch = Fetch the file
desk-see-whether-ready = See whether it is ready
desk-stop = Cancel the download
desk-delete = Delete the file
desk-to-downloads = To downloads
desk-set-aside-means = This came in, and we could not read or handle it. No response was lost by that. We delete it after 30 days.
desk-nothing-set-aside = Nothing is set aside.
desk-when = When
desk-reason = Reason
desk-raw = As it came
desk-show = Show
desk-seen = Seen by
desk-not-seen = Nobody yet
desk-mark-seen = Mark as seen
desk-who = Who
desk-nobody = Unknown
desk-action = Action
desk-object = What
desk-where = From address
desk-detail = Details
desk-detail-everything = All
desk-detail-yes = yes
desk-detail-no = no
desk-detail-count = Count
desk-detail-filter = Choice
desk-detail-format = Format
desk-detail-case-number = Case number
desk-detail-consultation-id = Number of the consultation
desk-detail-consultation = Number of the consultation
desk-detail-respondent-type = Who responds
desk-detail-channel = Channel
desk-detail-late = After the deadline
desk-detail-unverified = Only not looked up
desk-detail-received-from = Received from
desk-detail-received-before = Received before
desk-detail-after-id = Newer than response number
desk-detail-search = Search number
desk-detail-reference = Reference number
desk-detail-title = Title
desk-detail-closes = Last day
desk-detail-opens = First day
desk-detail-url = Documents
desk-detail-role = Role
desk-detail-before = Before
desk-detail-reason = Reason
desk-detail-reason-password = wrong password
desk-detail-reason-code = wrong code
desk-detail-reason-early = tried again too early
desk-detail-reason-unknown = unknown account
desk-detail-with = With
desk-detail-with-demo-link = the demo link
desk-detail-first = From
desk-detail-last = To
desk-action-login = Logged in
desk-action-login-failed = Login failed
desk-action-logout = Logged out
desk-action-session-ended = Ended a session
desk-action-staff-invited = Invited
desk-action-staff-enrolled = Took up the invitation
desk-action-staff-password-changed = Changed password
desk-action-staff-password-change-failed = Password change failed
desk-action-staff-enrolment-failed = Wrong code while taking up the invitation
desk-action-staff-reset = Made a new link
desk-action-staff-disabled = Locked out
desk-action-staff-role-changed = Changed a role
desk-action-consultation-added = Added a consultation
desk-action-consultation-changed = Changed a consultation
desk-action-consultation-closed = Closed a consultation
desk-action-consultation-reopened = Reopened a consultation
desk-action-response-viewed = Read a response
desk-action-responses-listed = Saw a list of responses
desk-action-responses-searched = Searched
desk-action-responses-exported = Exported responses
desk-action-database-copied = Made a backup
desk-action-database-restored = Restored a backup
desk-action-postcodes-loaded = Loaded postal codes
desk-action-set-aside-viewed = Read what was set aside
desk-action-set-aside-seen = Marked as seen
desk-invite = Invite
desk-change-role = Change the role
desk-acts = What you can do
desk-new-link = New link
desk-disable = Lock out
desk-member-invited = Invited
desk-member-expired = The link is too old
desk-member-enrolled = In use
desk-member-disabled = Locked out
desk-link-for = Give this link to { $email }. It is shown only now, works once, and lasts a day.
desk-wrong-email = Write the whole e-mail address, such as kari.nordmann@example.no.
desk-already-invited = This address was invited before. Make a new link in the list.
desk-not-yourself = You cannot do this to your own account. Ask another administrator.

## Exports: what takes longer, and volumes

desk-download-running-again = { $part } of { $whole } responses, in reading number { $reading } of them.
value-part = part { $number } of { $of }

## The desk: the account of a demo

desk-member-demo = Account for trying out, no password

## Versions at the desk

desk-status = Status
desk-status-received = Stands
desk-status-superseded = Replaced
desk-status-withdrawn = Withdrawn
desk-count-received = { $count ->
    [one] { $count } stands
   *[other] { $count } stand
}
desk-count-superseded = { $count } replaced
desk-count-withdrawn = { $count } withdrawn
desk-replaced-by = Replaced by { $reference }
desk-older-version = This is an older version. { $reference } stands now.
desk-still-replaced = Still marked as replaced by this one: { $references }
desk-versions = Versions
desk-version-shown = shown here
desk-see-changes = See what has changed
desk-see-changes-of = from { $old } to { $new }
desk-happened = What happened to the response
desk-happening = Event
desk-note = Note
desk-note-alone = Wrote a note
desk-received-by = Received: { $how }
desk-changed = { $what }: from “{ $before }” to “{ $after }”
desk-changed-in = { $what }: “{ $after }”
desk-changed-out = { $what }: “{ $before }” was taken away
desk-changed-by-respondent = The respondent
desk-changed-by-entity-register = Enhetsregisteret
desk-compare = Changes from { $old } to { $new }
desk-compare-same = The text is the same.
desk-compare-spaces = Only spaces and line breaks have changed in the text.
desk-compare-coarse = Much has changed. So some paragraphs are shown whole, without comparing their words.
desk-compare-added = New
desk-compare-removed = Taken away
desk-compare-changed = Changed
desk-compare-word-added = new:
desk-compare-word-removed = taken away:
desk-compare-word-end = , end,
desk-compare-answers = Other details that have changed
desk-compare-what = Detail
desk-compare-before = Before
desk-compare-after = Now
desk-compare-empty = empty
desk-decide = Change the status or write a note
desk-decide-ask = What do you want to do?
desk-decide-note = Only write a note
desk-decide-withdrawn = Mark as withdrawn
desk-decide-superseded = Mark as replaced by another response
desk-decide-received = Set back to received
desk-decide-by = Reference number of the response that stands instead
desk-decide-by-hint = Only when you mark the response as replaced.
desk-decide-note-hint = You can leave this empty when you change the status. At most { $max_chars } characters. The note is kept with the response.
desk-noted = The note is saved.
desk-decided = Saved. Status now: { $status }.
desk-wrong-decision = Choose what you want to do with the response.
desk-wrong-same = The response has this status already. Write a note if you want to add something.
desk-wrong-meanwhile = The status was changed after you opened the page. See what holds now, and save again if it is still right.
desk-wrong-no-by = Write the reference number of the response that stands instead.
desk-wrong-by =
    We cannot use { $reference } here. Write the reference number of another response to the same consultation.
    A response that is withdrawn, or that this one has replaced, cannot be chosen.
desk-wrong-no-note = Write the note.
desk-wrong-note = The note has { $count } characters and can have { $max_chars }. Shorten it.
desk-detail-status = Status
desk-detail-status-received = stands
desk-detail-status-superseded = replaced
desk-detail-status-withdrawn = withdrawn
desk-detail-before-received = received
desk-detail-before-superseded = replaced
desk-detail-before-withdrawn = withdrawn
desk-detail-after = After
desk-detail-after-received = received
desk-detail-after-superseded = replaced
desk-detail-after-withdrawn = withdrawn
desk-detail-by = Replaced by
desk-action-response-noted = Wrote a note on a response
desk-action-response-status = Changed the status of a response

access-title = Everything we have about you
access-about = This is all that is kept about these responses. It includes the conversation they came from. Responsible:
access-response = Response
access-changes = Changes
access-registered = The entity register has
access-draft = Draft that was not sent in
access-conversation = The conversation, and what we said last
access-set-aside = What we could not read
access-log = What staff have done with the responses
access-matches = Responses that may be yours
access-matches-why = They have the same e-mail address or phone number. What is kept about them is not included here.
