// Whom the trackers of this peer have banned. An id is banned as long as one of them says so, also
// across restarts. Loop thread only. Bans are accepted from TrackerLink only, and only of trackers
// that a user configured or joined, not of discovered ones.
#pragma once

#include "daemon/net/session_set.hpp"
#include "daemon/state/state_db.hpp"

#include <map>
#include <set>
#include <vector>

namespace p2pd::membership {

using proto::PeerId;

class Bans final {
 public:
  Bans(net::SessionSet& sessions, state::StateDb& state) : sessions_(sessions), state_(state) {}
  Bans(const Bans&) = delete;
  Bans& operator=(const Bans&) = delete;

  void restore(const std::vector<state::BanRecord>& records);
  // Takes effect at once and is durable a little later: the tracker repeats it after a crash.
  // Throws proto::Error if one tracker bans more than a message can hold.
  void take(const PeerId& tracker, const proto::Ban& message);
  void forget(const PeerId& tracker); // lifts its bans
  // Lifts those of all others: trackers that this node no longer has, or that no user chose.
  void keep_those_of(const std::set<PeerId>& trackers);
  struct Row {
    PeerId id, by;
    std::int64_t since = 0; // seconds since 1970
  };
  std::vector<Row> rows() const;

 private:
  using Ids = std::map<PeerId, std::int64_t>; // and since when

  void replace(const PeerId& tracker, Ids ids);
  bool banned(const PeerId& id) const; // by any tracker

  net::SessionSet& sessions_;
  state::StateDb& state_;
  std::map<PeerId, Ids> by_tracker_;
};

} // namespace p2pd::membership
