// Kicks, bans and unbans peers, at this tracker and, by pushing the bans, at all peers. A ban is
// durable before it takes effect. Loop thread only.
#pragma once

#include "daemon/state/state_db.hpp"
#include "daemon/tracker/tracker.hpp"

namespace p2pd::tracker {

class Moderator final {
 public:
  Moderator(net::SessionSet& sessions, state::StateDb& state, Tracker& tracker)
      : sessions_(sessions), state_(state), tracker_(tracker) {}
  Moderator(const Moderator&) = delete;
  Moderator& operator=(const Moderator&) = delete;

  void restore(const std::vector<state::BanRecord>& bans); // of an earlier run
  void kick(const PeerId& id);                             // ends its link; it may come back

  using Done = state::StateDb::Done;
  // Refused beyond BanList::max.
  void ban(const PeerId& id, const std::string& name, const Done& done);
  void lift(const PeerId& id, const Done& done);

 private:
  void push(const proto::Ban& change);

  net::SessionSet& sessions_;
  state::StateDb& state_;
  Tracker& tracker_;
};

} // namespace p2pd::tracker
