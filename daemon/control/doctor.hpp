// What `doctor` answers, for either role: the machine is looked at on a thread of the pool, and
// what only the loop knows comes to that. Those who ask meanwhile get the same answer. Loop thread
// only.
#pragma once

#include "daemon/checkup/checkup.hpp"
#include "daemon/control/node.hpp"
#include "daemon/io/alive.hpp"
#include "daemon/io/job.hpp"
#include "daemon/peer/peer.hpp"
#include "daemon/tracker/tracker.hpp"

namespace p2pd::control {

using checkup::Check;
using checkup::Checks;
using checkup::Health;

class Doctor final {
 public:
  Doctor(const Node& node, const tracker::Tracker& tracker);
  Doctor(const Node& node, peer::Peer& peer);

  void examine(const CallPtr& call);

 private:
  using PathsUser = std::function<void(std::vector<std::string>)>;
  struct Role { // what only the loop knows
    std::function<Checks()> checks;
    std::function<void(const PathsUser&)> known_paths;
  };

  void look(std::vector<std::string> paths);
  void answer(Checks checks);

  const Node& node_;
  const Role role_;
  std::vector<CallPtr> waiting_;
  io::Job looking_;
  io::Alive<Doctor> alive_{this};
};

} // namespace p2pd::control
