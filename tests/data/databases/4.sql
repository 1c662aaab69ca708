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
CREATE TABLE recorded_servers (
        application integer not null, server integer not null,
        primary key (application, server)
    );
INSERT INTO "recorded_servers" VALUES(100000000000000001,100000000000000002);
CREATE TABLE synced (application integer primary key, payload_hash text not null);
INSERT INTO "synced" VALUES(100000000000000001,'0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f');
CREATE INDEX questions_by_server on questions (server, "user");
CREATE INDEX feedback_by_server on feedback (server, "user");
COMMIT;
PRAGMA user_version = 4;
