#include "daemon/state/state_store.hpp"

#include "daemon/state/state_schema.hpp"
#include "daemon/state/text_list.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace p2pd::state {

namespace {

using proto::View;
using proto::view;

// In the byte order of this machine: the database stays on the machine that wrote it.
struct Stored { // of an Identity; the last change of all files is a column of its own
  std::uint64_t size;
  std::int64_t mtime_ns;
  std::uint64_t inode;
};
static_assert(sizeof(Stored) == 24 && std::is_trivially_copyable_v<Stored>);
static_assert(sizeof(disk::PartMark) == 48 && std::is_trivially_copyable_v<disk::PartMark>);

proto::Bytes stored(const std::vector<disk::Identity>& identities) {
  proto::Bytes bytes(identities.size() * sizeof(Stored));
  for (std::size_t i = 0; i < identities.size(); ++i) {
    const Stored one{identities[i].size, identities[i].mtime_ns, identities[i].inode};
    std::memcpy(bytes.data() + i * sizeof one, &one, sizeof one);
  }
  return bytes;
}

std::int64_t last_change(const std::vector<disk::Identity>& identities) {
  std::int64_t last = 0;
  for (const disk::Identity& identity : identities) last = std::max(last, identity.changed_ns);
  return last;
}

constexpr std::size_t most_of_manifests = 16 << 20;

proto::Bytes copy(View bytes) {
  return {bytes.begin(), bytes.end()};
}

} // namespace

std::vector<disk::Identity> identities_of(View bytes) {
  std::vector<disk::Identity> identities(bytes.size() / sizeof(Stored));
  for (std::size_t i = 0; i < identities.size(); ++i) {
    Stored one;
    std::memcpy(&one, bytes.data() + i * sizeof one, sizeof one);
    identities[i].size = one.size;
    identities[i].mtime_ns = one.mtime_ns;
    identities[i].inode = one.inode;
  }
  return identities;
}

void StateStore::note_contents(Statement rows) {
  proto::ContentId content;
  while (rows.next()) {
    rows.id(0, content);
    unnamed_.insert(content);
  }
}

namespace {

std::vector<LibraryRecord> library_of(Statement rows) {
  std::vector<LibraryRecord> records;
  while (rows.next()) {
    LibraryRecord& record = records.emplace_back();
    rows.id(0, record.content);
    record.path = rows.text(1);
    record.name = rows.text(2);
    record.claim = rows.number(3) != 0;
    record.size = static_cast<std::uint64_t>(rows.number(4));
    record.chunk_size = static_cast<std::uint32_t>(rows.number(5));
    record.added = rows.number(6);
    record.verified = rows.number(7);
    record.tree = rows.number(8) != 0;
    record.only = split_lines(rows.text(9));
    record.system = static_cast<std::uint64_t>(rows.number(10));
    record.written = rows.number(11) != 0;
  }
  return records;
}

} // namespace

StateStore::StateStore(const std::string& path) : database_(path) {
  database_.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                "PRAGMA journal_size_limit = 16777216;"
                "PRAGMA temp_store = MEMORY;"); // the sandbox allows no temporary files
  migrate(database_);
}

State StateStore::load() {
  State state;
  state.library = library();
  state.removals = removals();
  for (Statement row(database_,
                     "SELECT id, content, name, destination, path, state, over, size, done_bytes,"
                     " options, error, started, ended, hook, kept FROM transfers ORDER BY id");
       row.next();) {
    TransferRecord& record = state.transfers.emplace_back();
    record.id = static_cast<std::uint64_t>(row.number(0));
    row.id(1, record.content);
    record.name = row.text(2);
    record.destination = row.text(3);
    record.path = row.text(4);
    record.state = static_cast<std::uint8_t>(row.number(5));
    record.over = row.number(6) != 0;
    record.size = static_cast<std::uint64_t>(row.number(7));
    record.done_bytes = static_cast<std::uint64_t>(row.number(8));
    record.options = row.text(9);
    record.error = row.text(10);
    record.started = row.number(11);
    record.ended = row.number(12);
    record.hook = row.text(13);
    record.kept = row.text(14);
  }
  state.next_transfer = static_cast<std::uint64_t>(
      database_.number("SELECT seq + 1 FROM sqlite_sequence WHERE name = 'transfers'"));
  state.next_transfer = std::max<std::uint64_t>(state.next_transfer, 1);
  for (Statement row(database_, "SELECT address, id FROM trackers ORDER BY rowid"); row.next();) {
    TrackerRecord& record = state.trackers.emplace_back();
    record.address = row.text(0);
    if (!row.null(1)) row.id(1, record.id.emplace());
  }
  for (Statement row(database_, "SELECT id, name, addresses, seen FROM peers ORDER BY seen DESC");
       row.next();) {
    PeerRecord& record = state.peers.emplace_back();
    row.id(0, record.id);
    record.name = row.text(1);
    record.addresses = split_lines(row.text(2));
    record.seen = row.number(3);
  }
  for (Statement row(database_, "SELECT id, by, name, since FROM bans ORDER BY since");
       row.next();) {
    BanRecord& record = state.bans.emplace_back();
    row.id(0, record.id);
    row.id(1, record.by);
    record.name = row.text(2);
    record.since = row.number(3);
  }
  for (Statement row(database_, "SELECT name, id FROM names"); row.next();) {
    NameRecord& record = state.names.emplace_back();
    record.name = row.text(0);
    row.id(1, record.id);
  }
  for (Statement row(database_, "SELECT key, value FROM settings"); row.next();)
    state.values.emplace(row.text(0), copy(row.bytes(1)));
  return state;
}

void StateStore::put_manifest(const proto::ContentId& content, View manifest) {
  Statement(database_, "INSERT OR IGNORE INTO contents VALUES (?, ?)", content, manifest).run();
}

// Not as a column value, which SQLite would copy into its own memory.
std::shared_ptr<const proto::Bytes> StateStore::manifest(const proto::ContentId& content) {
  const auto size = manifest_size(content);
  if (!size) return nullptr;
  const auto manifest = std::make_shared<proto::Bytes>(*size);
  const std::array<proto::MutableView, 1> whole{*manifest};
  return read_manifest(content, 0, whole) ? manifest : nullptr;
}

std::optional<std::size_t> StateStore::manifest_size(const proto::ContentId& content) {
  Statement row(database_, "SELECT length(manifest) FROM contents WHERE id = ?", content);
  if (!row.next()) return std::nullopt;
  return static_cast<std::size_t>(row.number(0));
}

bool StateStore::read_manifest(const proto::ContentId& content, std::size_t offset,
                               std::span<const proto::MutableView> into) {
  Statement row(database_, "SELECT rowid FROM contents WHERE id = ?", content);
  if (!row.next()) return false;
  Blob manifest(database_, "contents", "manifest", row.number(0));
  for (const proto::MutableView part : into) {
    if (offset + part.size() > manifest.size()) return false;
    manifest.read(offset, part);
    offset += part.size();
  }
  return true;
}

void StateStore::put_library(const LibraryRecord& record,
                             const std::vector<disk::Identity>& identities, View manifest) {
  put_manifest(record.content, manifest);
  note_contents({database_, "SELECT content FROM library WHERE path = ? AND name = ?",
                 view(record.path), view(record.name)});
  if (record.claim)
    Statement(database_, "UPDATE library SET claim = 0 WHERE name = ? AND content <> ?",
              view(record.name), record.content)
        .run();
  Statement(database_,
            "INSERT OR REPLACE INTO library VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
            record.content, view(record.path), view(record.name), record.claim, record.size,
            record.chunk_size, record.added, record.verified, record.tree,
            view(joined_lines(record.only)), stored(identities), record.system, record.written,
            last_change(identities))
      .run();
}

std::vector<disk::Identity> StateStore::identities(const proto::ContentId& content,
                                                   const std::string& path) {
  Statement row(database_, "SELECT identities, changed FROM library WHERE content = ? AND path = ?",
                content, view(path));
  if (!row.next()) return {};
  std::vector<disk::Identity> identities = identities_of(row.bytes(0));
  for (disk::Identity& identity : identities) identity.changed_ns = row.number(1);
  return identities;
}

void StateStore::set_verified(const proto::ContentId& content, std::int64_t seconds) {
  Statement(database_, "UPDATE library SET verified = ? WHERE content = ?", seconds, content).run();
}

void StateStore::remove_library(const proto::ContentId& content) {
  Statement(database_, "DELETE FROM library WHERE content = ?", content).run();
  unnamed_.insert(content);
}

void StateStore::remove_library(const proto::ContentId& content, const std::string& path) {
  Statement(database_, "DELETE FROM library WHERE content = ? AND path = ?", content, view(path))
      .run();
  unnamed_.insert(content);
}

void StateStore::remove_others(const std::string& path, const proto::ContentId& content) {
  note_contents({database_, "SELECT content FROM library WHERE path = ? AND content <> ?",
                 view(path), content});
  Statement(database_, "DELETE FROM library WHERE path = ? AND content <> ?", view(path), content)
      .run();
}

std::vector<LibraryRecord> StateStore::library() {
  return library_of(Statement(database_,
                              "SELECT content, path, name, claim, size, chunk_size,"
                              " added, verified, tree, only, system, written FROM library"
                              " WHERE offered ORDER BY added, path, name"));
}

std::vector<LibraryRecord> StateStore::library(const proto::ContentId& content) {
  return library_of(
      Statement(database_,
                "SELECT content, path, name, claim, size, chunk_size, added,"
                " verified, tree, only, system, written FROM library WHERE content = ?"
                " AND offered ORDER BY added, path, name",
                content));
}

KnownFiles StateStore::known_files(LibraryRecord record) {
  KnownFiles known{std::move(record), {}, {}};
  known.identities = identities(known.record.content, known.record.path);
  if (known.record.tree) known.manifest = manifest(known.record.content);
  return known;
}

std::vector<KnownFiles> StateStore::known_files(std::deque<LibraryRecord>& records) {
  std::vector<KnownFiles> known; // with copies of the records: on failure all are still queued
  auto next = records.begin();
  for (std::size_t bytes = 0; next != records.end() && bytes < most_of_manifests; ++next) {
    known.push_back(known_files(*next));
    if (known.back().manifest) bytes += known.back().manifest->size();
  }
  records.erase(records.begin(), next);
  return known;
}

void StateStore::put_transfer(const TransferRecord& record) {
  Statement(database_,
            "INSERT INTO transfers (id, content, name, destination, path, state, over, size,"
            " done_bytes, options, error, started, ended, hook)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " content = excluded.content, name = excluded.name, destination = excluded.destination,"
            " path = excluded.path, state = excluded.state, over = excluded.over,"
            " size = excluded.size, done_bytes = excluded.done_bytes, options = excluded.options,"
            " error = excluded.error, started = excluded.started, ended = excluded.ended,"
            " hook = excluded.hook",
            record.id, record.content, view(record.name), view(record.destination),
            view(record.path), std::int64_t{record.state}, record.over, record.size,
            record.done_bytes, view(record.options), view(record.error), record.started,
            record.ended, view(record.hook))
      .run();
  if (!record.over) return;
  set_chunks(record.id, {});
  Statement(database_, "DELETE FROM transfers WHERE over AND id NOT IN (SELECT id FROM transfers"
                       " WHERE over ORDER BY ended DESC, id DESC LIMIT 1000)")
      .run();
  unnamed_.insert(record.content);
}

void StateStore::set_chunks(std::uint64_t transfer, View chunks, const disk::PartMark& mark) {
  Statement(database_, "UPDATE transfers SET chunks = ?, mark = ? WHERE id = ?", chunks,
            View(reinterpret_cast<const std::uint8_t*>(&mark), sizeof mark), transfer)
      .run();
}

proto::Bytes StateStore::chunks(std::uint64_t transfer) {
  Statement row(database_, "SELECT chunks FROM transfers WHERE id = ?", transfer);
  return row.next() ? copy(row.bytes(0)) : proto::Bytes();
}

disk::PartMark StateStore::mark(std::uint64_t transfer) {
  Statement row(database_, "SELECT mark FROM transfers WHERE id = ?", transfer);
  disk::PartMark mark;
  if (!row.next()) return mark;
  const View stored = row.bytes(0);
  if (stored.size() == sizeof mark) std::memcpy(&mark, stored.data(), sizeof mark);
  return mark;
}

void StateStore::remove_transfer(std::uint64_t id) {
  drop_finish(id);
  note_contents({database_, "SELECT content FROM transfers WHERE id = ?", id});
  Statement(database_, "DELETE FROM transfers WHERE id = ?", id).run();
}

void StateStore::set_value(const std::string& key, View value) {
  Statement(database_, "INSERT OR REPLACE INTO settings VALUES (?, ?)", key, value).run();
}

void StateStore::remove_value(const std::string& key) {
  Statement(database_, "DELETE FROM settings WHERE key = ?", key).run();
}

void StateStore::drop_unnamed(const proto::ContentId& content) {
  Statement(database_,
            "DELETE FROM contents WHERE id = ?1"
            " AND NOT EXISTS (SELECT 1 FROM library WHERE content = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM removals WHERE content = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM transfers WHERE content = ?1 AND NOT over)",
            content)
      .run();
}

// SQLite allows the change only between transactions.
void StateStore::begin(bool durable) {
  if (durable != full_)
    database_.run(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  full_ = durable;
  database_.run("BEGIN");
}

void StateStore::commit() {
  for (const proto::ContentId& content : unnamed_) drop_unnamed(content);
  database_.run("COMMIT");
  unnamed_.clear();
}

void StateStore::roll_back() noexcept {
  try {
    database_.run("ROLLBACK");
  } catch (const SqlError&) {
    // SQLite has already rolled back, as it does after some errors.
  }
}

void StateStore::begin_part() {
  database_.run("SAVEPOINT part");
}
void StateStore::end_part() {
  database_.run("RELEASE part");
}
void StateStore::roll_back_part() {
  database_.run("ROLLBACK TO part; RELEASE part");
}

} // namespace p2pd::state
