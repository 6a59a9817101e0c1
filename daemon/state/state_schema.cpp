#include "daemon/state/state_schema.hpp"

#include <array>
#include <cerrno>
#include <fmt/core.h>

namespace p2pd::state {

namespace {

// Step i makes version i + 1 (PRAGMA user_version) out of version i. A step that was released is
// never changed; changes are further steps. Names and paths are bytes, not text.
constexpr std::array steps{
    R"(
CREATE TABLE contents (
  id       BLOB PRIMARY KEY,
  manifest BLOB NOT NULL
);
CREATE TABLE library (
  content    BLOB NOT NULL,
  path       BLOB NOT NULL,
  name       BLOB NOT NULL,
  claim      INTEGER NOT NULL,
  size       INTEGER NOT NULL,
  chunk_size INTEGER NOT NULL,
  added      INTEGER NOT NULL,
  verified   INTEGER NOT NULL,
  tree       INTEGER NOT NULL,
  only       BLOB NOT NULL,
  identities BLOB NOT NULL,
  PRIMARY KEY (path, name)
);
CREATE INDEX library_content ON library (content);
CREATE INDEX library_name ON library (name);
CREATE TABLE transfers (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  content     BLOB NOT NULL,
  name        BLOB NOT NULL,
  destination BLOB NOT NULL,
  path        BLOB NOT NULL,
  state       INTEGER NOT NULL,
  over        INTEGER NOT NULL,
  size        INTEGER NOT NULL,
  done_bytes  INTEGER NOT NULL,
  options     BLOB NOT NULL,
  error       BLOB NOT NULL,
  started     INTEGER NOT NULL,
  ended       INTEGER NOT NULL,
  chunks      BLOB NOT NULL DEFAULT x''
);
CREATE INDEX transfers_content ON transfers (content);
CREATE TABLE trackers (
  address TEXT PRIMARY KEY,
  id      BLOB
);
CREATE TABLE peers (
  id        BLOB PRIMARY KEY,
  name      BLOB NOT NULL,
  addresses TEXT NOT NULL,
  seen      INTEGER NOT NULL
);
CREATE INDEX peers_seen ON peers (seen);
CREATE TABLE bans (
  id    BLOB NOT NULL,
  by    BLOB NOT NULL,
  name  BLOB NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (id, by)
);
CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value BLOB NOT NULL
);
)",
    "ALTER TABLE transfers ADD COLUMN hook BLOB NOT NULL DEFAULT x'';",
    "ALTER TABLE transfers ADD COLUMN mark BLOB NOT NULL DEFAULT x'';",
    "ALTER TABLE library ADD COLUMN system INTEGER NOT NULL DEFAULT 0;",
    // A removal is pending (0) while its transfer finishes, then due (1), then set aside (2). A row
    // of the library that is not offered records what p2pd wrote there and others have changed.
    R"(
ALTER TABLE library ADD COLUMN written INTEGER NOT NULL DEFAULT 0;
UPDATE library SET written = NOT claim;
ALTER TABLE library ADD COLUMN offered INTEGER NOT NULL DEFAULT 1;
CREATE TABLE removals (
  tag        INTEGER PRIMARY KEY,
  transfer   INTEGER NOT NULL,
  stage      INTEGER NOT NULL,
  place      BLOB NOT NULL,
  content    BLOB NOT NULL,
  only       BLOB NOT NULL,
  part       INTEGER NOT NULL,
  identities BLOB NOT NULL
);
CREATE INDEX removals_content ON removals (content);
CREATE INDEX removals_transfer ON removals (transfer);
ALTER TABLE transfers ADD COLUMN kept BLOB NOT NULL DEFAULT x'';
)",
    "ALTER TABLE library ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;",
    // Whose claim led to what p2pd wrote at a path, and which node was first known by a name.
    R"(
CREATE TABLE origins (
  path      BLOB PRIMARY KEY,
  publisher BLOB NOT NULL
);
CREATE TABLE names (
  name BLOB PRIMARY KEY,
  id   BLOB NOT NULL
);
INSERT OR IGNORE INTO names SELECT name, id FROM peers WHERE name <> x'' ORDER BY seen;
)",
    // Lists whose texts may hold line feeds (text_list.hpp); until here a backslash was one.
    R"(
UPDATE library SET only = CAST(replace(CAST(only AS TEXT), '\', '\\') AS BLOB)
  WHERE instr(only, x'5c');
UPDATE removals SET only = CAST(replace(CAST(only AS TEXT), '\', '\\') AS BLOB)
  WHERE instr(only, x'5c');
UPDATE transfers SET options = CAST(replace(CAST(options AS TEXT), '\', '\\') AS BLOB)
  WHERE instr(options, x'5c');
UPDATE peers SET addresses = replace(addresses, '\', '\\');
)"};

} // namespace

int present_version() {
  return static_cast<int>(steps.size());
}

void migrate(Database& database) {
  const std::int64_t version = database.number("PRAGMA user_version");
  if (version > present_version())
    throw SqlError(disk::fault(
        EPROTO, fmt::format("the database {} was written by a newer p2pd (version "
                            "{}, this one knows {}); install that one again, or "
                            "move the file away to start anew",
                            disk::in_quotes(database.path()), version, present_version())));
  for (std::int64_t step = version; step < present_version(); ++step)
    database.run(fmt::format("BEGIN; {} PRAGMA user_version = {}; COMMIT;",
                             steps[static_cast<std::size_t>(step)], step + 1)
                     .c_str());
}

} // namespace p2pd::state
