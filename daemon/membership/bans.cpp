#include "daemon/membership/bans.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>
#include <ctime>

namespace p2pd::membership {

void Bans::restore(const std::vector<state::BanRecord>& records) {
  for (const state::BanRecord& record : records) {
    by_tracker_[record.by].emplace(record.id, record.since);
    sessions_.ban(record.id);
  }
}

void Bans::take(const PeerId& tracker, const proto::Ban& message) {
  Ids ids;
  if (!message.whole) ids = by_tracker_[tracker];
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  for (const PeerId& id : message.banned) ids.emplace(id, now);
  for (const PeerId& id : message.lifted) ids.erase(id);
  if (ids.size() > message.banned.max) throw proto::Error("too many bans");
  replace(tracker, std::move(ids));
}

void Bans::forget(const PeerId& tracker) {
  replace(tracker, {});
  by_tracker_.erase(tracker);
}

void Bans::keep_those_of(const std::set<PeerId>& trackers) {
  std::vector<PeerId> others;
  for (const auto& [tracker, ids] : by_tracker_)
    if (!trackers.contains(tracker)) others.push_back(tracker);
  for (const PeerId& tracker : others) forget(tracker);
}

std::vector<Bans::Row> Bans::rows() const {
  std::vector<Row> rows;
  for (const auto& [tracker, ids] : by_tracker_)
    for (const auto& [id, since] : ids) rows.push_back({id, tracker, since});
  return rows;
}

void Bans::replace(const PeerId& tracker, Ids ids) {
  Ids& known = by_tracker_[tracker];
  std::vector<PeerId> fresh, lifted;
  for (auto& [id, since] : ids) {
    const auto before = known.find(id);
    if (before == known.end())
      fresh.push_back(id);
    else
      since = before->second;
  }
  for (const auto& [id, since] : known)
    if (!ids.contains(id)) lifted.push_back(id);
  if (fresh.empty() && lifted.empty()) return;
  known = std::move(ids);
  base::log::info("bans", "tracker {} has banned {} ids and lifted {} bans", to_text(tracker),
                  fresh.size(), lifted.size());
  for (const PeerId& id : fresh) sessions_.ban(id);
  for (const PeerId& id : lifted)
    if (!banned(id)) sessions_.lift_ban(id);
  state_.change(state::StateDb::Durable::yes,
                [tracker, fresh = std::move(fresh), lifted = std::move(lifted),
                 now = static_cast<std::int64_t>(std::time(nullptr))](state::StateStore& store) {
                  for (const PeerId& id : fresh) store.put_ban({id, tracker, "", now});
                  for (const PeerId& id : lifted) store.remove_ban(id, tracker);
                });
}

bool Bans::banned(const PeerId& id) const {
  return std::ranges::any_of(by_tracker_, [&](const auto& by) { return by.second.contains(id); });
}

} // namespace p2pd::membership
