// What is known about other nodes: trackers, peers, their names and bans.
#include "daemon/state/state_store.hpp"

#include "daemon/state/text_list.hpp"

namespace p2pd::state {

using proto::view;

void StateStore::put_tracker(const TrackerRecord& record) {
  Statement(database_,
            "INSERT INTO trackers VALUES (?, ?) ON CONFLICT (address) DO UPDATE SET"
            " id = excluded.id",
            record.address, record.id)
      .run();
}

void StateStore::replace_tracker(const proto::PeerId& id,
                                 const std::vector<std::string>& addresses) {
  remove_tracker(id);
  for (const std::string& address : addresses) {
    Statement(database_,
              "DELETE FROM trackers WHERE id = (SELECT id FROM trackers"
              " WHERE address = ? AND id <> ?)",
              address, id)
        .run();
    put_tracker({address, id});
  }
}

void StateStore::remove_tracker(const std::string& address) {
  Statement(database_, "DELETE FROM trackers WHERE address = ?", address).run();
}

void StateStore::remove_tracker(const proto::PeerId& id) {
  Statement(database_, "DELETE FROM trackers WHERE id = ?", id).run();
}

void StateStore::put_peer(const PeerRecord& record) {
  Statement(database_, "INSERT OR REPLACE INTO peers VALUES (?, ?, ?, ?)", record.id,
            view(record.name), joined_lines(record.addresses), record.seen)
      .run();
  Statement(database_, "DELETE FROM peers WHERE id IN (SELECT id FROM peers ORDER BY seen DESC"
                       " LIMIT -1 OFFSET 1000)")
      .run();
}

void StateStore::put_name(const NameRecord& record) {
  Statement(database_, "INSERT OR REPLACE INTO names VALUES (?, ?)", view(record.name), record.id)
      .run();
}

void StateStore::put_ban(const BanRecord& record) {
  Statement(database_, "INSERT OR REPLACE INTO bans VALUES (?, ?, ?, ?)", record.id, record.by,
            view(record.name), record.since)
      .run();
}

void StateStore::remove_ban(const proto::PeerId& id, const proto::PeerId& by) {
  Statement(database_, "DELETE FROM bans WHERE id = ? AND by = ?", id, by).run();
}

void StateStore::remove_bans(const proto::PeerId& id) {
  Statement(database_, "DELETE FROM bans WHERE id = ?", id).run();
}

} // namespace p2pd::state
