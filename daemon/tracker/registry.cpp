#include "daemon/tracker/registry.hpp"

namespace p2pd::tracker {

PeerInfo Registry::describe(const PeerId& id, const net::Session& asker) const {
  PeerInfo info = members_.at(id)->info();
  if (!asker.remote().loopback())
    std::erase_if(info.addresses, [](const proto::Address& address) {
      const auto literal = io::Endpoint::parse(address);
      return literal && literal->loopback();
    });
  return info;
}

proto::Publisher Registry::publisher(const PeerId& id) const {
  const auto member = members_.find(id);
  if (member == members_.end()) return {id, {}, {}};
  const PeerInfo info = member->second->info();
  return {id, info.name, info.addresses.empty() ? proto::Address() : info.addresses.front()};
}

std::vector<PeerId> Registry::find(std::string_view word) const {
  std::vector<PeerId> found;
  if (word.empty()) return found;
  for (const auto& [id, session] : members_) {
    const PeerInfo info = session->info();
    const bool addressed =
        std::find(info.addresses.begin(), info.addresses.end(), word) != info.addresses.end();
    if (info.name == word || addressed || to_text(id).starts_with(word)) found.push_back(id);
  }
  return found;
}

} // namespace p2pd::tracker
