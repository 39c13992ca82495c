-- What the first schema held, as its own code wrote it: a response, two drafts, an event that was set aside.
PRAGMA application_id = 1231975280;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'innspill','first_schema','2026-11-24 10:14:20.430396+00:00');
CREATE TABLE consultations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        case_number TEXT NOT NULL,
        case_year INTEGER NOT NULL,
        case_sequence INTEGER NOT NULL,
        title TEXT NOT NULL,
        title_folded TEXT NOT NULL,
        opens_at TEXT,
        closes_at TEXT NOT NULL,
        url TEXT,
        closed_at TEXT,
        created_at TEXT NOT NULL
    ) STRICT
    ;
INSERT INTO "consultations" VALUES(1,'18/101',2018,101,'Rådmannens forslag til handlingsprogram 2020 – 2023','rådmannens forslag til handlingsprogram 2020 – 2023',NULL,'2026-12-31T23:00:00.000000Z',NULL,NULL,'2026-11-24T13:05:00.000000Z');
INSERT INTO "consultations" VALUES(2,'26/2044',2026,2044,'Detaljregulering for Eksempelveien skole','detaljregulering for eksempelveien skole',NULL,'2026-12-11T23:00:00.000000Z',NULL,NULL,'2026-11-24T13:05:00.000000Z');
INSERT INTO "consultations" VALUES(3,'26/77',2026,77,'Sykkelvei langs Eksempelelva','sykkelvei langs eksempelelva',NULL,'2026-11-15T23:00:00.000000Z',NULL,NULL,'2026-11-24T13:05:00.000000Z');
CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        channel TEXT NOT NULL,
        address TEXT NOT NULL,
        draft TEXT NOT NULL DEFAULT '',
        locale TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL,
        active_at TEXT NOT NULL,
        unreachable_at TEXT,
        session TEXT,
        UNIQUE (channel, address)
    ) STRICT
    ;
INSERT INTO "conversations" VALUES(1,'telegram','1','','en','2026-11-24T13:05:01.000000Z','2026-11-24T13:05:12.000000Z',NULL,'{"locale":"en","form_version":1,"last_draft":"mwupivd4","sent_messages":["4","6","7","8","10"]}');
INSERT INTO "conversations" VALUES(2,'telegram','2','mwupj4mg','en','2026-11-24T13:05:13.000000Z','2026-11-24T13:05:17.000000Z',NULL,'{"locale":"en","form_version":1,"draft":"mwupj4mg","last_draft":"mwupj4mg","touched_at":"2026-11-24T13:05:17Z","revision":3,"answers":{"respondent_type":{"":{"value":"registered_organisation","settled":true}},"organisation_number":{"":{"value":"974540193","settled":true,"message_id":"15"}},"organisation_name":{"[\"registered_organisation\",\"974540193\"]":{"value":"ASKER NÆRINGSRÅD","settled":true,"filled_by":"organisation_number"}},"register_status":{"[\"registered_organisation\",\"974540193\"]":{"value":"active","settled":true,"filled_by":"organisation_number"}},"organisation_form":{"[\"registered_organisation\",\"974540193\"]":{"value":"FLI","settled":true,"filled_by":"organisation_number"}},"address":{"[\"registered_organisation\",\"974540193\"]":{"value":"Drengsrudhagen 6","settled":true,"filled_by":"organisation_number"}},"postal":{"[\"registered_organisation\",\"974540193\"]":{"value":{"postal_code":"1385","postal_town":"ASKER","country":"NO"},"settled":true,"filled_by":"organisation_number"}},"email":{"":{"value":"ola@example.no","settled":true,"message_id":"17"}}},"last_message":"17","last_text":"94741e367b75"}');
INSERT INTO "conversations" VALUES(3,'telegram','3','mwupj8hc','en','2026-11-24T13:05:18.000000Z','2026-11-24T13:05:20.000000Z',NULL,'{"locale":"en","form_version":1,"draft":"mwupj8hc","last_draft":"mwupj8hc","touched_at":"2026-11-24T13:05:20Z","revision":2,"answers":{"respondent_type":{"":{"value":"private_person","settled":true}},"address":{"[\"private_person\",null]":{"value":"Eksempelveien 12","settled":true,"message_id":"20"}}},"last_message":"20","last_text":"d53fe52d8d8c"}');
CREATE TABLE events (
        channel TEXT NOT NULL,
        event_id TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (channel, event_id)
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "events" VALUES('telegram','1','2026-11-24T13:05:01.000000Z');
INSERT INTO "events" VALUES('telegram','10','2026-11-24T13:05:10.000000Z');
INSERT INTO "events" VALUES('telegram','11','2026-11-24T13:05:11.000000Z');
INSERT INTO "events" VALUES('telegram','12','2026-11-24T13:05:12.000000Z');
INSERT INTO "events" VALUES('telegram','13','2026-11-24T13:05:13.000000Z');
INSERT INTO "events" VALUES('telegram','14','2026-11-24T13:05:14.000000Z');
INSERT INTO "events" VALUES('telegram','15','2026-11-24T13:05:15.000000Z');
INSERT INTO "events" VALUES('telegram','16','2026-11-24T13:05:16.000000Z');
INSERT INTO "events" VALUES('telegram','17','2026-11-24T13:05:17.000000Z');
INSERT INTO "events" VALUES('telegram','18','2026-11-24T13:05:18.000000Z');
INSERT INTO "events" VALUES('telegram','19','2026-11-24T13:05:19.000000Z');
INSERT INTO "events" VALUES('telegram','2','2026-11-24T13:05:02.000000Z');
INSERT INTO "events" VALUES('telegram','20','2026-11-24T13:05:20.000000Z');
INSERT INTO "events" VALUES('telegram','3','2026-11-24T13:05:03.000000Z');
INSERT INTO "events" VALUES('telegram','4','2026-11-24T13:05:04.000000Z');
INSERT INTO "events" VALUES('telegram','5','2026-11-24T13:05:05.000000Z');
INSERT INTO "events" VALUES('telegram','6','2026-11-24T13:05:06.000000Z');
INSERT INTO "events" VALUES('telegram','7','2026-11-24T13:05:07.000000Z');
INSERT INTO "events" VALUES('telegram','8','2026-11-24T13:05:08.000000Z');
INSERT INTO "events" VALUES('telegram','9','2026-11-24T13:05:09.000000Z');
INSERT INTO "events" VALUES('telegram','99','2026-11-24T13:05:20.000000Z');
CREATE TABLE lookups (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
        question TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 1,
        UNIQUE (conversation_id, question)
    ) STRICT
    ;
CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
        kind TEXT NOT NULL,
        draft TEXT NOT NULL,
        edit_target TEXT,
        created_at TEXT NOT NULL,
        tried_at TEXT,
        sent_at TEXT,
        sent_id TEXT,
        message TEXT NOT NULL
    ) STRICT
    ;
INSERT INTO "outbox" VALUES(12,1,'receipt','',NULL,'2026-11-24T13:05:12.000000Z',NULL,NULL,NULL,'{"locale":"en","kind":"receipt","lines":[{"type":"text","key":"receipt","args":{}}],"rows":[{"label":{"type":"text","key":"row-reference","args":{}},"value":{"type":"text","key":"verbatim","args":{"text":"GU9GL4JF"}},"change":null},{"label":{"type":"text","key":"row-case","args":{}},"value":{"type":"text","key":"value-case","args":{"case_number":"26/2044","case_title":"Detaljregulering for Eksempelveien skole"}},"change":null},{"label":{"type":"text","key":"row-received","args":{}},"value":{"type":"text","key":"value-instant","args":{"at":{"type":"instant","at":"2026-11-24T13:05:12Z"}}},"change":null},{"label":{"type":"text","key":"row-from","args":{}},"value":{"type":"text","key":"verbatim","args":{"text":"Kari Nordmann"}},"change":null}],"after":[{"type":"text","key":"receipt-next","args":{"closes_at":{"type":"deadline","closes_at":"2026-12-11T23:00:00Z"}}}],"buttons":[{"data":"-:rest:new","label":{"type":"text","key":"label-new-response","args":{}},"primary":false},{"data":"-:rest:mine","label":{"type":"text","key":"label-mine","args":{}},"primary":false}],"document":{"name":"horingssvar-GU9GL4JF.txt","text":"Please keep the old oak trees by the school.","caption":{"type":"text","key":"receipt-text","args":{}}}}');
INSERT INTO "outbox" VALUES(18,2,'question','mwupj4mg',NULL,'2026-11-24T13:05:17.000000Z',NULL,NULL,NULL,'{"locale":"en","kind":"question","lines":[{"type":"text","key":"phone-ask","args":{"kind":"organisation","org_name":"ASKER NÆRINGSRÅD","optional":"yes"}}],"example":{"type":"text","key":"phone-example","args":{"kind":"organisation","org_name":"ASKER NÆRINGSRÅD","optional":"yes"}},"buttons":[{"data":"mwupj4mg:phone:skip","label":{"type":"text","key":"label-skip","args":{}},"primary":false},{"data":"mwupj4mg:phone:back","label":{"type":"text","key":"label-back","args":{}},"primary":false},{"data":"mwupj4mg:phone:help","label":{"type":"text","key":"label-help","args":{}},"primary":false},{"data":"mwupj4mg:phone:cancel","label":{"type":"text","key":"label-cancel","args":{}},"primary":false}],"step":"phone","progress":[4,8],"box":{"kind":"phone","autocomplete":"tel","value":"","max_length":40},"draft":"mwupj4mg"}');
INSERT INTO "outbox" VALUES(21,3,'question','mwupj8hc',NULL,'2026-11-24T13:05:20.000000Z',NULL,NULL,NULL,'{"locale":"en","kind":"question","lines":[{"type":"text","key":"postal-ask","args":{"kind":"person","org_name":"","optional":"no"}}],"example":{"type":"text","key":"postal-example","args":{"kind":"person","org_name":"","optional":"no"}},"buttons":[{"data":"mwupj8hc:postal:foreign","label":{"type":"text","key":"label-foreign","args":{}},"primary":false},{"data":"mwupj8hc:postal:back","label":{"type":"text","key":"label-back","args":{}},"primary":false},{"data":"mwupj8hc:postal:help","label":{"type":"text","key":"label-help","args":{}},"primary":false},{"data":"mwupj8hc:postal:cancel","label":{"type":"text","key":"label-cancel","args":{}},"primary":false}],"step":"postal","progress":[3,9],"box":{"kind":"short","autocomplete":"off","value":"","max_length":120},"draft":"mwupj8hc"}');
CREATE TABLE postal_codes (
        code TEXT PRIMARY KEY,
        town TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "postal_codes" VALUES('1385','ASKER');
CREATE TABLE response_answers (
        response_id INTEGER NOT NULL REFERENCES responses ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (response_id, key)
    ) STRICT, WITHOUT ROWID
    ;
CREATE TABLE responses (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        reference TEXT NOT NULL UNIQUE,
        conversation_id INTEGER REFERENCES conversations ON DELETE SET NULL,
        draft TEXT NOT NULL,
        consultation_id INTEGER NOT NULL REFERENCES consultations ON DELETE RESTRICT,
        received_at TEXT NOT NULL,
        late INTEGER NOT NULL CHECK (late IN (0, 1)),
        status TEXT NOT NULL CHECK (status IN ('received', 'superseded', 'withdrawn')),
        respondent_type TEXT NOT NULL,
        organisation_number TEXT,
        main_organisation_number TEXT,
        organisation_name TEXT,
        organisation_form TEXT,
        register_status TEXT,
        first_name TEXT,
        last_name TEXT,
        email TEXT,
        phone TEXT,
        address TEXT,
        postal_code TEXT,
        postal_town TEXT,
        country TEXT,
        channel TEXT NOT NULL,
        locale TEXT,
        form_version INTEGER NOT NULL,
        text TEXT NOT NULL,
        UNIQUE (conversation_id, draft)
    ) STRICT
    ;
INSERT INTO "responses" VALUES(1,'GU9GL4JF',1,'mwupivd4',2,'2026-11-24T13:05:12.000000Z',0,'received','private_person',NULL,NULL,NULL,NULL,NULL,'Kari','Nordmann','kari.nordmann@example.no',NULL,NULL,NULL,NULL,NULL,'telegram','en',1,'Please keep the old oak trees by the school.');
CREATE TABLE set_aside (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        channel TEXT NOT NULL,
        event_id TEXT NOT NULL,
        reason TEXT NOT NULL,
        at TEXT NOT NULL,
        raw TEXT NOT NULL
    ) STRICT
    ;
INSERT INTO "set_aside" VALUES(1,'telegram','99','cannot be read','2026-11-24T13:05:20.000000Z','not json');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX consultations_by_case ON consultations (case_year, case_sequence);
CREATE INDEX outbox_by_conversation ON outbox (conversation_id);
CREATE INDEX outbox_unsent ON outbox (conversation_id) WHERE sent_at IS NULL;
CREATE INDEX responses_by_consultation ON responses (consultation_id);
CREATE INDEX responses_by_time ON responses (received_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('consultations',3);
INSERT INTO "sqlite_sequence" VALUES('conversations',3);
INSERT INTO "sqlite_sequence" VALUES('outbox',21);
INSERT INTO "sqlite_sequence" VALUES('responses',1);
INSERT INTO "sqlite_sequence" VALUES('lookups',1);
INSERT INTO "sqlite_sequence" VALUES('set_aside',1);
COMMIT;
