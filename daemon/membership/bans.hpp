// Whom the trackers of this peer have banned. An id is out as long as one of them says so, across
// restarts too. Loop thread only. Only TrackerLink may pass bans on, and only of trackers that this
// node was told of: who is found by other means has no say.
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
  // In force when it returns, durable a little later: the tracker says it all again after a crash.
  // Throws proto::Error where one tracker bans more than a message holds.
  void take(const PeerId& tracker, const proto::Ban& message);
  void forget(const PeerId& tracker); // its bans are lifted
  // Those of others are lifted: they were told by a tracker that this node no longer has, or never
  // chose.
  void keep_those_of(const std::set<PeerId>& trackers);
  struct Row {
    PeerId id, by;
    std::int64_t since = 0; // seconds since 1970
  };
  std::vector<Row> rows() const;

 private:
  using Ids = std::map<PeerId, std::int64_t>; // since when

  void replace(const PeerId& tracker, Ids ids);
  bool banned(const PeerId& id) const; // by any of them

  net::SessionSet& sessions_;
  state::StateDb& state_;
  std::map<PeerId, Ids> by_tracker_;
};

} // namespace p2pd::membership
