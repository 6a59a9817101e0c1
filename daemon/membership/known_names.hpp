// Which node first used each node name here, persisted: anybody can take any name, so NAME@nas
// means the node that was called nas first. At most 10,000 names of nodes that were met are kept;
// names that users have used are always kept. Loop thread only.
#pragma once

#include "daemon/state/state_db.hpp"

namespace p2pd::membership {

class KnownNames final {
 public:
  explicit KnownNames(state::StateDb& state) : state_(state) {}

  void restore(const std::vector<state::NameRecord>& names);
  std::optional<proto::PeerId> of(std::string_view name) const; // nothing: not known
  void met(const std::string& name, const proto::PeerId& id);   // a node with this name was met
  void meant(const std::string& name, const proto::PeerId& id); // a user meant this node

 private:
  void add(const std::string& name, const proto::PeerId& id);

  state::StateDb& state_;
  std::map<std::string, proto::PeerId, std::less<>> ids_;
};

} // namespace p2pd::membership
