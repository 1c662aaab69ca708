BEGIN TRANSACTION;
CREATE TABLE feedback (
        message integer not null, "user" integer not null, server integer not null,
        channel integer not null, is_helpful integer not null, comment text not null,
        given_at text not null,
        primary key (message, "user")
    );
INSERT INTO "feedback" VALUES(100000000000000005,100000000000000004,100000000000000002,100000000000000003,1,'thanks','2026-01-02T03:04:05+00:00');
CREATE TABLE policies (
        channel integer primary key, server integer not null, mode text not null,
        reply text not null
    );
INSERT INTO "policies" VALUES(100000000000000003,100000000000000002,'every','thread');
CREATE TABLE questions (
        message integer primary key, server integer not null, channel integer not null,
        "user" integer not null, asked_at text not null, question text not null,
        verdict text not null, confidence real not null
    );
INSERT INTO "questions" VALUES(100000000000000005,100000000000000002,100000000000000003,100000000000000004,'2026-01-02T03:04:05+00:00','Who planted the oak? 🌳','declined',0.25);
CREATE TABLE recorded_servers (server integer primary key);
INSERT INTO "recorded_servers" VALUES(100000000000000002);
CREATE TABLE synced (application integer primary key, payload_hash text not null);
INSERT INTO "synced" VALUES(100000000000000001,'0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f');
CREATE INDEX questions_by_server on questions (server, "user");
CREATE INDEX feedback_by_server on feedback (server, "user");
COMMIT;
PRAGMA user_version = 1;
