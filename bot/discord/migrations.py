"""How the tables came to be, step by step."""

from bot.discord.store import DatabaseError, Store, Transaction

MIGRATIONS = (
    """
    create table policies (
        channel integer primary key, server integer not null, mode text not null,
        reply text not null
    );
    create table recorded_servers (server integer primary key);
    create table questions (
        message integer primary key, server integer not null, channel integer not null,
        "user" integer not null, asked_at text not null, question text not null,
        verdict text not null, confidence real not null
    );
    create index questions_by_server on questions (server, "user");
    create table feedback (
        message integer not null, "user" integer not null, server integer not null,
        channel integer not null, is_helpful integer not null, comment text not null,
        given_at text not null,
        primary key (message, "user")
    );
    create index feedback_by_server on feedback (server, "user");
    create table synced (application integer primary key, payload_hash text not null);
    """,
    """
    create table leases (
        application integer not null, shard integer not null, shards integer not null,
        holder text not null, place text not null, expires_at real not null,
        primary key (application, shard)
    );
    """,
    # Two bots may be in one server. What was kept before is of application 0 until a bot of the
    # server claims it.
    """
    alter table policies rename to policies_before;
    create table policies (
        application integer not null, channel integer not null, server integer not null,
        mode text not null, reply text not null,
        primary key (application, channel)
    );
    insert into policies select 0, channel, server, mode, reply from policies_before;
    drop table policies_before;
    alter table recorded_servers rename to recorded_servers_before;
    create table recorded_servers (
        application integer not null, server integer not null,
        primary key (application, server)
    );
    insert into recorded_servers select 0, server from recorded_servers_before;
    drop table recorded_servers_before;
    alter table questions add column application integer not null default 0;
    alter table feedback add column application integer not null default 0;
    create table left_servers (
        application integer not null, server integer not null, days integer not null,
        counted_on integer not null,
        primary key (application, server)
    );
    """,
    """
    create table chosen_collections (
        application integer not null, server integer not null, channel integer not null,
        name text not null,
        primary key (application, server, channel)
    );
    """,
    """
    create table uploads (
        application integer not null, id text not null, server integer not null,
        name text not null, kind text not null, content blob not null, size integer not null,
        passages integer not null, link text not null, added_by integer not null,
        adder text not null, added_at real not null, added_in integer not null,
        removed_at real, removed_in integer not null default 0,
        primary key (application, id)
    );
    create index uploads_by_server on uploads (application, server);
    """,
    # What moderators teach, and questions that are handed on to people.
    """
    create table taught (
        application integer not null, id integer not null, server integer not null,
        question text not null, answer text not null, taught_by integer not null,
        name text not null, taught_at text not null, edited_at text not null, link text not null,
        primary key (application, id)
    );
    create index taught_by_server on taught (application, server);
    create table helpers (
        application integer not null, server integer not null, channel integer not null,
        role integer not null,
        primary key (application, server)
    );
    create table handed_on (
        application integer not null, message integer not null, server integer not null,
        channel integer not null, "user" integer not null, reply_to integer not null,
        question text not null, handed_at text not null, press integer not null,
        post_channel integer not null, post integer not null,
        closing integer not null, closed_by integer not null, closed_name text not null,
        primary key (application, message)
    );
    create index handed_on_by_post on handed_on (application, post);
    """,
    """
    create table server_policies (
        application integer not null, server integer not null, mode text not null,
        reply text not null,
        primary key (application, server)
    );
    create table record_days (
        application integer not null, server integer not null, days integer not null,
        primary key (application, server)
    );
    create table greeted_servers (
        application integer not null, server integer not null,
        primary key (application, server)
    );
    """,
    # A person's answer, until whoever asked was told.
    """
    alter table handed_on add column answer text not null default '';
    """,
    """
    create table server_languages (
        application integer not null, server integer not null, language text not null,
        primary key (application, server)
    );
    """,
)
"""The steps from an empty database to the present one; a step that was shipped never changes.

`user` is quoted since it is a word of PostgreSQL's own; to SQLite, that makes no difference.
"""


def migrate(store: Store) -> None:
    """Bring a database up to date, or leave it as it is: DatabaseError."""

    def done(transaction: Transaction) -> None:
        version = transaction.version()
        if version > len(MIGRATIONS):
            raise DatabaseError(
                f"{store.name}: was written by a newer version of Footnote; install that one"
            )
        for step in MIGRATIONS[version:]:
            for statement in filter(str.strip, step.split(";")):
                transaction.define(statement)
        transaction.set_version(len(MIGRATIONS))

    store.write(done, is_alone=True)
