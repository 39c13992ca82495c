"""Each table and each column: whose it is, who erases it, whether its owner is shown it, how long it is kept.

A test reads the schema and fails for what is not here. The order is that in which one would read a person's things.
"""

from __future__ import annotations

from storage.keeping.ownership import Column, Reach, Table, Whose

_WHEN = "when it happened, and nothing else"
_NUMBER = "a number of ours, which says nothing without its row"
_STATE = "one of a few words of ours"


def _of(whose: Whose, holds: str, *names: str, shown: bool = True) -> tuple[Column, ...]:
    return tuple(Column(name, whose, holds, shown) for name in names)


def _none(why: str, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "nobody", why) for name in names)


_BY_RESPONSE = Reach("response_id = :id", "with it")
_BY_CONVERSATION = Reach("conversation_id = :id", "with it")
_BY_STAFF = Reach("staff_id = :id", "with it")
_STAFF_EMAIL = "who = (SELECT email FROM staff WHERE id = :id)"
_ITS_CONVERSATION = "id = (SELECT conversation_id FROM responses WHERE id = :id)"
_SAME_CONVERSATION = "conversation_id = (SELECT conversation_id FROM responses WHERE id = :id)"
# A receipt belongs to no draft: that has ended. It names the response, as does all that tells of it later.
_SAID_OF_IT = (
    "conversation_id = (SELECT conversation_id FROM responses WHERE id = :id) AND"
    " (draft = (SELECT draft FROM responses WHERE id = :id)"
    " OR instr(message, (SELECT reference FROM responses WHERE id = :id)) > 0)"
)
# What came later from there belongs to another response, or to a draft.
_SET_ASIDE_BEFORE_IT = (
    "conversation_id = (SELECT conversation_id FROM responses WHERE id = :id) AND"
    " (at <= (SELECT received_at FROM responses WHERE id = :id)"
    " OR instr(raw, (SELECT reference FROM responses WHERE id = :id)) > 0)"
)

_RESPONSES = (
    Table(
        "responses",
        "until it is erased, or its retention is over",
        (
            *_none(_NUMBER, "id", "consultation_id", "replaced_by"),
            *_of("respondent", "by which the response is known; it opens nothing", "reference"),
            *_none("which conversation it came from; the person is known by its address, there", "conversation_id"),
            *_none("which of the conversation's drafts it was", "draft"),
            *_none(_WHEN, "received_at"),
            *_none(_STATE, "late", "status", "respondent_type", "register_status", "channel", "locale"),
            *_none("which version of the form was answered", "form_version"),
            *_of("respondent", "an organisation, which may be one person's", "organisation_number"),
            *_of("respondent", "an organisation, which may be one person's", "main_organisation_number"),
            *_of("respondent", "an organisation, whose name may be a person's", "organisation_name"),
            *_none("a code of the entity register's", "organisation_form"),
            *_of("respondent", "what they are called", "first_name", "last_name"),
            *_of("respondent", "how they are reached", "email", "phone"),
            *_of("respondent", "where they live or have their office", "address", "postal_code", "postal_town"),
            *_of("respondent", "where they live or have their office", "country"),
            *_of("respondent", "what they have to say", "text"),
            *_of("respondent", "the text as it is searched, where that is another", "folded_text", shown=False),
            *_of("respondent", "the text as it is searched; computed from the others", "words", shown=False),
            *_of("respondent", "names, put in order; computed from the others", "respondent_order", shown=False),
        ),
        {
            "response": Reach("id = :id", "with it"),
            "conversation": Reach("conversation_id = :id", "apart"),
        },
    ),
    Table(
        "response_answers",
        "as long as the response",
        (
            *_none(_NUMBER, "response_id"),
            *_none("the name of a question", "key"),
            *_of("respondent", "an answer", "value"),
        ),
        {"response": _BY_RESPONSE},
    ),
    Table(
        "response_digests",
        "as long as the response",
        (
            *_none(_NUMBER, "response_id"),
            *_of("respondent", "a digest of all the answers, by which a guess can be checked", "digest", shown=False),
        ),
        {"response": _BY_RESPONSE},
    ),
    Table(
        "response_changes",
        "as long as the response",
        (
            *_none(_NUMBER, "id", "response_id"),
            *_none(_WHEN, "at"),
            *_of("staff", "who changed it: one of the staff, the register or the respondent", "who", shown=False),
            *_none("the name of a column", "key"),
            *_of("respondent", "what stood in the response", "before", "after"),
            *_of("respondent", "what staff say of the response", "note"),
        ),
        {"response": _BY_RESPONSE, "staff": Reach(_STAFF_EMAIL, "apart", only=("who", "note"))},
    ),
    Table(
        "register_differences",
        "as long as the response",
        (
            *_none(_NUMBER, "response_id"),
            *_none("the name of a column", "key"),
            *_of("respondent", "an organisation's name or address, which may be a person's", "registered"),
        ),
        {"response": _BY_RESPONSE},
    ),
    Table(
        "responses_search",
        "as long as the response",
        (
            *_of(
                "respondent",
                "the same column of responses, of which it keeps the words only",
                *("reference", "organisation_name", "organisation_number", "first_name", "last_name", "email", "phone"),
                *("address", "postal_code", "postal_town", "words"),
                shown=False,
            ),
            *_none("how FTS5 is told what to do", "responses_search", "rank"),
        ),
        {"response": Reach("rowid = :id", "with it")},
    ),
    Table(
        "responses_search_data",
        "as long as the response",
        (*_none(_NUMBER, "id"), *_of("respondent", "the words of responses_search, packed", "block", shown=False)),
        beside="with responses_search, which overwrites a word that is deleted (FTS5's secure-delete)",
    ),
    Table(
        "responses_search_idx",
        "as long as the response",
        (
            *_none("where FTS5 has put something", "segid", "pgno"),
            *_of("respondent", "words of responses_search", "term", shown=False),
        ),
        beside="with responses_search",
    ),
    Table(
        "responses_search_docsize",
        "as long as the response",
        (*_none(_NUMBER, "id"), *_none("how many words each column has", "sz")),
    ),
    Table("responses_search_config", "always", _none("settings of FTS5", "k", "v")),
    Table(
        "jobs",
        "until it is done or given up; the sweep always",
        (
            *_none(_NUMBER, "id", "subject", "response_id"),
            *_none("names of ours", "kind", "about"),
            *_none(_WHEN, "begun_at", "noted_at", "due_at", "tried_at"),
            *_none("how often it has failed", "attempts"),
            *_none("the class of an error and its place in our code, never its words", "last_error"),
        ),
        {"response": _BY_RESPONSE},
    ),
)

_CONVERSATIONS = (
    Table(
        "conversations",
        "until it is erased; its draft, and by which cookie it is known, 30 days from its last activity",
        (
            *_none(_NUMBER, "id", "draft"),
            *_none(_STATE, "channel", "locale"),
            *_of("respondent", "a chat's number in Telegram, the hash of a cookie, or a user's name", "address"),
            *_none(_WHEN, "created_at", "active_at", "unreachable_at"),
            *_of("respondent", "every answer of a draft; of what was sent, which messages it was", "session"),
            *_none("how many of the next texts may be repeats", "may_repeat"),
        ),
        {"conversation": Reach("id = :id", "with it"), "response": Reach(_ITS_CONVERSATION, "apart")},
    ),
    Table(
        "outbox",
        "the latest of a conversation as long as that, the others 48 hours",
        (
            *_none(_NUMBER, "id", "conversation_id", "draft"),
            *_none(_STATE, "kind"),
            *_of("respondent", "the channel's number of a message to them", "edit_target", "sent_id", shown=False),
            *_none("in which topic of the chat, a number that says nothing without it", "topic"),
            *_none(_WHEN, "created_at", "tried_at", "sent_at"),
            *_of("respondent", "what they were told, which repeats their answers; a receipt has all", "message"),
            *_none("how much of it was said", "pieces_said"),
        ),
        {
            "conversation": _BY_CONVERSATION,
            "response": Reach(_SAID_OF_IT, "too"),
        },
    ),
    Table(
        "lookups",
        "until the entity register has answered, or the draft is gone",
        (
            *_none(_NUMBER, "id", "conversation_id"),
            *_of("respondent", "the organisation number or name that they typed", "question"),
            *_none(_WHEN, "asked_at"),
            *_none("how often it was asked", "attempts"),
        ),
        {"conversation": _BY_CONVERSATION, "response": Reach(_SAME_CONVERSATION, "apart")},
    ),
    Table(
        "events",
        "48 hours",
        (
            *_none(_STATE, "channel"),
            *_none("a number of the channel's or of a form, which leads to nobody", "event_id"),
            *_none(_WHEN, "at"),
        ),
    ),
    Table(
        "set_aside",
        "30 days: the sweep deletes it, seen or not",
        (
            *_none(_NUMBER, "id", "conversation_id"),
            *_none(_STATE, "channel"),
            *_of("anybody", "may name a conversation, where a lot of one was only counted", "event_id", shown=False),
            *_none("what was wrong with it, in our words", "reason"),
            *_none(_WHEN, "at", "seen_at"),
            *_of("anybody", "what somebody sent, as it came in, with what the channel says of them", "raw"),
            *_of("staff", "who has looked at it", "seen_by", shown=False),
        ),
        {
            "conversation": Reach("conversation_id = :id", "with it", only=("event_id", "raw")),
            "response": Reach(_SET_ASIDE_BEFORE_IT, "too", only=("event_id", "raw")),
            "staff": Reach("seen_by = (SELECT email FROM staff WHERE id = :id)", "apart", only=("seen_by",)),
        },
        beside="where it was not understood whose it is: found by a search for their words or address in `raw`",
    ),
    Table(
        "register_cache",
        "24 hours, or one where the register has no such number",
        (
            *_of("anybody", "an organisation number that somebody typed", "number"),
            *_of("anybody", "what a public register says of it; a sole proprietor's name is a person's", "answer"),
            *_none(_WHEN, "holds_until"),
        ),
        {"response": Reach("number = (SELECT organisation_number FROM responses WHERE id = :id)", "too")},
        beside="it says that somebody asked, and not who: others may have typed the same number",
    ),
)

_STAFF = (
    Table(
        "staff",
        "always: whose an entry of the audit log is must stay readable; credentials go when somebody is disabled",
        (
            *_none(_NUMBER, "id"),
            *_of("staff", "who they are", "email"),
            *_of("staff", "what they may do, and their language", "role", "locale"),
            *_of("staff", "since when, and until when", "created_at", "disabled_at"),
            *_of("staff", "by which they are known; no password", "password_hash", "code_secret", shown=False),
            *_none("which code of the app was used last", "code_step"),
        ),
        {"staff": Reach("id = :id", "with it")},
    ),
    Table(
        "staff_links",
        "24 hours, or until it is used",
        (
            *_none(_NUMBER, "staff_id"),
            *_of("staff", "a secret, of which only the hash is known", "hash", "browser_hash", shown=False),
            *_none(_WHEN, "expires_at"),
            *_of("staff", "by which they will be known", "password_hash", "code_secret", shown=False),
        ),
        {"staff": _BY_STAFF},
    ),
    Table(
        "recovery_codes",
        "until it is used",
        (*_none(_NUMBER, "staff_id"), *_of("staff", "a secret, of which only the hash is known", "hash", shown=False)),
        {"staff": _BY_STAFF},
    ),
    Table(
        "staff_sessions",
        "30 minutes after its last use, 12 hours at most",
        (
            *_none(_NUMBER, "id", "staff_id"),
            *_of("staff", "a secret, of which only the hash is known", "hash", shown=False),
            *_of("staff", "when they worked", "begun_at", "active_at"),
            *_of("staff", "from where they work, and with what", "address", "browser"),
        ),
        {"staff": _BY_STAFF},
    ),
    Table(
        "staff_browsers",
        "180 days after the last login",
        (
            *_none(_NUMBER, "staff_id"),
            *_of("staff", "a secret, of which only the hash is known", "hash", shown=False),
            *_of("staff", "when they logged in", "used_at"),
        ),
        {"staff": _BY_STAFF},
    ),
    Table(
        "login_delays",
        "one hour after the last attempt",
        (
            *_of("anybody", "a network address, or the hash of an e-mail address that was typed", "what", shown=False),
            *_none("how often it was tried, and whether that was written down", "attempts", "noted"),
            *_none(_WHEN, "last_at", "free_at"),
        ),
        beside="the sweep; nobody is found by it",
    ),
    Table(
        "last_exports",
        "always",
        (
            *_of("staff", "whose export", "who"),
            *_none("the hash of a choice, which may have named a person", "what"),
            *_none(_NUMBER, "response_id"),
            *_of("staff", "when they made it", "at"),
        ),
        {"staff": Reach(_STAFF_EMAIL, "apart")},
    ),
    Table(
        "searches",
        "the last 200 of each of the staff",
        (
            *_none(_NUMBER, "id"),
            *_of("staff", "who searched", "who"),
            *_of("anybody", "what for: often a person's name, e-mail address or phone number", "words", shown=True),
        ),
        {"staff": Reach(_STAFF_EMAIL, "apart")},
        beside="what names a respondent is found by a search for their names and contact data in `words`",
    ),
    Table(
        "audit_log",
        "always: no code changes or deletes an entry",
        (
            *_none("its place in the chain", "id", "hash"),
            *_of("staff", "when they did something", "at"),
            *_of("staff", "who did it", "who"),
            *_of("staff", "what they did, and to what: a reference, or one of the staff", "action", "object", "detail"),
            *_of("anybody", "the network address that it came from", "address"),
        ),
        {"staff": Reach("(SELECT email FROM staff WHERE id = :id) IN (who, object)", "never")},
        beside="it holds no answer of a respondent; a reference in it identifies nobody once its response is erased",
    ),
)

_NOBODYS = (
    Table(
        "tombstones",
        "always: what was erased stays erased, also after a restore",
        (
            *_of("anybody", "by which a response was known that is no more; it identifies nobody", "reference"),
            *_none("it is public", "case_number", "consultation_id"),
            *_none(_WHEN, "erased_at"),
            *_of("staff", "why, in the words of who erased it, which name nobody", "reason"),
        ),
        beside="nobody is found by it: what it names is gone",
    ),
    Table(
        "erased_counts",
        "always: a count outlives persons",
        _none(
            "a count of responses that are no more",
            *("consultation_id", "received_on", "status", "respondent_type", "channel", "late", "responses"),
        ),
    ),
    Table("copies", "always", _none("where a copy of the database was written", "path", "made_at")),
    Table(
        "consultations",
        "always: it is public",
        _none(
            "it is public",
            *("id", "case_number", "case_year", "case_sequence", "title", "title_folded", "opens_at", "closes_at"),
            *("url", "closed_at", "created_at"),
        ),
    ),
    Table("probe", "always", _none("what is written to see whether anything can be", "id", "filling")),
    Table("postal_codes", "until the register is loaded anew", _none("a public register", "code", "town")),
    Table("swept", "always", _none("how far the sweep has come", "what", "up_to")),
    Table("sqlite_sequence", "always", _none("how many rows there have been", "name", "seq")),
    Table("sqlite_schema", "always", _none("the schema", "type", "name", "tbl_name", "rootpage", "sql")),
    Table(
        "_sqlite_migrations", "always", _none("which migrations were made", "id", "migration_set", "name", "applied_at")
    ),
)

TABLES = (*_RESPONSES, *_CONVERSATIONS, *_STAFF, *_NOBODYS)
