// What p2pd has written, and which of it is to be removed.
#include "daemon/state/state_store.hpp"

#include "daemon/state/text_list.hpp"

namespace p2pd::state {

using proto::view;

void StateStore::withhold(const proto::ContentId& content) {
  Statement(database_, "DELETE FROM library WHERE content = ? AND NOT written", content).run();
  Statement(database_, "UPDATE library SET offered = 0 WHERE content = ?", content).run();
  unnamed_.insert(content);
}

void StateStore::withhold(const proto::ContentId& content, const std::string& path) {
  Statement(database_, "DELETE FROM library WHERE content = ? AND path = ? AND NOT written",
            content, view(path))
      .run();
  Statement(database_, "UPDATE library SET offered = 0 WHERE content = ? AND path = ?", content,
            view(path))
      .run();
  unnamed_.insert(content);
}

std::optional<proto::ContentId> StateStore::wrote(const std::string& path) {
  Statement row(database_,
                "SELECT content FROM library WHERE path = ?1 AND written"
                " AND NOT EXISTS (SELECT 1 FROM library WHERE path = ?1 AND claim)"
                " ORDER BY offered DESC, added DESC LIMIT 1",
                view(path));
  if (!row.next()) return std::nullopt;
  proto::ContentId content;
  row.id(0, content);
  return content;
}

void StateStore::set_origin(const std::string& path,
                            const std::optional<proto::PeerId>& publisher) {
  if (publisher)
    Statement(database_, "INSERT OR REPLACE INTO origins VALUES (?, ?)", view(path), *publisher)
        .run();
  else
    Statement(database_, "DELETE FROM origins WHERE path = ?", view(path)).run();
}

std::optional<proto::PeerId> StateStore::origin(const std::string& path) {
  Statement row(database_, "SELECT publisher FROM origins WHERE path = ?", view(path));
  if (!row.next()) return std::nullopt;
  proto::PeerId publisher;
  row.id(0, publisher);
  return publisher;
}

void StateStore::begin_finish(std::uint64_t transfer, const std::string& place) {
  drop_finish(transfer);
  Statement(database_,
            "INSERT INTO removals SELECT random(), ?, 0, path, content, only, 0, identities"
            " FROM library WHERE path = ? AND written ORDER BY offered DESC, added DESC LIMIT 1",
            transfer, view(place))
      .run();
  if (is_finishing(transfer)) return;
  Statement(database_, "INSERT INTO removals VALUES (random(), ?, 0, ?, ?, x'', 0, x'')", transfer,
            view(place), proto::ContentId())
      .run();
}

bool StateStore::is_finishing(std::uint64_t transfer) {
  return Statement(database_, "SELECT 1 FROM removals WHERE transfer = ? AND stage = 0", transfer)
      .next();
}

void StateStore::drop_finish(std::uint64_t transfer) {
  note_contents(
      {database_, "SELECT content FROM removals WHERE transfer = ? AND stage = 0", transfer});
  Statement(database_, "DELETE FROM removals WHERE transfer = ? AND stage = 0", transfer).run();
}

void StateStore::remove_replaced(std::uint64_t transfer) {
  Statement(database_, "UPDATE removals SET stage = 1 WHERE transfer = ? AND stage = 0", transfer)
      .run();
}

void StateStore::remove_part(std::uint64_t transfer, const std::string& place,
                             const proto::ContentId& content,
                             const std::vector<std::string>& only) {
  drop_finish(transfer);
  Statement(database_, "INSERT INTO removals VALUES (random(), ?, 1, ?, ?, ?, 1, x'')", transfer,
            view(place), content, view(joined_lines(only)))
      .run();
}

std::vector<RemovalRecord> StateStore::removals() {
  std::vector<RemovalRecord> records;
  for (Statement row(database_, "SELECT tag, transfer, stage, place, content, only, part"
                                " FROM removals WHERE stage > 0 ORDER BY transfer");
       row.next();) {
    RemovalRecord& record = records.emplace_back();
    record.tag = static_cast<std::uint64_t>(row.number(0));
    record.transfer = static_cast<std::uint64_t>(row.number(1));
    record.aside = row.number(2) == 2;
    record.place = row.text(3);
    row.id(4, record.content);
    record.only = split_lines(row.text(5));
    record.part = row.number(6) != 0;
  }
  return records;
}

std::vector<disk::Identity> StateStore::removal_identities(std::uint64_t tag) {
  Statement row(database_, "SELECT identities FROM removals WHERE tag = ?", tag);
  return row.next() ? identities_of(row.bytes(0)) : std::vector<disk::Identity>();
}

void StateStore::set_aside(std::uint64_t tag) {
  Statement(database_, "UPDATE removals SET stage = 2 WHERE tag = ?", tag).run();
}

void StateStore::set_kept(std::uint64_t transfer, const std::string& path) {
  Statement(database_, "UPDATE transfers SET kept = ? WHERE id = ?", view(path), transfer).run();
}

void StateStore::remove_removal(std::uint64_t tag) {
  note_contents({database_, "SELECT content FROM removals WHERE tag = ?", tag});
  Statement(database_, "DELETE FROM removals WHERE tag = ?", tag).run();
}

} // namespace p2pd::state
