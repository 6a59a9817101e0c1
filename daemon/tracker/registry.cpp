#include "daemon/tracker/registry.hpp"

namespace p2pd::tracker {

PeerInfo Registry::describe(const PeerId& id, const net::Session& asker) const {
  return members_.at(id)->info_for(asker);
}

proto::Publisher Registry::publisher(const PeerId& id) const {
  const auto member = members_.find(id);
  if (member == members_.end()) return {id, {}, {}};
  const PeerInfo& info = member->second->info();
  return {id, info.name, info.addresses.empty() ? proto::Address() : info.addresses.front()};
}

std::vector<PeerId> Registry::find(std::string_view word) const {
  std::vector<PeerId> found;
  for (const auto& [id, session] : members_)
    if (answers_to(session->info(), word)) found.push_back(id);
  return found;
}

} // namespace p2pd::tracker
