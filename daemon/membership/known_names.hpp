// Who was the first to be known here by a node name, kept across restarts: names are free for
// everybody to take, so NAME@nas means the node that was called nas before any other was. There is
// room for 10,000 names of nodes that were met; what people have used is kept whatever comes.
// Loop thread only.
#pragma once

#include "daemon/state/state_db.hpp"

namespace p2pd::membership {

class KnownNames final {
 public:
  explicit KnownNames(state::StateDb& state) : state_(state) {}

  void restore(const std::vector<state::NameRecord>& names);
  std::optional<proto::PeerId> of(std::string_view name) const; // nothing where none was known
  void met(const std::string& name, const proto::PeerId& id);   // a node that calls itself so
  void meant(const std::string& name, const proto::PeerId& id); // the one that people meant by it

 private:
  void add(const std::string& name, const proto::PeerId& id);

  state::StateDb& state_;
  std::map<std::string, proto::PeerId, std::less<>> ids_;
};

} // namespace p2pd::membership
