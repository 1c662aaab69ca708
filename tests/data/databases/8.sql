BEGIN TRANSACTION;
CREATE TABLE chosen_collections (
        application integer not null, server integer not null, channel integer not null,
        name text not null,
        primary key (application, server, channel)
    );
INSERT INTO "chosen_collections" VALUES(100000000000000001,100000000000000002,100000000000000003,'notes.md');
CREATE TABLE feedback (
        message integer not null, "user" integer not null, server integer not null,
        channel integer not null, is_helpful integer not null, comment text not null,
        given_at text not null, application integer not null default 0,
        primary key (message, "user")
    );
INSERT INTO "feedback" VALUES(100000000000000005,100000000000000004,100000000000000002,100000000000000003,1,'thanks','2026-01-02T03:04:05+00:00',100000000000000001);
CREATE TABLE greeted_servers (
        application integer not null, server integer not null,
        primary key (application, server)
    );
INSERT INTO "greeted_servers" VALUES(100000000000000001,100000000000000002);
CREATE TABLE handed_on (
        application integer not null, message integer not null, server integer not null,
        channel integer not null, "user" integer not null, reply_to integer not null,
        question text not null, handed_at text not null, press integer not null,
        post_channel integer not null, post integer not null,
        closing integer not null, closed_by integer not null, closed_name text not null, answer text not null default '',
        primary key (application, message)
    );
INSERT INTO "handed_on" VALUES(100000000000000001,100000000000000005,100000000000000002,100000000000000003,100000000000000004,0,'Who planted the oak? 🌳','2026-01-02T03:04:05+00:00',100000000000000006,100000000000000003,100000000000000007,0,0,'','Anna Berg did; it''s old.');
CREATE TABLE helpers (
        application integer not null, server integer not null, channel integer not null,
        role integer not null,
        primary key (application, server)
    );
INSERT INTO "helpers" VALUES(100000000000000001,100000000000000002,100000000000000003,0);
CREATE TABLE leases (
        application integer not null, shard integer not null, shards integer not null,
        holder text not null, place text not null, expires_at real not null,
        primary key (application, shard)
    );
INSERT INTO "leases" VALUES(100000000000000001,0,1,'abababababababababababababababab','process 12 on host',1700000000.5);
CREATE TABLE left_servers (
        application integer not null, server integer not null, days integer not null,
        counted_on integer not null,
        primary key (application, server)
    );
INSERT INTO "left_servers" VALUES(100000000000000001,100000000000000102,3,20000);
CREATE TABLE policies (
        application integer not null, channel integer not null, server integer not null,
        mode text not null, reply text not null,
        primary key (application, channel)
    );
INSERT INTO "policies" VALUES(100000000000000001,100000000000000003,100000000000000002,'every','thread');
CREATE TABLE questions (
        message integer primary key, server integer not null, channel integer not null,
        "user" integer not null, asked_at text not null, question text not null,
        verdict text not null, confidence real not null
    , application integer not null default 0);
INSERT INTO "questions" VALUES(100000000000000005,100000000000000002,100000000000000003,100000000000000004,'2026-01-02T03:04:05+00:00','Who planted the oak? 🌳','declined',0.25,100000000000000001);
CREATE TABLE record_days (
        application integer not null, server integer not null, days integer not null,
        primary key (application, server)
    );
INSERT INTO "record_days" VALUES(100000000000000001,100000000000000002,3);
CREATE TABLE recorded_servers (
        application integer not null, server integer not null,
        primary key (application, server)
    );
INSERT INTO "recorded_servers" VALUES(100000000000000001,100000000000000002);
CREATE TABLE server_policies (
        application integer not null, server integer not null, mode text not null,
        reply text not null,
        primary key (application, server)
    );
INSERT INTO "server_policies" VALUES(100000000000000001,100000000000000002,'every','thread');
CREATE TABLE synced (application integer primary key, payload_hash text not null);
INSERT INTO "synced" VALUES(100000000000000001,'0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f');
CREATE TABLE taught (
        application integer not null, id integer not null, server integer not null,
        question text not null, answer text not null, taught_by integer not null,
        name text not null, taught_at text not null, edited_at text not null, link text not null,
        primary key (application, id)
    );
INSERT INTO "taught" VALUES(100000000000000001,7,100000000000000002,'Who planted the oak? 🌳','Anna Berg did; it''s old.',100000000000000004,'notes.md','2026-01-02T03:04:05+00:00','','');
CREATE TABLE uploads (
        application integer not null, id text not null, server integer not null,
        name text not null, kind text not null, content blob not null, size integer not null,
        passages integer not null, link text not null, added_by integer not null,
        adder text not null, added_at real not null, added_in integer not null,
        removed_at real, removed_in integer not null default 0,
        primary key (application, id)
    );
INSERT INTO "uploads" VALUES(100000000000000001,'7',100000000000000002,'notes.md','file',X'232047617264656E0A0A546865206F616B206973206F6C642E00FF',27,1,'',100000000000000004,'anna',1700000000.5,1,NULL,0);
CREATE INDEX questions_by_server on questions (server, "user");
CREATE INDEX feedback_by_server on feedback (server, "user");
CREATE INDEX uploads_by_server on uploads (application, server);
CREATE INDEX taught_by_server on taught (application, server);
CREATE INDEX handed_on_by_post on handed_on (application, post);
COMMIT;
PRAGMA user_version = 8;
